// Figures of a period: what came of the cases, how long they took, and by what they differ. Each figure leads to its cases.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { lang, useLang } from '@shared/i18n';
import { Banner, Button, Check, Empty, LinkButton, Segmented, Spinner, Tabs, TextField } from '@shared/ui';
import { readAddress, writeAddress, type Shown } from './address';
import { groupsOf, loadSummary, summaryPath, type By, type FigureName, type Group, type Report, type TimeName } from './api';
import { Chart } from './chart';
import { CasesBehind } from './drill';
import { Figure, figureName, type LinkTo } from './figures';
import { t, type Key } from './messages';
import { before, isDate, rangeOf, stepOf, stepsOf, todayThere, type PeriodName, type Range } from './periods';
import { count, duration, nameOf, percent } from './words';
import { YearReport } from './year';
import './reports.css';

const GROUPED: By[] = ['county', 'channel', 'form', 'scenario', 'officer', 'hour', 'outcome', 'closing_code', 'ground'];
const OUTCOMES: FigureName[] = ['determined', 'agreed', 'on_scene', 'abandoned', 'declined', 'open'];
const CHART_GROUPS = 12;

export const rangeShown = (shown: Shown): Range =>
  (shown.period === 'custom' && shown.range) || rangeOf(shown.period === 'custom' ? 'month' : shown.period, todayThere());

export function Reports({ hash, onCase }: { hash: string; onCase: (id: string) => void }) {
  useLang();
  const shown = readAddress(hash);
  const go = (next: Partial<Shown>) => { location.hash = writeAddress({ ...shown, behind: null, listRange: null, ...next }); };
  const link = (range: Range): LinkTo => (behind) => writeAddress({ ...shown, behind, listRange: range });
  if (shown.behind) return <CasesBehind key={hash} behind={shown.behind} range={shown.listRange ?? rangeShown(shown)} back={writeAddress({ ...shown, behind: null, listRange: null })} onCase={onCase} />;
  if (shown.year !== null) return <YearReport key={shown.year} year={shown.year} go={(year) => go({ year })} back={writeAddress({ ...shown, year: null })} link={link} />;
  return <Period key={`${shown.period} ${shown.range?.from} ${shown.range?.to}`} shown={shown} go={go} link={link(rangeShown(shown))} />;
}

function Period({ shown, go, link }: { shown: Shown; go: (next: Partial<Shown>) => void; link: LinkTo }) {
  const range = rangeShown(shown);
  const step = stepOf(range);
  const [report, setReport] = useState<Report | null>(null);
  const [earlier, setEarlier] = useState<Report | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    setError(null);
    const wanted: By[] = step === 'hour' ? GROUPED : [step, ...GROUPED];
    loadSummary(range, wanted).then((one) => { if (!gone) setReport(one); }, (failure) => { if (!gone) setError(errorText(failure)); });
    return () => { gone = true; };
  }, [range.from, range.to, tries]);
  useEffect(() => {
    let gone = false;
    setEarlier(null);
    if (shown.compare) loadSummary(before(shown.period, range), []).then((one) => { if (!gone) setEarlier(one); }, () => undefined);
    return () => { gone = true; };
  }, [shown.compare, range.from, range.to]);
  return (
    <main class="reports" aria-busy={!report && !error}>
      <Bar shown={shown} range={range} go={go} wanted={step === 'hour' ? GROUPED : [step, ...GROUPED]} />
      {error && <Banner tone="bad" icon="warning" urgent action={<Button onClick={() => setTries(tries + 1)}>{t('again')}</Button>}>{error}</Banner>}
      {!report && !error && <p class="reports__loading"><Spinner />{t('loading')}</p>}
      {report && report.total.figures.cases === 0 && <Empty icon="queue"><span data-testid="reports-empty">{t('empty')}</span><br />{t('emptyHint')}</Empty>}
      {report && report.total.figures.cases > 0 && <>
        <Tiles report={report} earlier={shown.compare ? earlier : null} link={link} />
        <div class="reports__charts">
          <Course report={report} range={range} step={step} />
          {step !== 'hour' && <Hours report={report} link={link} />}
        </div>
        <Grouped report={report} by={GROUPED.includes(shown.by) ? shown.by : 'county'} onBy={(by) => go({ by })} link={link} />
        <p class="reports__through">{t('through', { n: count(report.through_seq) })}</p>
      </>}
    </main>
  );
}

