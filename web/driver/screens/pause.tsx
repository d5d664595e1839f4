// "I feel pressed": said in private while a document is read. It looks like nothing in particular to who looks on.
import { useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import type { Case, CaseDocument, Pause as Paused, PauseReason } from '@shared/types';
import { Banner, Button, Dialog, TextArea, toast } from '@shared/ui';
import { tp } from '../pause_messages';
import type { PartySession } from '../session';

const REASONS: PauseReason[] = ['other_party', 'officer', 'hurry', 'not_understood', 'other'];

/** The newest of this party for that document; null: it never said so. */
const newestOf = (of: Case, document: CaseDocument): Paused | null => (of.pauses ?? []).filter((one) => one.document_id === document.id).at(-1) ?? null;
export const isPaused = (of: Case, document: CaseDocument): boolean => { const one = newestOf(of, document); return one !== null && one.outcome === null; };

export function PauseNotice({ session, of, document }: { session: PartySession; of: Case; document: CaseDocument }) {
  const [busy, setBusy] = useState(false);
  const one = newestOf(of, document);
  if (!one) return null;
  if (one.outcome === 'goes_on') return <Banner tone="ok" icon="check" testid="pause-resumed">{tp('resumed')}</Banner>;
  if (one.outcome !== null) return null;
  const back = async () => {
    setBusy(true);
    try { await session.takeBackPause(one); } catch (error) { toast(errorText(error), 'bad'); }
    setBusy(false);
  };
  return (
    <Banner tone="brand" icon="clock" title={tp('paused')} testid="paused">
      <p class="banner__words">{tp(of.officer ? 'pausedText' : 'pausedAlone')}</p>
      <Button size="m" busy={busy} testid="pause-back" onClick={() => void back()}>{tp('back')}</Button>
    </Banner>
  );
}

export function PauseButton({ session, of, document }: { session: PartySession; of: Case; document: CaseDocument }) {
  const [open, setOpen] = useState(false);
  if (isPaused(of, document)) return null;
  return (
    <>
      <Button kind="quiet" size="m" block testid="pause" onClick={() => setOpen(true)}>{tp('open')}</Button>
      {open && <PauseDialog session={session} document={document} onClose={() => setOpen(false)} />}
    </>
  );
}

function PauseDialog({ session, document, onClose }: { session: PartySession; document: CaseDocument; onClose: () => void }) {
  const [reason, setReason] = useState<PauseReason | null>(null);
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const tell = async () => {
    setBusy(true);
    try {
      await session.pauseSigning(document, { ...(reason ? { reason } : {}), ...(words.trim() ? { words: words.trim() } : {}) });
      onClose();
    } catch (error) {
      toast(errorText(error), 'bad');
      setBusy(false);
    }
  };
  return (
    <Dialog sheet title={tp('title')} onClose={busy ? () => undefined : onClose} testid="pause-dialog" foot={<>
      <Button kind="primary" size="l" block busy={busy} testid="pause-tell" onClick={() => void tell()}>{tp('tell')}</Button>
      <Button size="l" block disabled={busy} testid="pause-leave" onClick={onClose}>{tp('leave')}</Button></>}>
      <p>{tp('lead')}</p>
      <div class="chips" role="group" aria-label={tp('reason')}>
        {REASONS.map((one) => <Button key={one} size="m" pressed={reason === one} kind={reason === one ? 'primary' : undefined} testid={`pause-${one}`} onClick={() => setReason(reason === one ? null : one)}>{tp(one)}</Button>)}
      </div>
      <TextArea label={tp('words')} value={words} onValue={setWords} rows={2} maxLength={1000} testid="pause-words" />
    </Dialog>
  );
}
