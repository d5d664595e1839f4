// The cases behind a figure: as many as it says.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { dayAndTime } from '@shared/time';
import { Banner, Button, Empty, LinkButton, Pill, Spinner, type Tone } from '@shared/ui';
import { groupsOf, loadCases, loadSummary, type Behind, type Outcome, type ReportCase } from './api';
import { figureName } from './figures';
import { t, type Key } from './messages';
import type { Range } from './periods';
import { count, duration, nameOf } from './words';

const TONES: Record<Outcome, Tone> = { determined: 'ok', agreed: 'ok', on_scene: 'warn', abandoned: 'warn', declined: 'warn', open: 'brand' };
const title = (of: ReportCase['county']) => (of ? nameOf('county', of.key, of.title) : t('none'));

export function CasesBehind({ behind, range, back, onCase }: { behind: Behind; range: Range; back: string; onCase: (id: string) => void }) {
  useLang();
  const [found, setFound] = useState<{ items: ReportCase[]; next: string | null } | null>(null);
  const [whole, setWhole] = useState<{ n: number; name: string | null } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const find = async (cursor?: string) => {
    setError(null);
    try {
      const page = await loadCases(range, behind, cursor);
      setFound((now) => ({ items: cursor && now ? [...now.items, ...page.items] : page.items, next: page.next_cursor }));
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  useEffect(() => {
    void find();
    loadSummary(range, behind.by ? [behind.by] : []).then((report) => {
      const group = behind.by ? groupsOf(report, behind.by).find((one) => one.key === behind.key) : report.total;
      setWhole({ n: group?.figures[behind.figure] ?? 0, name: behind.by ? nameOf(behind.by, behind.key ?? '', group?.title ?? null) : null });
    }, () => undefined);
  }, []);
  return (
    <main class="reports">
      <header class="reports__bar">
        <LinkButton href={back} testid="reports-back">{t('back')}</LinkButton>
        <h2 class="reports__title">{figureName(behind.figure)}{whole?.name && <> · {whole.name}</>}<span class="num">{range.from === range.to ? range.from : `${range.from} – ${range.to}`}</span></h2>
      </header>
      {error && <Banner tone="bad" icon="warning" urgent action={<Button onClick={() => void find()}>{t('again')}</Button>}>{error}</Banner>}
      {!found && !error && <Spinner />}
      {found && whole && <p role="status" data-testid="behind-count">{t('listed', { n: count(found.items.length), all: count(whole.n) })}</p>}
      {found && (found.items.length === 0 ? <Empty icon="queue">{t('noCases')}</Empty> : <Table items={found.items} onCase={onCase} />)}
      {found?.next && <div><Button testid="behind-more" onClick={() => void find(found.next!)}>{t('more')}</Button></div>}
    </main>
  );
}

function Table({ items, onCase }: { items: ReportCase[]; onCase: (id: string) => void }) {
  return (
    <div class="grouped__scroll" tabIndex={0} role="region" aria-label={t('table')}>
      <table class="grouped__table">
        <thead><tr>{(['number', 'when', 'outcome', 'county', 'channel', 'form', 'officer', 'answer', 'clear', 'close'] as Key[]).map((one) => <th key={one} scope="col">{t(one)}</th>)}</tr></thead>
        <tbody>{items.map((one) => (
          <tr key={one.id} data-testid="behind-case" data-case={one.id}>
            <th scope="row"><button type="button" class="link num" onClick={() => onCase(one.id)}>{one.number}</button></th>
            <td class="num">{dayAndTime(one.opened_at)}</td>
            <td><Pill tone={TONES[one.outcome]}>{t(one.outcome)}</Pill></td>
            <td>{title(one.county)}</td><td>{title(one.channel)}</td><td>{title(one.form)}</td><td>{title(one.officer)}</td>
            <td class="num">{duration(one.answer_s)}</td><td class="num">{duration(one.clear_s)}</td><td class="num">{duration(one.close_s)}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
