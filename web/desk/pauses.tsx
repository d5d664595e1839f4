// A party feels pressed to sign: told to whoever has the case and to supervisors alone.
import { useEffect, useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { useStore } from '@shared/store';
import { timeWithSeconds } from '@shared/time';
import type { Case, Pause, PauseOutcome } from '@shared/types';
import { Banner, Button, Dialog, Segmented, TextArea } from '@shared/ui';
import { tp } from './pause_messages';
import type { Room } from './room';

const labelOf = (one: Pause) => partyMark(one.party_label ?? '');

/** In the queue: those that stand, wherever one is looking. */
export function PausesToResolve({ room }: { room: Room }) {
  const { pauseNews } = useStore(room);
  const [waiting, setWaiting] = useState<Pause[]>([]);
  const [open, setOpen] = useState<Pause | null>(null);
  const load = () => api.pauses().then(setWaiting, () => undefined);
  useEffect(() => { void load(); }, [pauseNews]);
  if (waiting.length === 0 && !open) return null;
  return (
    <>
      <h2>{tp('title')} · <span class="num">{waiting.length}</span></h2>
      {waiting.map((one) => (
        <button key={one.id} type="button" class="qcard qcard--warn" data-testid="pause-item" data-case={one.case_id} onClick={() => setOpen(one)}>
          <b>{tp('pressed', { label: labelOf(one) })}</b><small class="num">{timeWithSeconds(one.said_at)}</small><small class="num">{one.case_number}</small>
        </button>
      ))}
      {open && <PauseDialog room={room} one={open} onClose={() => { setOpen(null); void load(); }} />}
    </>
  );
}

/** In the case, above the document that nobody signs now. */
export function PauseBanner({ room, file, documentId }: { room: Room; file: Case; documentId: string }) {
  const [open, setOpen] = useState<Pause | null>(null);
  const standing = (file.pauses ?? []).filter((one) => one.outcome === null && one.document_id === documentId);
  return (
    <>
      {standing.map((one) => (
        <Banner key={one.id} tone="warn" icon="warning" urgent testid="pause-banner" action={<Button size="s" testid="pause-handle" onClick={() => setOpen(one)}>{tp('handle')}</Button>}>{tp('banner', { label: labelOf(one) })}</Banner>))}
      {open && <PauseDialog room={room} one={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function PauseDialog({ room, one, onClose }: { room: Room; one: Pause; onClose: () => void }) {
  const file = useStore(room).current;
  const [outcome, setOutcome] = useState<PauseOutcome>('goes_on');
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  // Of a case that is not open here, the service says whether it can be withdrawn.
  const determination = file?.documents.find((other) => other.id === one.document_id)?.kind === 'determination';
  const outcomes: PauseOutcome[] = determination ? ['goes_on', 'officer_sent'] : ['goes_on', 'officer_sent', 'document_withdrawn'];
  const send = async () => {
    setBusy(true);
    if (await room.attempt(() => api.resolvePause(one.case_id, one.id, { outcome, note: note.trim() }), tp('done'))) onClose();
    else setBusy(false);
  };
  return (
    <Dialog title={tp('of', { label: labelOf(one), number: one.case_number })} testid="pause-dialog" onClose={onClose} foot={<>
      <Button disabled={busy} onClick={onClose}>{ts('cancel')}</Button>
      <Button kind="primary" busy={busy} disabled={!note.trim()} testid="pause-resolve" onClick={() => void send()}>{tp('resolve')}</Button></>}>
      <p>{tp('private', { label: labelOf(one) })}</p>
      <blockquote class="recusal__reason"><b>{tp(one.reason ?? 'none')}</b>{one.words && <p>{one.words}</p>}</blockquote>
      <Segmented label={tp('outcome')} value={outcome} testid="pause-outcome" choices={outcomes.map((value) => ({ value, text: tp(value) }))} onValue={(value) => setOutcome(value as PauseOutcome)} />
      <TextArea label={tp('note')} hint={tp('noteHint')} value={note} onValue={setNote} rows={2} maxLength={4000} testid="pause-note" />
    </Dialog>
  );
}
