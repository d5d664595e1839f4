// Second looks: those that are one's own, all others, and how far first and second agree. Which look is open stands in the address.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { BlindLook, BlindSheet } from '@shared/types';
import { Banner, Button, Pill, Spinner, type Tone } from '@shared/ui';
import { tb, type BlindKey } from './blind_messages';
import { Comparison } from './blind_compare';
import { Rates } from './blind_rates';
import { BlindRoom } from './blind_room';

const lookIn = (hash: string) => new URLSearchParams(hash.slice(1)).get('look');
const go = (look: string | null) => { location.hash = new URLSearchParams(look ? { tab: 'blind', look } : { tab: 'blind' }).toString(); };
const TONES: Record<BlindLook['state'], Tone | undefined> = { open: 'brand', handed_in: 'ok', given_back: undefined };

export function BlindLooks({ hash, onCase }: { hash: string; onCase: (id: string) => void }) {
  useLang();
  const look = lookIn(hash);
  return look ? <One key={look} id={look} onCase={onCase} /> : <List />;
}

function One({ id, onCase }: { id: string; onCase: (id: string) => void }) {
  const [sheet, setSheet] = useState<BlindSheet | null>(null);
  const [error, setError] = useState<string | null>(null);
  const load = () => { setSheet(null); api.blindLook(id).then(setSheet, (failure) => setError(errorText(failure))); };
  useEffect(load, [id]);
  if (error) return <Banner tone="bad" icon="warning" action={<Button onClick={() => go(null)}>{tb('back')}</Button>}>{error}</Banner>;
  if (!sheet) return <div class="replay__loading"><Spinner /></div>;
  return sheet.scene ? <BlindRoom look={sheet.look} scene={sheet.scene} onBack={() => go(null)} onDone={load} /> : <Comparison sheet={sheet} onBack={() => go(null)} onCase={onCase} />;
}

function List() {
  const [list, setList] = useState<Awaited<ReturnType<typeof api.blindLooks>> | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => { api.blindLooks().then(setList, (failure) => setError(errorText(failure))); }, []);
  if (error) return <Banner tone="bad" icon="warning">{error}</Banner>;
  if (!list) return <Spinner />;
  const mine = list.items.filter((one) => one.own && one.state === 'open');
  const others = list.items.filter((one) => !mine.includes(one));
  return (
    <main class="search blind" data-testid="blind-looks">
      <h2>{tb('title')}</h2>
      <p class="search__said">{tb('lead')}</p>
      <h3>{tb('mine')}</h3>
      {mine.length === 0 && <p class="side__none">{tb('mineNone')}</p>}
      <ul class="blind__mine">{mine.map((one) => (
        <li key={one.id} data-testid="blind-mine">
          <b class="num">{one.case_number}</b>
          <span class="num">{tb('due', { at: dayAndTime(one.due_at) })}</span>
          {one.late && <Pill tone="warn">{tb('late')}</Pill>}
          <Button kind="primary" testid="blind-begin" onClick={() => go(one.id)}>{tb('begin')}</Button>
        </li>
      ))}</ul>
      <h3>{tb('others')}</h3>
      {list.waiting.first_look + list.waiting.anybody > 0 && <p class="search__said">{tb('waiting', { first: list.waiting.first_look, nobody: list.waiting.anybody })}</p>}
      {others.length === 0 ? <p class="side__none">{tb('othersNone')}</p> : <Others looks={others} />}
      <Rates />
    </main>
  );
}

function Others({ looks }: { looks: BlindLook[] }) {
  return (
    <div class="search__table" tabIndex={0} role="region" aria-label={tb('others')}>
      <table class="results blind__table">
        <thead><tr><th>{tb('number')}</th><th>{tb('sample')}</th><th>{tb('by')}</th><th>{tb('state')}</th><th>{tb('differing')}</th></tr></thead>
        <tbody>{looks.map((one) => (
          <tr key={one.id} data-testid="blind-other" data-state={one.state}>
            <td class="num">{one.state === 'open' ? one.case_number : <button type="button" class="link num" onClick={() => go(one.id)}>{one.case_number}</button>}</td>
            <td>{tb('sampleNo', { n: one.sample })}{one.turn > 1 && ` · ${tb('turn', { n: one.turn })}`}</td>
            <td>{one.by}</td>
            <td><Pill tone={TONES[one.state]}>{tb(`s_${one.state}` as BlindKey)}</Pill> {one.state === 'open' && <span class="num">{tb('due', { at: dayAndTime(one.due_at) })}</span>} {one.late && <Pill tone="warn">{tb('late')}</Pill>}</td>
            <td class="num">{one.differing === null ? '—' : one.differing === 0 ? tb('ofNone') : one.differing}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}
