// How far the service of a document on each party is, and what was done on paper (procedure, art. 36).
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { Case, CaseDocument, NewService, ServiceOn } from '@shared/types';
import { Button, Dialog, Pill, Segmented, TextArea, TextField } from '@shared/ui';
import type { Room } from './room';
import { tv, type ServiceKey } from './service_messages';

type Way = 'handed' | 'posted' | 'refused';
const WAYS: Way[] = ['handed', 'posted', 'refused'];

const servedKey = (one: ServiceOn): ServiceKey => one.way === 'paper' ? `served_${one.delivery ?? 'handed'}` : `served_${one.way ?? 'electronic'}`;

/** China's time as such a field has it: 2026-11-29T16:05. */
const chinaTime = (ms: number) => new Date(ms + 8 * 3600000).toISOString().slice(0, 16);

/** Whom it has still to be served on. */
export const unserved = (document: CaseDocument): ServiceOn[] => (document.services ?? []).filter((one) => one.state !== 'served');

export function unservedText(document: CaseDocument): string | null {
  const labels = unserved(document).map((one) => tv('party', { label: partyMark(one.label ?? '') }));
  return labels.length > 0 ? tv('unserved', { labels: labels.join('、') }) : null;
}

/** `one`: of the party in that row; `named`: with whose it is, where no row says so. */
export function ServiceRow({ room, file, document, one, named }: { room: Room; file: Case; document: CaseDocument; one: ServiceOn; named?: boolean }) {
  const [recording, setRecording] = useState(false);
  const who = named ? `${tv('party', { label: partyMark(one.label ?? '') })} ` : '';
  return (
    <span class="service" data-testid={`service-${one.label}`} data-state={one.state} data-way={one.way ?? ''}>
      {one.state === 'served'
        ? <Pill tone="ok" icon="check">{who}{tv(servedKey(one), { at: dayAndTime(one.served_at!) })}</Pill>
        : <Pill tone="warn" icon="document">{who}{tv(one.state)}</Pill>}
      {one.state === 'to_confirm' && <small>{one.opened_at ? tv('opened', { at: dayAndTime(one.opened_at) }) : tv('notOpened')}</small>}
      {one.note && <q>{one.note}</q>}
      {one.state !== 'served' && <Button size="s" testid={`record-service-${one.label}`} onClick={() => setRecording(true)}>{tv('record')}</Button>}
      {recording && <RecordDialog room={room} file={file} document={document} one={one} onClose={() => setRecording(false)} />}
    </span>
  );
}

function RecordDialog({ room, file, document, one, onClose }: { room: Room; file: Case; document: CaseDocument; one: ServiceOn; onClose: () => void }) {
  const [way, setWay] = useState<Way>('handed');
  const [opened] = useState(() => chinaTime(Date.now()));
  const [at, setAt] = useState(opened);
  const [note, setNote] = useState('');
  const [busy, setBusy] = useState(false);
  const words = note.trim();
  const send = async () => {
    setBusy(true);
    const body: NewService = {
      party_id: one.party_id, ...(way === 'refused' ? { way } : { way: 'paper', delivery: way }), ...(words ? { note: words } : {}),
      // Left as it was it means now, to the second.
      ...(at && at !== opened ? { served_at: new Date(`${at}:00+08:00`).toISOString() } : {}),
    };
    if (await room.attempt(() => api.serveDocument(file.id, document.id, body), tv('done'))) onClose();
    else setBusy(false);
  };
  return (
    <Dialog title={tv('recordOf', { label: partyMark(one.label ?? ''), number: document.number })} testid="service-dialog" onClose={onClose} foot={<>
      <Button disabled={busy} onClick={onClose}>{ts('cancel')}</Button>
      <Button kind="primary" icon="check" busy={busy} disabled={way === 'refused' && !words} testid="service-confirm" onClick={() => void send()}>{tv('record')}</Button></>}>
      <p>{tv('recordText')}</p>
      <Segmented label={tv('way')} value={way} testid="service-way" choices={WAYS.map((value) => ({ value, text: tv(value) }))} onValue={(value) => setWay(value as Way)} />
      <TextField label={tv('at')} type="datetime-local" value={at} onValue={setAt} testid="service-at" />
      <TextArea label={tv('note')} value={note} onValue={setNote} rows={2} maxLength={4000} testid="service-note" hint={way === 'refused' ? tv('noteNeeded') : null} />
    </Dialog>
  );
}
