// A chart with its words: what it shows is said to those who can't see it, and the numbers are in the table that goes with it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Plot, PlotData } from './plot';
import { t } from './messages';

export function Chart({ title, says, data, testid }: { title: string; says: string; data: PlotData; testid?: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<Plot | null>(null);
  const newest = useRef(data);
  const [failed, setFailed] = useState(false);
  newest.current = data;
  useEffect(() => {
    let gone = false;
    import('./plot').then(({ Plot: Drawn }) => { if (!gone && box.current) plot.current = new Drawn(box.current, newest.current); }, () => setFailed(true));
    return () => { gone = true; plot.current?.close(); plot.current = null; };
  }, []);
  useEffect(() => { plot.current?.show(data); }, [JSON.stringify([data.labels, data.series])]);
  return (
    <figure class="chart" data-testid={testid}>
      <figcaption>
        <span>{title}</span>
        {data.series.length > 1 && <span class="chart__key" aria-hidden="true">{data.series.map((one) => <span key={one.label} class={one.faint ? 'is-faint' : ''}><i />{one.label}</span>)}</span>}
      </figcaption>
      <div class="chart__box" role="img" aria-label={`${title}${t('colon')}${says}`} ref={box} />
      {failed && <p class="chart__failed">{t('noChart')}</p>}
    </figure>
  );
}
