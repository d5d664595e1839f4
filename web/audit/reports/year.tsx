// The year as a work report: prose whose figures lead to their cases, the counties as a table, the months as a chart.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { Banner, Button, Empty, LinkButton, Select, Spinner } from '@shared/ui';
import { groupsOf, loadYear, yearPath, type FigureName, type Part, type Year } from './api';
import { Chart } from './chart';
import { Figure, figureName, type LinkTo } from './figures';
import { t } from './messages';
import { todayThere, type Range } from './periods';
import { count, nameOf, percent } from './words';

const rangeOfYear = (year: number): Range => ({ from: `${year}-01-01`, to: `${year}-12-31` });
const COLUMNS: FigureName[] = ['cases', 'remote', 'determined', 'agreed', 'on_scene', 'abandoned', 'review_asked', 'review_overturned'];

export function YearReport({ year, go, back, link }: { year: number; go: (year: number) => void; back: string; link: (range: Range) => LinkTo }) {
  const language = useLang();
  const [report, setReport] = useState<Year | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let gone = false;
    setError(null);
    loadYear(year).then((one) => { if (!gone) setReport(one); }, (failure) => { if (!gone) setError(errorText(failure)); });
    return () => { gone = true; };
  }, [year, tries]);
  const newest = Number(todayThere().slice(0, 4));
  const years = Array.from({ length: 6 }, (_, place) => newest - place);
  const prose = report && (language === 'en' ? report.en : report.zh);
  return (
    <main class="reports" aria-busy={!report && !error}>
      <header class="reports__bar">
        <LinkButton href={back} testid="reports-back">{t('back')}</LinkButton>
        <Select label={t('yearOf')} value={String(year)} onValue={(value) => go(Number(value))} testid="year-choose"
          choices={[...new Set([...years, year])].map((one) => ({ value: String(one), text: String(one) }))} />
        <div class="reports__tools">
          <LinkButton href={yearPath(year, 'pdf')} download={`report-${year}.pdf`} testid="year-pdf">{t('pdf')}</LinkButton>
          <Button testid="year-print" onClick={() => window.print()}>{t('print')}</Button>
        </div>
      </header>
      {error && <Banner tone="bad" icon="warning" urgent action={<Button onClick={() => setTries(tries + 1)}>{t('again')}</Button>}>{error}</Banner>}
      {!report && !error && <p class="reports__loading"><Spinner />{t('loading')}</p>}
      {report && prose && (
        <article class="prose" data-testid="year-report">
          <h2>{prose.title}</h2>
          {report.now.total.figures.cases === 0 && <Empty icon="queue">{t('yearEmpty', { year })}</Empty>}
          {prose.paragraphs.map((paragraph, place) => (paragraph.heading
            ? <h3 key={place}>{paragraph.parts.map((part) => part.text).join('')}</h3>
            : <p key={place}>{paragraph.parts.map((part, at) => <Words key={at} part={part} year={year} link={link} />)}</p>))}
          {report.now.total.figures.cases > 0 && <><Months report={report} /><Counties report={report} link={link(rangeOfYear(year))} /></>}
        </article>
      )}
    </main>
  );
}

function Words({ part, year, link }: { part: Part; year: number; link: (range: Range) => LinkTo }) {
  if (!part.figure || part.text === '0') return <>{part.text}</>;
  const href = link(rangeOfYear(part.before ? year - 1 : year))({ figure: part.figure, by: part.by, key: part.key });
  return <a class="figure num" href={href} aria-label={t('figures', { what: figureName(part.figure), n: part.text })}
    data-testid={`prose-${part.before ? 'before-' : ''}${part.figure}${part.key !== undefined ? `-${part.key}` : ''}`}>{part.text}</a>;
}

function Months({ report }: { report: Year }) {
  const months = Array.from({ length: 12 }, (_, month) => String(month + 1).padStart(2, '0'));
  const values = (of: Year['now'], year: number) => {
    const groups = new Map(groupsOf(of, 'month').map((one) => [one.key, one.figures.cases]));
    return months.map((month) => groups.get(`${year}-${month}`) ?? 0);
  };
  const now = values(report.now, report.year), earlier = values(report.before, report.year - 1);
  const compared = report.before.total.figures.cases > 0;
  const most = now.indexOf(Math.max(...now));
  return <Chart title={t('byMonth')} testid="chart-months" says={t('courseSays', { n: count(report.now.total.figures.cases), most: t('monthOf', { m: most + 1 }), max: count(now[most]!) })}
    data={{ labels: months.map((month) => t('monthOf', { m: Number(month) })),
      series: [{ label: String(report.year), values: now }, ...(compared ? [{ label: String(report.year - 1), values: earlier, faint: true, line: true }] : [])] }} />;
}

function Counties({ report, link }: { report: Year; link: LinkTo }) {
  const earlier = new Map(groupsOf(report.before, 'county').map((one) => [one.key, one.figures.cases]));
  const compared = report.before.total.figures.cases > 0;
  return (
    <div class="grouped__scroll" tabIndex={0} role="region" aria-label={t('table')}>
      <table class="grouped__table" data-testid="year-counties">
        <thead><tr>
          <th scope="col">{t('county')}</th>{COLUMNS.map((one) => <th key={one} scope="col" class="num">{figureName(one)}</th>)}
          <th scope="col" class="num">{figureName('remote')} · {t('share')}</th>{compared && <th scope="col" class="num">{report.year - 1}</th>}
        </tr></thead>
        <tbody>{groupsOf(report.now, 'county').map((one) => {
          const name = nameOf('county', one.key, one.title);
          return (
            <tr key={one.key}>
              <th scope="row">{name}</th>
              {COLUMNS.map((figure) => <td key={figure} class="num"><Figure n={one.figures[figure]} behind={{ figure, by: 'county', key: one.key }} link={link} what={`${name} ${figureName(figure)}`} /></td>)}
              <td class="num">{percent(one.figures.remote, one.figures.cases)}</td>
              {compared && <td class="num">{count(earlier.get(one.key) ?? 0)}</td>}
            </tr>
          );
        })}</tbody>
      </table>
    </div>
  );
}
