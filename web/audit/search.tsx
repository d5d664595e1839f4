// Finding a case by anything.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { CaseState, CaseSummary } from '@shared/types';
import { Banner, Button, Empty, Pill, Select, Spinner, TextField } from '@shared/ui';
import { t } from './messages';

const STATES: CaseState[] = ['waiting', 'in_call', 'evidence_fixed', 'determined', 'served', 'closed', 'on_scene', 'abandoned', 'reopened'];

export function Search({ onOpen }: { onOpen: (id: string) => void }) {
  useLang();
  const [q, setQ] = useState('');
  const [state, setState] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [found, setFound] = useState<{ items: CaseSummary[]; next: string | null } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const find = async (cursor?: string) => {
    setError(null);
    const day = (date: string, end: string) => (date ? new Date(`${date}T${end}+08:00`).toISOString() : undefined);
    try {
      const page = await api.listCases({ q: q.trim(), state, from: day(from, '00:00:00'), to: day(to, '23:59:59'), limit: '50', cursor });
      setFound((before) => ({ items: cursor && before ? [...before.items, ...page.items] : page.items, next: page.next_cursor }));
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  useEffect(() => { void find(); }, []);
  return (
    <main class="search">
      <form class="search__form" role="search" aria-label={t('search')} onSubmit={(event) => { event.preventDefault(); void find(); }}>
        <TextField label={t('searchHint')} value={q} onValue={setQ} type="search" testid="audit-search" autofocus fieldClass="search__q" />
        <Select label={t('state')} value={state} onValue={setState} empty={t('anyState')} choices={STATES.map((one) => ({ value: one, text: codeText('state', one) }))} />
        <TextField label={t('from')} type="date" value={from} onValue={setFrom} />
        <TextField label={t('to')} type="date" value={to} onValue={setTo} />
        <Button kind="primary" type="submit" testid="audit-find">{t('find')}</Button>
      </form>
      {error && <Banner tone="bad" icon="warning">{error}</Banner>}
      {!found && !error && <Spinner />}
      {found && (found.items.length === 0 ? <Empty icon="queue">{t('none')}</Empty> : <Results items={found.items} onOpen={onOpen} />)}
      {found?.next && <Button onClick={() => void find(found.next!)}>{t('more')}</Button>}
    </main>
  );
}

function Results({ items, onOpen }: { items: CaseSummary[]; onOpen: (id: string) => void }) {
  return (
    <table class="results">
      <caption class="visually-hidden">{t('results', { n: items.length })}</caption>
      <thead><tr><th scope="col">{t('number')}</th><th scope="col">{t('state')}</th><th scope="col">{t('when')}</th><th scope="col">{t('place')}</th><th scope="col">{t('parties')}</th></tr></thead>
      <tbody>{items.map((one) => (
        <tr key={one.id} data-testid="audit-result" data-case={one.id} onClick={() => onOpen(one.id)}>
          <td><button type="button" class="link num" onClick={() => onOpen(one.id)}>{one.number}</button></td>
          <td><Pill tone={one.state === 'closed' ? 'ok' : one.state === 'on_scene' ? 'warn' : 'brand'}>{codeText('state', one.state)}</Pill></td>
          <td class="num">{dayAndTime(one.created_at)}</td>
          <td>{one.place.text}</td>
          <td>{one.parties.map((party) => party.plate_number ?? party.name ?? party.label).join(' / ')}</td>
        </tr>
      ))}</tbody>
    </table>
  );
}
