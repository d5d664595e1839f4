// One video of a case, to hand on or to watch at once: asked for here, followed while it is made, played, saved, taken away.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import { bytesText, dayAndTime, position } from '@shared/time';
import type { Case, Composition } from '@shared/types';
import { Button, Dialog, Pill, Progress, toast, type Tone } from '@shared/ui';
import { composeMessages, tc, type ComposeWord } from './compose_messages';

const LOOK_MS = 1500;
const TONES: Partial<Record<Composition['state'], Tone>> = { queued: 'brand', making: 'brand', done: 'ok', failed: 'bad' };
const isOpen = (one: Composition) => one.state === 'queued' || one.state === 'making';
const share = (one: Composition) => (one.permille ?? 0) / 1000;
const reasonWord = (code: string) => { const key = `f_${code}`; return key in composeMessages.zh ? tc(key as ComposeWord) : code; };

/** The list, read again while something of it is under way. */
function useCompositions(id: string): [Composition[], () => Promise<void>] {
  const [list, setList] = useState<Composition[]>([]);
  const load = () => api.compositions(id).then(setList, () => undefined);
  const open = list.some(isOpen);
  useEffect(() => { void load(); }, [id]);
  useEffect(() => {
    if (!open) return undefined;
    const timer = setInterval(() => void load(), LOOK_MS);
    return () => clearInterval(timer);
  }, [open, id]);
  return [list, load];
}

export function OneVideo({ file }: { file: Case }) {
  useLang();
  const [shown, setShown] = useState(false);
  const [list, load] = useCompositions(file.id);
  const making = list.find((one) => one.state === 'making');
  return (
    <>
      <Button size="s" icon="play" testid="compose" onClick={() => setShown(true)}>{making ? tc('making', { share: Math.round(share(making) * 100) }) : tc('one')}</Button>
      {shown && <Videos file={file} list={list} load={load} onClose={() => setShown(false)} />}
    </>
  );
}

function Videos({ file, list, load, onClose }: { file: Case; list: Composition[]; load: () => Promise<void>; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [played, setPlayed] = useState<Composition | null>(null);
  const ask = () => {
    setBusy(true);
    void api.compose(file.id).then(load, (failure) => toast(errorText(failure), 'bad')).finally(() => setBusy(false));
  };
  return (
    <Dialog wide title={tc('title')} onClose={onClose} testid="compose-dialog" foot={(
      <>
        <Button testid="compose-close" onClick={onClose}>{tc('close')}</Button>
        <Button kind="primary" icon="play" busy={busy} disabled={list.some(isOpen)} testid="compose-begin" onClick={ask}>{tc(list.some((one) => one.state === 'done') ? 'again' : 'begin')}</Button>
      </>
    )}>
      <p>{tc('lead')}</p>
      <p class="side__none">{tc('where')}</p>
      {played && <video class="compose__video" data-testid="compose-video" src={played.url!} controls autoPlay playsInline aria-label={tc('mark')} />}
      {list.length === 0 && <p class="side__none">{tc('none')}</p>}
      <ul class="compose" data-testid="compositions">{list.map((one) => <One key={one.id} file={file} one={one} load={load} onPlay={() => setPlayed(one)} onGone={() => setPlayed((is) => (is?.id === one.id ? null : is))} />)}</ul>
    </Dialog>
  );
}

function One({ file, one, load, onPlay, onGone }: { file: Case; one: Composition; load: () => Promise<void>; onPlay: () => void; onGone: () => void }) {
  const [asking, setAsking] = useState(false);
  const remove = () => void api.removeComposition(file.id, one.id).then(() => {
    toast(tc(isOpen(one) ? 'stopped' : 'removed'), 'ok');
    onGone();
    return load();
  }, (failure) => toast(errorText(failure), 'bad'));
  const name = `${file.number}-derivative.webm`;
  return (
    <li class="compose__one" data-testid="composition" data-state={one.state}>
      <span class="compose__head">
        <Pill tone={TONES[one.state]}>{tc(`s_${one.state}`)}</Pill>
        {one.state === 'queued' && one.ahead !== null && one.ahead > 0 && <small>{tc('ahead', { n: one.ahead })}</small>}
        <small class="num">{tc('by', { who: one.asked_by ?? '', at: dayAndTime(one.asked_at) })}</small>
      </span>
      {one.state === 'making' && <Progress share={share(one)} label={tc('making', { share: Math.round(share(one) * 100) })} />}
      {one.state === 'failed' && <p class="compose__why" data-testid="compose-reason">{reasonWord(one.reason ?? '')}</p>}
      {one.state === 'done' && (
        <>
          <small>{tc('facts', { length: position(one.duration_ms ?? 0), size: bytesText(one.bytes ?? 0), n: one.sources ?? 0 })}</small>
          <small class="num side__sha" title={one.sha256 ?? ''}>SHA-256 {one.sha256?.slice(0, 16)}… · {tc('mark')}</small>
        </>
      )}
      <span class="compose__acts">
        {one.state === 'done' && <Button size="s" icon="play" testid="compose-play" onClick={onPlay}>{tc('play')}</Button>}
        {one.state === 'done' && <a class="btn btn--s" href={one.url!} download={name} data-testid="compose-save">{tc('save')}</a>}
        {isOpen(one) && <Button size="s" testid="compose-cancel" onClick={remove}>{tc('cancel')}</Button>}
        {!isOpen(one) && !asking && <Button size="s" testid="compose-remove" onClick={() => (one.state === 'done' ? setAsking(true) : remove())}>{tc('remove')}</Button>}
        {asking && <><small>{tc('sure')}</small><Button size="s" kind="danger" testid="compose-sure" onClick={remove}>{tc('remove')}</Button></>}
      </span>
    </li>
  );
}
