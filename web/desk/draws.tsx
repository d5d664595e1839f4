// On a supervisor's board: how cases came to their seats by lot, each drawn again here; and what is committed to next.
import { useEffect, useState } from 'preact/hooks';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import { timeOfDay } from '@shared/time';
import type { Draw, NextDraw } from '@shared/types';
import { Button, Empty, Pill } from '@shared/ui';
import { isRight } from './lot';
import { t } from './messages';
import type { Room } from './room';

const PAGE = 10;
const OUTCOME = { accepted: 'lotAccepted', declined: 'lotDeclined', lapsed: 'lotLapsed', withdrawn: 'lotWithdrawn' } as const;

export function DrawBoard({ room }: { room: Room }) {
  const { drawNews, config } = useStore(room);
  const [draws, setDraws] = useState<Draw[]>([]);
  const [next, setNext] = useState<NextDraw['next']>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const load = async () => {
    const [page, coming] = await Promise.all([api.draws({ limit: String(PAGE) }), api.nextDraw()]);
    setDraws(page.items); setCursor(page.next_cursor); setNext(coming.next);
  };
  const more = async () => {
    const page = await api.draws({ limit: String(PAGE), cursor: cursor ?? '' });
    setDraws([...draws, ...page.items]); setCursor(page.next_cursor);
  };
  useEffect(() => { void load().catch(() => undefined); }, [drawNews]);
  if (config?.assignment !== 'draw' && draws.length === 0) return null;
  return (
    <section class="board__part" data-testid="draws">
      <h2>{t('lots')}</h2>
      {next && <p class="lot__next">{t('lotNext', { n: next.number })} <code class="num" data-testid="commitment">{next.commitment}</code></p>}
      {draws.length === 0 ? <Empty icon="queue">{t('lotNone')}</Empty> : <DrawTable draws={draws} />}
      {cursor && <Button size="s" testid="more-draws" onClick={() => void more().catch(() => undefined)}>{t('lotMore')}</Button>}
    </section>
  );
}

function DrawTable({ draws }: { draws: Draw[] }) {
  return (
    <table class="table">
      <thead><tr><th scope="col">{t('lotNumber')}</th><th scope="col">{t('lotAt')}</th><th scope="col">{t('lotCase')}</th><th scope="col">{t('lotAmong')}</th><th scope="col">{t('lotChosen')}</th><th scope="col">{t('lotCheck')}</th></tr></thead>
      <tbody>
        {draws.map((draw) => (
          <tr key={draw.number} data-testid="draw" data-number={draw.number}>
            <td class="num">{draw.number}</td><td class="num">{timeOfDay(draw.drawn_at)}</td><th scope="row" class="num">{draw.case_number}</th>
            <td><span title={draw.candidates.map((one) => one.name).join(' · ')}>{t('lotCount', { n: draw.candidates.length })}</span></td>
            <td>{draw.chosen.name} <Outcome draw={draw} /></td>
            <td><Checked draw={draw} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Outcome({ draw }: { draw: Draw }) {
  if (!draw.outcome) return <Pill tone="warn">{t('lotAsked')}</Pill>;
  return <Pill {...(draw.outcome === 'accepted' ? { tone: 'ok' as const } : {})}>{t(OUTCOME[draw.outcome])}</Pill>;
}

function Checked({ draw }: { draw: Draw }) {
  const [right, setRight] = useState<boolean | null>(null);
  useEffect(() => { let stale = false; void isRight(draw).then((found) => { if (!stale) setRight(found); }, () => setRight(false)); return () => { stale = true; }; }, [draw]);
  if (right === null) return null;
  return right ? <Pill tone="ok" icon="check" testid="draw-right">{t('lotRight')}</Pill> : <Pill tone="bad" icon="cross" testid="draw-wrong">{t('lotWrong')}</Pill>;
}