function Bar({ shown, range, go, wanted }: { shown: Shown; range: Range; go: (next: Partial<Shown>) => void; wanted: By[] }) {
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const [wrong, setWrong] = useState(false);
  const apply = (event: Event) => {
    event.preventDefault();
    const good = isDate(from) && isDate(to) && from <= to;
    setWrong(!good);
    if (good) go({ period: 'custom', range: { from, to } });
  };
  const names: PeriodName[] = ['today', 'week', 'month', 'year', 'custom'];
  return (
    <header class="reports__bar">
      <h2 class="reports__title">{t('reports')}<span class="num" data-testid="reports-range">{range.from === range.to ? range.from : `${range.from} – ${range.to}`}</span></h2>
      <Segmented label={t('period')} value={shown.period} choices={names.map((one) => ({ value: one, text: t(one) }))} testid="reports-period"
        onValue={(value) => go({ period: value as PeriodName, range: value === 'custom' ? range : null })} />
      {shown.period === 'custom' && (
        <form class="reports__days" onSubmit={apply}>
          <TextField label={t('from')} type="date" value={from} onValue={setFrom} testid="reports-from" error={wrong ? t('wrongDates') : null} />
          <TextField label={t('to')} type="date" value={to} onValue={setTo} testid="reports-to" />
          <Button kind="primary" type="submit" testid="reports-show">{t('show')}</Button>
        </form>
      )}
      <Check checked={shown.compare} onChange={(compare) => go({ compare })} testid="reports-compare">{t('compare')}</Check>
      <div class="reports__tools">
        <LinkButton href={writeAddress({ ...shown, year: Number(range.to.slice(0, 4)) })} testid="reports-yearly">{t('yearly')}</LinkButton>
        <LinkButton href={summaryPath(range, wanted, { format: 'csv', language: lang.value === 'en' ? 'en' : 'zh' })} download={`report-${range.from}-${range.to}.csv`} testid="reports-csv">{t('csv')}</LinkButton>
        <Button testid="reports-print" onClick={() => window.print()}>{t('print')}</Button>
      </div>
    </header>
  );
}

/* ---- the whole ---- */

function Change({ now, then }: { now: number; then: number | undefined }) {
  if (then === undefined) return null;
  const by = Math.abs(now - then);
  return <span class="tile__change">{by === 0 ? t('same') : t(now > then ? 'upBy' : 'downBy', { n: count(by) })}</span>;
}

