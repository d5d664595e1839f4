// What the higher unit concluded, entered by a supervisor: at least two officers, and what each outcome needs.
import { useState } from 'preact/hooks';
import { ts } from '@shared/messages';
import type { NewConclusion, ReviewGround, ReviewOutcome } from '@shared/types';
import { Banner, Button, Check, Segmented, TextArea, TextField } from '@shared/ui';
import { tr } from './review_messages';

const OUTCOMES: ReviewOutcome[] = ['upheld', 'upheld_corrected', 'anew'];
const GROUNDS: ReviewGround[] = ['facts_unclear', 'evidence_insufficient', 'law_wrong', 'liability_unfair', 'procedure_unlawful'];
const nobody = { name: '', badge_number: '' };

export function ConcludeForm({ busy, onSend, onCancel }: { busy: boolean; onSend: (body: NewConclusion) => void; onCancel: () => void }) {
  const [outcome, setOutcome] = useState<ReviewOutcome | null>(null);
  const [unit, setUnit] = useState('');
  const [people, setPeople] = useState([nobody, nobody]);
  const [grounds, setGrounds] = useState<ReviewGround[]>([]);
  const [findings, setFindings] = useState('');
  const [correction, setCorrection] = useState('');
  const person = (at: number, part: Partial<typeof nobody>) => setPeople(people.map((one, index) => (index === at ? { ...one, ...part } : one)));
  const named = people.filter((one) => one.name.trim() && one.badge_number.trim());
  const whole = outcome && unit.trim() && findings.trim() && named.length >= 2 && (outcome !== 'anew' || grounds.length > 0) && (outcome !== 'upheld_corrected' || correction.trim());
  const send = () => outcome && onSend({
    outcome, unit: unit.trim(), reviewers: named, findings: findings.trim(),
    ...(outcome === 'anew' ? { grounds } : {}), ...(outcome === 'upheld_corrected' ? { correction: correction.trim() } : {}),
  });
  return (
    <section class="rv__form" data-testid="conclude-form">
      <h3>{tr('conclude')}</h3>
      <Segmented label={tr('outcome')} value={outcome} testid="conclude-outcome" choices={OUTCOMES.map((value) => ({ value, text: tr(value) }))} onValue={(value) => setOutcome(value as ReviewOutcome)} />
      {outcome === 'anew' && <Banner tone="warn" icon="warning">{tr('concludeAnew')}</Banner>}
      <TextField label={tr('unit')} value={unit} onValue={setUnit} testid="conclude-unit" />
      <fieldset class="rv__people"><legend>{tr('reviewers')}</legend>
        {people.map((one, at) => (
          <div key={at}>
            <TextField label={tr('reviewerName', { n: at + 1 })} value={one.name} onValue={(name) => person(at, { name })} testid={`reviewer-name-${at}`} />
            <TextField label={tr('reviewerBadge', { n: at + 1 })} value={one.badge_number} onValue={(badge_number) => person(at, { badge_number })} testid={`reviewer-badge-${at}`} />
          </div>
        ))}
        {people.length < 9 && <Button size="s" testid="add-reviewer" onClick={() => setPeople([...people, nobody])}>{tr('addReviewer')}</Button>}
      </fieldset>
      {outcome === 'anew' && (
        <fieldset class="rv__grounds"><legend>{tr('grounds')}</legend>
          {GROUNDS.map((one) => <Check key={one} checked={grounds.includes(one)} testid={`ground-${one}`} onChange={(on) => setGrounds(on ? [...grounds, one] : grounds.filter((other) => other !== one))}>{tr(one)}</Check>)}
        </fieldset>
      )}
      <TextArea label={tr('findings')} value={findings} onValue={setFindings} rows={4} maxLength={4000} testid="conclude-findings" />
      {outcome === 'upheld_corrected' && <TextArea label={tr('correction')} value={correction} onValue={setCorrection} rows={3} maxLength={4000} testid="conclude-correction" />}
      <p class="rv__buttons"><Button disabled={busy} onClick={onCancel}>{ts('cancel')}</Button><Button kind="primary" busy={busy} disabled={!whole} testid="conclude-send" onClick={send}>{tr('conclude')}</Button></p>
    </section>
  );
}
