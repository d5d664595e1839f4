// What runs out in this case: the most urgent in one line, all of it on a tap.
import { useState } from 'preact/hooks';
import { dueText, isOver, leftText, limitsOf, toneOf, type Limit } from '@shared/deadlines';
import { pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import type { Case } from '@shared/types';
import { Icon, Pill } from '@shared/ui';
import { useKey } from './keys';
import { t } from './messages';

function Line({ limit: { deadline, whose } }: { limit: Limit }) {
  return (
    <>
      <span class="limits__what">{pickField(deadline, 'title')}{whose && ` · ${whose}`}</span>
      <span class="limits__due">{dueText(deadline)}{deadline.provisional && <abbr title={t('limitProvisional')}> *</abbr>}</span>
      <Pill tone={toneOf(deadline)}>{leftText(deadline)}</Pill>
    </>
  );
}

export function Deadlines({ file }: { file: Case }) {
  const limits = limitsOf(file.deadlines, file.parties);
  const [first] = limits;
  const [unfolded, setUnfolded] = useState(false);
  useKey('limits', () => setUnfolded(!unfolded));
  if (!first || limits.every(({ deadline }) => isOver(deadline))) return null;
  return (
    <details class="limits" open={unfolded} data-testid="deadlines">
      <summary class={`limits__line limits__line--${toneOf(first.deadline) ?? 'plain'}`} data-testid="deadline-next" onClick={(event) => { event.preventDefault(); setUnfolded(!unfolded); }}><Icon name="clock" size="s" /><Line limit={first} /></summary>
      <ul>
        {limits.map((limit) => (
          <li key={`${limit.deadline.code} ${limit.whose} ${limit.deadline.started_at}`} class="limits__line" data-testid={`deadline-${limit.deadline.code}`}>
            <Line limit={limit} />
            <small>{limit.deadline.kind === 'local_policy' && `${ts('limitLocal')} · `}{limit.deadline.legal_basis}</small>
          </li>
        ))}
      </ul>
      {limits.some(({ deadline }) => deadline.provisional) && <p>* {t('limitProvisional')}</p>}
    </details>
  );
}