function Tiles({ report, earlier, link }: { report: Report; earlier: Report | null; link: LinkTo }) {
  const { figures, times, shots, people } = report.total;
  const then = earlier?.total.figures;
  const tile = (figure: FigureName, of: FigureName | null) => (
    <div class="tile" key={figure}>
      <dt>{figureName(figure)}</dt>
      <dd>
        <Figure n={figures[figure]} behind={{ figure }} link={link} what={figureName(figure)} class="tile__n" testid={`figure-${figure}`} />
        {of && <span class="tile__rest">{t('of', { what: figureName(of) })} {percent(figures[figure], figures[of])}</span>}
        <Change now={figures[figure]} then={then?.[figure]} />
      </dd>
    </div>
  );
  return (
    <div class="tiles">
      <section aria-labelledby="tiles-a"><h3 id="tiles-a">{t('outcomes')}</h3><dl class="tiles__row">
        {tile('cases', null)}{tile('remote', 'cases')}{OUTCOMES.map((one) => tile(one, 'cases'))}
      </dl></section>
      <section aria-labelledby="tiles-b"><h3 id="tiles-b">{t('times')}</h3><dl class="tiles__row">
        {(['answer', 'clear', 'close'] as TimeName[]).map((one) => <TimeTile key={one} name={one} report={report} earlier={earlier} link={link} figure={times[one]} />)}
      </dl></section>
      <section aria-labelledby="tiles-c"><h3 id="tiles-c">{t('quality')}</h3><dl class="tiles__row">
        {tile('review_asked', 'determined')}{tile('review_overturned', 'review_concluded')}{tile('shots_complete', 'shots_listed')}{tile('recorded', 'called')}{tile('with_gaps', 'called')}
        <div class="tile"><dt>{t('shots')}</dt><dd><span class="tile__n num">{percent(shots.taken, shots.asked)}</span><span class="tile__rest num">{count(shots.taken)} / {count(shots.asked)}</span></dd></div>
        <div class="tile"><dt>{t('people')}</dt><dd><span class="tile__n num">{percent(people.recorded, people.called)}</span><span class="tile__rest num">{count(people.recorded)} / {count(people.called)}</span></dd></div>
      </dl></section>
    </div>
  );
}

const TIME_FIGURES: Record<TimeName, [FigureName, FigureName]> = { answer: ['answered', 'answered_in_time'], clear: ['cleared', 'cleared_in_time'], close: ['ended', 'ended_in_time'] };

function TimeTile({ name, figure, earlier, link }: { name: TimeName; report: Report; figure: Group['times'][TimeName]; earlier: Report | null; link: LinkTo }) {
  const [all, inTime] = TIME_FIGURES[name];
  const then = earlier?.total.times[name];
  return (
    <div class="tile tile--time">
      <dt>{t(name)} <small>{t('target', { time: duration(figure.target_s) })}</small></dt>
      <dd>
        <span class="tile__n num" data-testid={`time-${name}`}>{duration(figure.median_s)}</span>
        <span class="tile__rest">{t('median')} · {t('p90')} <span class="num">{duration(figure.p90_s)}</span></span>
        <span class="tile__rest">{t('onTarget')} <Figure n={figure.within} behind={{ figure: inTime }} link={link} what={figureName(inTime)} testid={`figure-${inTime}`} /> / <Figure n={figure.count} behind={{ figure: all }} link={link} what={figureName(all)} testid={`figure-${all}`} /> · {percent(figure.within, figure.count)}</span>
        {then && <span class="tile__change">{t('before')} <span class="num">{duration(then.median_s)} · {percent(then.within, then.count)}</span></span>}
      </dd>
    </div>
  );
}

/* ---- over time ---- */

function Course({ report, range, step }: { report: Report; range: Range; step: ReturnType<typeof stepOf> }) {
  const groups = new Map(groupsOf(report, step).map((one) => [one.key, one.figures]));
  const steps = stepsOf(range, step);
  const values = (figure: FigureName) => steps.map((one) => groups.get(one)?.[figure] ?? 0);
  const all = values('cases');
  const most = all.indexOf(Math.max(...all));
  const short = (key: string) => (step === 'hour' ? String(Number(key)) : step === 'month' ? key : key.slice(5));
  return <Chart title={t('course')} testid="chart-course"
    says={t('courseSays', { n: count(report.total.figures.cases), most: nameOf(step, steps[most] ?? '', null), max: count(all[most] ?? 0) })}
    data={{ labels: steps.map(short), series: [{ label: t('cases'), values: all, faint: true }, { label: t('remote'), values: values('remote') }] }} />;
}

