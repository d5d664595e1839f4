// What was found in a case, by whom, and what its officer says to it; scores by criterion. A finding's mark is a moment of the
// replay: onJump gets it in microseconds since 1970, `nowUs` says where the replay stands.
import { useEffect, useState } from 'preact/hooks';
import { errorText } from '@shared/api';
import { useLang } from '@shared/i18n';
import { api, seat } from '@shared/staff';
import { dayAndTime, timeWithSeconds } from '@shared/time';
import type { Criterion, Finding, Score, Severity } from '@shared/types';
import { Button, Pill, Select, TextArea, toast, type Tone } from '@shared/ui';
import { ta, type AuditKey } from './audit_messages';

const SEVERITIES: Severity[] = ['note', 'minor', 'major', 'critical'];
export const CRITERIA: Criterion[] = ['safety', 'evidence', 'procedure', 'determination', 'documents', 'manner', 'other'];
const TONES: Record<Severity, Tone | undefined> = { note: undefined, minor: 'brand', major: 'warn', critical: 'bad' };
export const severityWord = (one: Severity) => ta(`s_${one}` as AuditKey);
export const criterionWord = (one: Criterion) => ta(`c_${one}` as AuditKey);
const iso = (us: number) => new Date(us / 1000).toISOString();

export function Findings({ id, onJump, nowUs }: { id: string; onJump: (us: number) => void; nowUs: () => number | null }) {
  useLang();
  const [list, setList] = useState<{ findings: Finding[]; scores: Score[] } | null>(null);
  const audits = seat.value?.user.role !== 'officer';
  const load = () => api.auditReviews(id).then(setList, () => undefined);
  useEffect(() => { void load(); }, [id]);
  if (!list) return null;
  return (
    <>
      <h2>{ta('findings')}</h2>
      {list.findings.length === 0 && <p class="side__none">{ta('findingsNone')}</p>}
      {list.findings.map((one) => <Card key={one.id} one={one} audits={audits} onJump={onJump} onDone={load} />)}
      {audits && <NewFinding id={id} nowUs={nowUs} onDone={load} />}
      <Scores id={id} scores={list.scores} audits={audits} onDone={load} />
    </>
  );
}

export function FindingWords({ one }: { one: Finding }) {
  return (
    <>
      <span class="finding__head"><Pill tone={one.closing ? undefined : TONES[one.severity]}>{severityWord(one.severity)}</Pill><b>{criterionWord(one.criterion)}</b><small class="num">{dayAndTime(one.at)}</small></span>
      <p>{one.text}</p>
      {one.answer && <p class="finding__answer"><b>{ta(one.answer.answer === 'accepted' ? 'answerAccepted' : 'answerContested')}</b> {one.answer.text}</p>}
      {one.closing && <p class="finding__answer"><b>{ta(one.closing.closing)}</b> {one.closing.text}</p>}
      {!one.answer && !one.closing && <small class="side__none">{ta('waiting')}</small>}
    </>
  );
}

function Card({ one, audits, onJump, onDone }: { one: Finding; audits: boolean; onJump: (us: number) => void; onDone: () => void }) {
  const close = (closing: 'upheld' | 'withdrawn') => api.closeFinding(one.case_id, one.id, closing).then(() => onDone(), (failure) => toast(errorText(failure), 'bad'));
  return (
    <article class="finding" data-testid="finding" data-state={one.closing ? 'closed' : one.answer ? 'answered' : 'open'}>
      <FindingWords one={one} />
      <small class="side__none">{ta('by', { who: one.by ?? '', at: one.officer ?? '' })}</small>
      <span class="finding__acts">
        {one.mark_at && <Button size="s" icon="play" testid="finding-jump" onClick={() => onJump(Date.parse(one.mark_at!) * 1000)}>{ta('goTo', { at: timeWithSeconds(one.mark_at) })}</Button>}
        {audits && !one.closing && <>
          <Button size="s" testid="finding-uphold" onClick={() => void close('upheld')}>{ta('closeUpheld')}</Button>
          <Button size="s" testid="finding-withdraw" onClick={() => void close('withdrawn')}>{ta('closeWithdrawn')}</Button>
        </>}
      </span>
    </article>
  );
}

function NewFinding({ id, nowUs, onDone }: { id: string; nowUs: () => number | null; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [severity, setSeverity] = useState<Severity>('minor');
  const [criterion, setCriterion] = useState<Criterion>('evidence');
  const [text, setText] = useState('');
  const [markUs, setMark] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    if (!text.trim()) { setError(ta('textNeeded')); return; }
    try {
      await api.addFinding(id, { severity, criterion, text: text.trim(), mark_at: markUs === null ? null : iso(markUs) });
      setOpen(false); setText(''); setMark(null); setError(null);
      toast(ta('saved'), 'ok');
      onDone();
    } catch (failure) {
      setError(errorText(failure));
    }
  };
  if (!open) return <Button testid="finding-add" onClick={() => { setOpen(true); setMark(nowUs()); }}>{ta('add')}</Button>;
  return (
    <form class="finding finding--new" onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <Select label={ta('severity')} value={severity} testid="finding-severity" choices={SEVERITIES.map((value) => ({ value, text: severityWord(value) }))} onValue={(one) => setSeverity(one as Severity)} />
      <Select label={ta('criterion')} value={criterion} testid="finding-criterion" choices={CRITERIA.map((value) => ({ value, text: criterionWord(value) }))} onValue={(one) => setCriterion(one as Criterion)} />
      <TextArea label={ta('text')} value={text} onValue={(one) => { setText(one); setError(null); }} testid="finding-text" maxLength={2000} error={error} />
      <span class="finding__acts">
        {nowUs() !== null && <Button size="s" pressed={markUs !== null} testid="finding-mark" onClick={() => setMark(nowUs())}>{ta('markHere', { at: timeWithSeconds(iso(markUs ?? nowUs()!)) })}</Button>}
        <Button kind="primary" size="s" type="submit" testid="finding-save">{ta('save')}</Button>
      </span>
    </form>
  );
}

function Scores({ id, scores, audits, onDone }: { id: string; scores: Score[]; audits: boolean; onDone: () => void }) {
  const put = (criterion: Criterion, score: string) => api.scoreCase(id, [{ criterion, score: Number(score) }]).then(() => { toast(ta('scored'), 'ok'); onDone(); }, (failure) => toast(errorText(failure), 'bad'));
  const rows = CRITERIA.filter((one) => one !== 'other').map((criterion) => {
    const of = scores.filter((one) => one.criterion === criterion);
    return { criterion, own: of.find((one) => one.own), mean: of.length ? of.reduce((sum, one) => sum + one.score, 0) / of.length : null };
  });
  if (!audits && scores.length === 0) return null;
  return (
    <>
      <h2>{ta('scores')}</h2>
      <div class="scores" data-testid="scores">{rows.map(({ criterion, own, mean }) => (audits
        ? <Select key={criterion} label={<>{criterionWord(criterion)}{mean !== null && <small class="num"> {ta('mean', { n: mean.toFixed(1) })}</small>}</>} value={own ? String(own.score) : ''} empty={ta('unscored')} testid={`score-${criterion}`}
            choices={[1, 2, 3, 4, 5].map((n) => ({ value: String(n), text: ta('score', { n }) }))} onValue={(value) => { if (value) void put(criterion, value); }} />
        : mean !== null && <span key={criterion}>{criterionWord(criterion)} <b class="num">{mean.toFixed(1)}</b></span>))}</div>
    </>
  );
}
