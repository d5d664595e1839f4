// Finding a case by anything: one field that understands what is typed, filters beside it, and why each case was found.
// What is asked stands in the address, so that it can be sent, kept and gone back to.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { pick, useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { CaseFound, CaseList, CaseState, CaseSummary, Codes } from '@shared/types';
import { Banner, Button, Empty, Pill, Select, Spinner, TextField } from '@shared/ui';
import { messages, t } from './search_messages';

const STATES: CaseState[] = ['waiting', 'in_call', 'evidence_fixed', 'determined', 'agreed', 'served', 'closed', 'on_scene', 'abandoned', 'expired', 'reopened'];
const FIELDS = ['q', 'state', 'county', 'accident_form', 'closing_code', 'outcome', 'review', 'decision', 'from', 'to'] as const;
type Asked = Partial<Record<(typeof FIELDS)[number], string>>;

export function askedIn(hash: string): Asked {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  return Object.fromEntries(FIELDS.flatMap((name) => (said.get(name) ? [[name, said.get(name)!]] : [])));
}
export function hashOf(asked: Asked): string {
  return new URLSearchParams(FIELDS.flatMap((name) => (asked[name]?.trim() ? [[name, asked[name]!.trim()]] : []))).toString();
}

/** A day in China, as the service wants it. */
const moment = (day: string | undefined, end: boolean) => {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00+08:00`);
  return new Date(at.getTime() + (end ? 86_400_000 : 0)).toISOString();
};

export function Search({ onOpen }: { onOpen: (id: string) => void }) {
  useLang();
  const [asked, setAsked] = useState<Asked>(() => askedIn(location.hash));
  const [found, setFound] = useState<CaseList | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [codes, setCodes] = useState<Codes | null>(null);
  const turn = useRef(0);
  const set = (name: keyof Asked, value: string) => { const next = { ...asked, [name]: value }; setAsked(next); if (name !== 'q') void find(next); };
  const find = async (what: Asked, cursor?: string) => {
    const mine = (turn.current += 1);
    setError(null);
    if (!cursor) history.replaceState(null, '', `${location.pathname}${location.search}#${hashOf(what)}`);
    try {
      const page = await api.listCases({ ...what, q: what.q?.trim(), from: moment(what.from, false), to: moment(what.to, true), limit: '50', cursor });
      if (mine !== turn.current) return;
      setFound((before) => (cursor && before ? { ...page, total: before.total, items: [...before.items, ...page.items], found: { ...before.found, ...page.found } } : page));
    } catch (failure) {
      if (mine === turn.current) setError(errorText(failure));
    }
  };
  useEffect(() => { void find(asked); void api.codes().then(setCodes, () => undefined); }, []);
  const choices = (list: { code: string; zh: string; en: string }[] | undefined) => (list ?? []).map((one) => ({ value: one.code, text: pick(one) }));
  const words = (names: string[]) => names.map((value) => ({ value, text: t(value as keyof typeof messages.zh) }));
  const filtered = FIELDS.some((name) => name !== 'q' && asked[name]);
  return (
    <main class="search">
      <form class="search__form" role="search" aria-label={t('label')} onSubmit={(event) => { event.preventDefault(); void find(asked); }}>
        <TextField label={t('label')} hint={t('hint')} value={asked.q ?? ''} onValue={(q) => set('q', q)} type="search" testid="audit-search" autofocus fieldClass="search__q" />
        <Button kind="primary" type="submit" testid="audit-find">{t('find')}</Button>
      </form>
      <fieldset class="search__filters">
        <legend class="visually-hidden">{t('filters')}</legend>
        <Select label={t('state')} value={asked.state ?? ''} onValue={(one) => set('state', one)} empty={t('any')} choices={STATES.map((value) => ({ value, text: codeText('state', value) }))} testid="filter-state" />
        <Select label={t('county')} value={asked.county ?? ''} onValue={(one) => set('county', one)} empty={t('any')} choices={(codes?.counties ?? []).map((one) => ({ value: one.code, text: typeof one.name === 'string' ? one.name : pick(one.name) }))} testid="filter-county" />
        <Select label={t('form')} value={asked.accident_form ?? ''} onValue={(one) => set('accident_form', one)} empty={t('any')} choices={choices(codes?.accident_form)} testid="filter-form" />
        <Select label={t('outcome')} value={asked.outcome ?? ''} onValue={(one) => set('outcome', one)} empty={t('any')} choices={words(['determination', 'agreement'])} testid="filter-outcome" />
        <Select label={t('closing')} value={asked.closing_code ?? ''} onValue={(one) => set('closing_code', one)} empty={t('any')} choices={choices(codes?.closing_code)} testid="filter-closing" />
        <Select label={t('decision')} value={asked.decision ?? ''} onValue={(one) => set('decision', one)} empty={t('any')} choices={['signed', 'refused', 'objected'].map((value) => ({ value, text: codeText('decision', value) }))} testid="filter-decision" />
        <Select label={t('review')} value={asked.review ?? ''} onValue={(one) => set('review', one)} empty={t('any')} choices={words(['asked', 'withdrawn', 'upheld', 'upheld_corrected', 'anew'])} testid="filter-review" />
        <TextField label={t('from')} type="date" value={asked.from ?? ''} onValue={(one) => set('from', one)} />
        <TextField label={t('to')} type="date" value={asked.to ?? ''} onValue={(one) => set('to', one)} />
        {(filtered || asked.q) && <Button onClick={() => { setAsked({}); void find({}); }} testid="audit-clear">{t('clear')}</Button>}
      </fieldset>
      {error && <Banner tone="bad" icon="warning">{error}</Banner>}
      {found && !found.complete && <Banner tone="warn" icon="warning">{t('building')}</Banner>}
      {!found && !error && <Spinner />}
      {found && <p class="search__said" role="status" data-testid="audit-total">
        {found.total && <b class="num">{t(found.total.exact ? 'total' : 'totalMore', { n: found.total.count.toLocaleString() })}</b>}
        {found.asked.days && <span>{t('days', { text: found.asked.days.text, from: dayAndTime(found.asked.days.from!), to: dayAndTime(found.asked.days.to!) })}</span>}
        {found.searched_to && <span>{t('early', { at: dayAndTime(found.searched_to) })}</span>}
      </p>}
      {found && (found.items.length === 0 && !found.next_cursor ? <Empty icon="queue">{t('none')}</Empty> : <Results found={found} onOpen={onOpen} />)}
      {found?.next_cursor && <Button testid="audit-more" onClick={() => void find(asked, found.next_cursor!)}>{t(found.searched_to ? 'on' : 'more')}</Button>}
    </main>
  );
}

