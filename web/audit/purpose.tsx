// Before the evidence of a case opens: what for. The page always asks; whether the service insists is its configuration.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api } from '@shared/staff';
import type { Purpose } from '@shared/types';
import { Banner, Button, Dialog, LinkButton, Segmented, Spinner, TextArea } from '@shared/ui';
import { ta } from './audit_messages';
import { tb } from './blind_messages';

const PURPOSES: Purpose[] = ['complaint', 'review', 'sample', 'court', 'training', 'other'];

export function PurposeGate({ id, onBack, children }: { id: string; onBack: () => void; children: ComponentChildren }) {
  useLang();
  const [open, setOpen] = useState<boolean | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    // Who may not read the list (an officer, of a colleague's case) is told so by the case itself.
    api.accesses(id).then((looks) => setOpen(!looks.purpose_needed || looks.stated !== null), (failure) => {
      if (failure instanceof ApiError && failure.status === 403) setOpen(true);
      else setFailed(failure);
    });
  }, [id]);
  const error = failed === null ? null : errorText(failed);
  if (failed instanceof ApiError && failed.problem.code === 'blind-look') return <Banner tone="warn" icon="warning" action={<LinkButton href="#tab=blind" testid="to-blind">{tb('toLook')}</LinkButton>}>{error}</Banner>;
  if (error) return <Banner tone="bad" icon="warning" action={<Button onClick={onBack}>{ta('cancel')}</Button>}>{error}</Banner>;
  if (open === null) return <div class="replay__loading"><Spinner /></div>;
  return open ? <>{children}</> : <Ask id={id} onBack={onBack} onStated={() => setOpen(true)} />;
}

function Ask({ id, onBack, onStated }: { id: string; onBack: () => void; onStated: () => void }) {
  const [purpose, setPurpose] = useState<string | null>(null);
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const missing = purpose === 'other' && !note.trim();
  const state = async () => {
    if (missing) { setError(ta('noteNeeded')); return; }
    try {
      await api.statePurpose(id, purpose as Purpose, note.trim() || null);
      onStated();
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  return (
    <Dialog title={ta('purposeTitle')} testid="purpose" onClose={onBack} foot={<>
      <Button onClick={onBack}>{ta('cancel')}</Button>
      <Button kind="primary" disabled={!purpose} testid="purpose-open" onClick={() => void state()}>{ta('open')}</Button>
    </>}>
      <div class="purpose">
        <p>{ta('purposeLead')}</p>
        <Segmented label={ta('purposeTitle')} value={purpose} testid="purpose-choice" choices={PURPOSES.map((value) => ({ value, text: ta(value) }))} onValue={setPurpose} />
        <TextArea label={ta('note')} value={note} onValue={(one) => { setNote(one); setError(null); }} rows={2} maxLength={500} testid="purpose-note" error={error} />
      </div>
    </Dialog>
  );
}