function Hours({ report, link }: { report: Report; link: LinkTo }) {
  const groups = new Map(groupsOf(report, 'hour').map((one) => [one.key, one.figures.cases]));
  const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  const all = hours.map((one) => groups.get(one) ?? 0);
  const most = all.indexOf(Math.max(...all));
  return <Chart title={t('hours')} testid="chart-hours" says={t('courseSays', { n: count(report.total.figures.cases), most: nameOf('hour', hours[most]!, null), max: count(all[most]!) })}
    data={{ labels: hours.map((one) => String(Number(one))), series: [{ label: t('cases'), values: all }], onPick: (place) => { if (all[place]) location.hash = link({ figure: 'cases', by: 'hour', key: hours[place]! }); } }} />;
}

/* ---- broken down ---- */

function Grouped({ report, by, onBy, link }: { report: Report; by: By; onBy: (by: By) => void; link: LinkTo }) {
  const groups = groupsOf(report, by);
  const charted = groups.slice(0, by === 'hour' ? 24 : CHART_GROUPS);
  const names = charted.map((one) => nameOf(by, one.key, one.title));
  return (
    <section class="grouped" aria-labelledby="grouped">
      <h3 id="grouped" class="visually-hidden">{t('byWhat')}</h3>
      <Tabs label={t('byWhat')} value={by} panelId="grouped-panel" onValue={(value) => onBy(value as By)}
        tabs={GROUPED.map((one) => ({ value: one, text: t(one as Key), testid: `by-${one}` }))} />
      <div id="grouped-panel" role="tabpanel" aria-label={t('groups', { what: t(by as Key) })} class="grouped__panel">
        <Chart title={t('groups', { what: t(by as Key) })} testid="chart-groups"
          says={charted.map((one, place) => t('item', { name: names[place]!, n: count(one.figures.cases) })).join(t('and'))}
          data={{ labels: names, series: [{ label: t('cases'), values: charted.map((one) => one.figures.cases), faint: true }, { label: t('remote'), values: charted.map((one) => one.figures.remote) }],
            onPick: (place) => { const one = charted[place]; if (one) location.hash = link({ figure: 'cases', by, key: one.key }); } }} />
        <GroupTable report={report} by={by} groups={groups} link={link} />
      </div>
    </section>
  );
}

function GroupTable({ report, by, groups, link }: { report: Report; by: By; groups: Group[]; link: LinkTo }) {
  const cell = (one: Group, figure: FigureName) => {
    const name = nameOf(by, one.key, one.title);
    return <td class="num"><Figure n={one.figures[figure]} behind={{ figure, by, key: one.key }} link={link} what={`${name} ${figureName(figure)}`} testid={`cell-${one.key || 'none'}-${figure}`} /></td>;
  };
  return (
    <div class="grouped__scroll" tabIndex={0} role="region" aria-label={t('table')}>
      <table class="grouped__table" data-testid="group-table">
        <thead><tr>
          <th scope="col">{t(by as Key)}</th>
          {(['cases'] as const).map((one) => <th key={one} scope="col" class="num">{figureName(one)}</th>)}
          <th scope="col" class="num">{t('share')}</th>
          {(['remote', 'on_scene', 'abandoned', 'review_overturned'] as const).map((one) => <th key={one} scope="col" class="num">{figureName(one)}</th>)}
          {(['answer', 'clear', 'close'] as TimeName[]).map((one) => <th key={one} scope="col" class="num">{t(one)}<small>{t('median')} · {t('onTarget')}</small></th>)}
        </tr></thead>
        <tbody>{groups.map((one) => (
          <tr key={one.key}>
            <th scope="row">{nameOf(by, one.key, one.title)}</th>
            {cell(one, 'cases')}
            <td class="num">{percent(one.figures.cases, report.total.figures.cases)}</td>
            {cell(one, 'remote')}{cell(one, 'on_scene')}{cell(one, 'abandoned')}{cell(one, 'review_overturned')}
            {(['answer', 'clear', 'close'] as TimeName[]).map((time) => <td key={time} class="num">{duration(one.times[time].median_s)}<small>{percent(one.times[time].within, one.times[time].count)}</small></td>)}
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
