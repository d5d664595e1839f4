// What auditors found in one's own cases, for as long as it is open: to accept or to contest.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { api, seat } from '@shared/staff';
import { useStore } from '@shared/store';
import type { Finding } from '@shared/types';
import { Button, Dialog, TextArea, toast } from '@shared/ui';
import { criterionWord, FindingWords, severityWord } from '../audit/findings';
import { ta } from '../audit/audit_messages';
import type { Room } from './room';

export function MyFindings({ room }: { room: Room }) {
  const { findingNews } = useStore(room);
  const [list, setList] = useState<Finding[]>([]);
  const [open, setOpen] = useState<Finding | null>(null);
  const officer = seat.value?.user.role === 'officer';
  useEffect(() => { if (officer) void api.findings().then(setList, () => undefined); }, [officer, findingNews]);
  const waiting = list.filter((one) => !one.answer);
  if (!officer || (waiting.length === 0 && !open)) return null;
  return (
    <>
      <h2>{ta('mine')} · <span class="num" data-testid="finding-count">{waiting.length}</span></h2>
      {waiting.map((one) => (
        <button key={one.id} type="button" class="qcard" data-testid="my-finding" onClick={() => setOpen(one)}>
          <b class="num">{one.case_number}</b><small>{severityWord(one.severity)} · {criterionWord(one.criterion)}</small>
        </button>
      ))}
      {open && <Answer one={open} onClose={() => setOpen(null)} onDone={() => { setOpen(null); setList((all) => all.filter((one) => one.id !== open.id)); }} />}
    </>
  );
}

function Answer({ one, onClose, onDone }: { one: Finding; onClose: () => void; onDone: () => void }) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const send = async (answer: 'accepted' | 'contested') => {
    if (answer === 'contested' && !text.trim()) { setError(ta('contestNeeded')); return; }
    try {
      await api.answerFinding(one.case_id, one.id, answer, text.trim() || null);
      toast(ta('answered'), 'ok');
      onDone();
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  return (
    <Dialog title={<span class="num">{one.case_number}</span>} onClose={onClose} testid="finding-answer" foot={<>
      <a class="btn" href={`/audit#case=${one.case_id}`} target="_blank" rel="noreferrer">{ta('toCase')}</a>
      <Button testid="finding-contest" onClick={() => void send('contested')}>{ta('contest')}</Button>
      <Button kind="primary" testid="finding-accept" onClick={() => void send('accepted')}>{ta('accept')}</Button>
    </>}>
      <FindingWords one={one} />
      <TextArea label={ta('answerText')} value={text} onValue={(one) => { setText(one); setError(null); }} testid="finding-answer-text" maxLength={2000} error={error} />
    </Dialog>
  );
}