function Results({ found, onOpen }: { found: CaseList; onOpen: (id: string) => void }) {
  const why = found.asked.words.length > 0;
  return (
    <div class="search__table">
      <table class="results">
        <caption class="visually-hidden">{t('table', { n: found.items.length })}</caption>
        <thead><tr>
          <th scope="col">{t('number')}</th><th scope="col">{t('state')}</th><th scope="col">{t('when')}</th><th scope="col">{t('place')}</th><th scope="col">{t('parties')}</th>
          {why && <th scope="col">{t('why')}</th>}
        </tr></thead>
        <tbody>{found.items.map((one) => <Row key={one.id} one={one} whys={why ? found.found[one.id] ?? [] : null} onOpen={onOpen} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ one, whys, onOpen }: { one: CaseSummary; whys: CaseFound[] | null; onOpen: (id: string) => void }) {
  return (
    <tr data-testid="audit-result" data-case={one.id} onClick={() => onOpen(one.id)}>
      <td><button type="button" class="link num" onClick={() => onOpen(one.id)}>{one.number}</button></td>
      <td><Pill tone={one.state === 'closed' ? 'ok' : one.state === 'on_scene' ? 'warn' : 'brand'}>{codeText('state', one.state)}</Pill></td>
      <td class="num results__when">{dayAndTime(one.created_at)}</td>
      <td>{one.place.text}</td>
      <td>{one.parties.map((party) => party.plate_number ?? party.name ?? party.label).join(' / ')}</td>
      {whys && <td class="results__why">{whys.map((why, i) => <Why key={i} why={why} />)}</td>}
    </tr>
  );
}

function Why({ why }: { why: CaseFound }) {
  const chars = [...why.text];
  const end = why.start + why.length;
  return (
    <span data-testid="audit-why" data-field={why.field}>
      <small>{t(`f_${why.field}` as keyof typeof messages.zh)}{why.label && ` ${partyMark(why.label)}`}</small>{' '}
      {why.begins_within && '…'}{chars.slice(0, why.start).join('')}{why.length > 0 && <mark>{chars.slice(why.start, end).join('')}</mark>}{chars.slice(end).join('')}{why.ends_within && '…'}
    </span>
  );
}
