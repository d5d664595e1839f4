// Reports made after the scene was cleared (art. 18): accepted or not, with the day until which that has to be said.
import { useEffect, useState } from 'preact/hooks';
import { dueText, isOver, leftText, toneOf } from '@shared/deadlines';
import { ts } from '@shared/messages';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Case } from '@shared/types';
import { Button, Dialog, Pill, Segmented, TextArea } from '@shared/ui';
import { plates } from './plates';
import { tr } from './review_messages';
import type { Room } from './room';

const limitOf = (file: Case) => file.deadlines.find((one) => one.code === 'LATE_REPORT_DECISION' && !isOver(one)) ?? null;

export function LateReports({ room }: { room: Room }) {
  const { queue, reviewNews } = useStore(room);
  const [files, setFiles] = useState<Case[]>([]);
  const [open, setOpen] = useState<Case | null>(null);
  const decides = seat.value?.user.role !== 'intake_operator';
  useEffect(() => { if (decides) void api.lateReports().then(setFiles, () => undefined); }, [decides, queue, reviewNews]);
  if (!decides || (files.length === 0 && !open)) return null;
  return (
    <>
      <h2>{tr('lateReports')} · <span class="num" data-testid="late-count">{files.length}</span></h2>
      {files.map((file) => {
        const limit = limitOf(file);
        return (
          <button key={file.id} type="button" class="qcard" data-testid="late-item" data-case={file.id} onClick={() => setOpen(file)}>
            <b class="num">{plates(file)}</b>{limit && <Pill tone={toneOf(limit)}>{leftText(limit)}</Pill>}
            <small>{file.place.text}</small>{limit && <small>{ts('limitUntil', { day: dueText(limit) })}</small>}
          </button>
        );
      })}
      {open && <LateDialog room={room} file={open} onClose={() => setOpen(null)} onDecided={() => { setFiles(files.filter((one) => one.id !== open.id)); setOpen(null); }} />}
    </>
  );
}

function LateDialog({ room, file, onClose, onDecided }: { room: Room; file: Case; onClose: () => void; onDecided: () => void }) {
  const [declining, setDeclining] = useState(false);
  const [ground, setGround] = useState<'unproven' | 'not_ours' | null>(null);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const limit = limitOf(file);
  const decide = async (body: Parameters<typeof api.decideReport>[1]) => {
    setBusy(true);
    if (await room.attempt(() => api.decideReport(file.id, body), tr(body.accepted ? 'lateAccepted' : 'lateDeclined'))) onDecided();
    else setBusy(false);
  };
  return (
    <Dialog title={tr('lateOf', { number: file.number })} testid="late-dialog" onClose={onClose} foot={declining ? <>
      <Button disabled={busy} onClick={() => setDeclining(false)}>{ts('back')}</Button>
      <Button kind="alarm" busy={busy} disabled={!ground || !reason.trim()} testid="late-decline-confirm" onClick={() => void decide({ accepted: false, ...(ground ? { ground } : {}), reason: reason.trim() })}>{tr('lateDecline')}</Button></> : <>
      <Button testid="late-decline" onClick={() => setDeclining(true)}>{tr('lateDecline')}</Button>
      <Button kind="primary" icon="check" busy={busy} testid="late-accept" onClick={() => void decide({ accepted: true })}>{tr('lateAccept')}</Button></>}>
      <p>{file.place.text} · {plates(file)}</p>
      {limit && <p>{ts('limitUntil', { day: dueText(limit) })} · <Pill tone={toneOf(limit)}>{leftText(limit)}</Pill> <small>{limit.legal_basis}</small></p>}
      <p>{tr('lateText')}</p>
      {declining && <>
        <Segmented label={tr('lateGround')} value={ground} testid="late-ground" choices={[{ value: 'unproven', text: tr('unproven') }, { value: 'not_ours', text: tr('not_ours') }]} onValue={(value) => setGround(value as 'unproven' | 'not_ours')} />
        <TextArea label={tr('lateReason')} value={reason} onValue={setReason} rows={3} maxLength={4000} testid="late-reason" /></>}
    </Dialog>
  );
}
