// Recusal (Order 146, art. 105): the person declares it here, a party on its phone; a supervisor decides.
import { useEffect, useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import { dayAndTime } from '@shared/time';
import type { Case, Recusal } from '@shared/types';
import { Banner, Button, Dialog, TextArea } from '@shared/ui';
import { t } from './messages';
import type { Room } from './room';

const asker = (one: Recusal) => (one.asked_by ? t('party', { label: partyMark(one.asked_by) }) : t('recusalSelf'));

/** In the case: declare it, and what is asked already. */
export function DeclareRecusal({ room, file }: { room: Room; file: Case }) {
  const { recusalNews } = useStore(room);
  const [known, setKnown] = useState<Recusal[]>([]);
  const [reason, setReason] = useState<string | null>(null);
  useEffect(() => { void api.caseRecusals(file.id).then(setKnown, () => undefined); }, [file.id, recusalNews]);
  const open = ['in_call', 'evidence_fixed'].includes(file.state);
  const declare = async () => {
    const text = reason?.trim();
    if (!text) return;
    if (await room.attempt(() => api.askRecusal(file.id, text), t('recusalAsked'))) setReason(null);
  };
  return (
    <section class="guests">
      {known.filter((one) => !one.decision).map((one) => <Banner key={one.id} tone="warn" icon="warning" testid="recusal-open">{t('recusalOpen', { who: asker(one), name: one.user.name })}</Banner>)}
      {open && <Button icon="shield" testid="declare-recusal" onClick={() => setReason('')}>{t('recusalDeclare')}</Button>}
      {reason !== null && (
        <Dialog title={t('recusalDeclare')} onClose={() => setReason(null)} testid="recusal-dialog" foot={<>
          <Button onClick={() => setReason(null)}>{ts('cancel')}</Button><Button kind="primary" testid="recusal-send" disabled={!reason.trim()} onClick={() => void declare()}>{t('recusalSend')}</Button></>}>
          <p>{t('recusalHint')}</p>
          <TextArea label={t('recusalReason')} value={reason} onValue={setReason} maxLength={4000} testid="recusal-reason" />
        </Dialog>
      )}
    </section>
  );
}

/** In a supervisor's queue: requests that wait, decided with a note. */
export function RecusalsToDecide({ room }: { room: Room }) {
  const { recusalNews } = useStore(room);
  const [waiting, setWaiting] = useState<Recusal[]>([]);
  const [open, setOpen] = useState<Recusal | null>(null);
  const [note, setNote] = useState('');
  const decides = seat.value?.user.role === 'supervisor';
  useEffect(() => { if (decides) void api.recusals().then(setWaiting, () => undefined); }, [decides, recusalNews]);
  if (!decides || (waiting.length === 0 && !open)) return null;
  const decide = async (decision: 'upheld' | 'rejected') => {
    if (open && await room.attempt(() => api.decideRecusal(open.id, decision, note.trim() || null), t('recusalDecided'))) { setOpen(null); setNote(''); }
  };
  return (
    <>
      <h2>{t('recusals')} · <span class="num">{waiting.length}</span></h2>
      {waiting.map((one) => (
        <button key={one.id} type="button" class="qcard" data-testid="recusal-item" data-case={one.case_id} onClick={() => setOpen(one)}>
          <b class="num">{one.case_number}</b><small class="num">{dayAndTime(one.asked_at)}</small><small>{asker(one)} → {one.user.name}</small>
        </button>
      ))}
      {open && (
        <Dialog title={t('recusalOf', { name: open.user.name, number: open.case_number })} testid="recusal-decide" onClose={() => setOpen(null)} foot={<>
          <Button testid="recusal-reject" onClick={() => void decide('rejected')}>{t('recusalReject')}</Button>
          <Button kind="primary" testid="recusal-uphold" onClick={() => void decide('upheld')}>{t('recusalUphold')}</Button></>}>
          <p>{t('recusalBy', { who: asker(open), at: dayAndTime(open.asked_at) })}</p>
          <blockquote class="recusal__reason">{open.reason}</blockquote>
          <TextArea label={t('recusalNote')} value={note} onValue={setNote} maxLength={4000} testid="recusal-note" />
          <p><small>{t('recusalEffect')}</small></p>
        </Dialog>
      )}
    </>
  );
}
