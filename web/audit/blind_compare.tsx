// What both looks came to, side by side; who differs is marked.
import { useEffect, useState } from 'preact/hooks';
import { pick, useLang } from '@shared/i18n';
import { codeText } from '@shared/messages';
import { partyMark } from '@shared/party';
import { api } from '@shared/staff';
import { dayAndTime } from '@shared/time';
import type { BlindComparison, BlindQuestion, BlindSheet, Code } from '@shared/types';
import { Button, Pill } from '@shared/ui';
import { tb, type BlindKey } from './blind_messages';

/** "A=full B=none" as "A 全部责任 · B 无责任", a form by its name, a score as it is. */
export function answerWords(question: BlindQuestion, said: string | null, forms: Code[]): string {
  if (said === null) return tb('noFirst');
  if (question === 'liability') return said.split(' ').map((one) => { const [label, code] = one.split('='); return `${partyMark(label ?? '')} ${codeText('liability', code)}`; }).join(' · ');
  const form = question === 'accident_form' ? forms.find((one) => one.code === said) : undefined;
  return form ? pick(form) : question === 'accident_form' ? said : tb('score', { n: said });
}

export function Comparison({ sheet, onBack, onCase }: { sheet: BlindSheet; onBack: () => void; onCase: (id: string) => void }) {
  useLang();
  const { look, comparison } = sheet;
  const [forms, setForms] = useState<Code[]>([]);
  useEffect(() => { api.codes().then((codes) => setForms(codes.accident_form), () => undefined); }, []);
  return (
    <main class="search blind" data-testid="blind-comparison">
      <div class="search__said">
        <Button icon="back" onClick={onBack} testid="blind-back">{tb('back')}</Button>
        <h2 class="num">{look.case_number}</h2>
        <Pill tone={look.state === 'handed_in' ? 'ok' : undefined}>{tb(`s_${look.state}` as BlindKey)}</Pill>
        {look.ended_at && <span class="num">{dayAndTime(look.ended_at)}</span>}
        <Button testid="blind-case" onClick={() => onCase(look.case_id)}>{tb('toCase')}</Button>
      </div>
      {comparison && <Answers comparison={comparison} by={look.by} forms={forms} />}
      {sheet.text && <section class="finding"><b>{tb(look.state === 'handed_in' ? 'secondText' : 'backReason')}</b><p>{sheet.text}</p></section>}
    </main>
  );
}

function Answers({ comparison, by, forms }: { comparison: BlindComparison; by: string | null; forms: Code[] }) {
  return (
    <>
      <p class="search__said">
        {comparison.officer && <span>{tb('officer', { who: comparison.officer })}</span>}
        {comparison.first_by && <span>{tb('firstBy', { who: comparison.first_by })}</span>}
        {by && <span>{tb('secondBy', { who: by })}</span>}
      </p>
      <div class="search__table" tabIndex={0} role="region" aria-label={tb('comparison')}>
        <table class="results blind__table">
          <thead><tr><th>{tb('question')}</th><th>{tb('first')}</th><th>{tb('second')}</th><th>{tb('verdict')}</th></tr></thead>
          <tbody>{comparison.answers.map((one) => (
            <tr key={one.question} data-testid={`blind-answer-${one.question}`} data-differs={String(one.differs)}>
              <th scope="row">{tb(`q_${one.question}` as BlindKey)}</th>
              <td class={one.first === null ? 'side__none' : ''}>{answerWords(one.question, one.first, forms)}</td>
              <td>{answerWords(one.question, one.second, forms)}</td>
              <td>{one.differs === null ? '—' : <Pill tone={one.differs ? 'warn' : 'ok'} icon={one.differs ? 'warning' : 'check'}>{tb(one.differs ? 'differs' : 'same')}</Pill>}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </>
  );
}
