// What a party may still do, and until which day: the review first, with how to ask for it.
import { dueText, isOver, leftText, limitsOf, toneOf } from '@shared/deadlines';
import { pickField } from '@shared/i18n';
import { ts } from '@shared/messages';
import type { Case, Deadline } from '@shared/types';
import { Pill } from '@shared/ui';
import { t } from '../messages';

/** `action`: what can be done about one here and now. */
export function Limits({ of, action }: { of: Case; action?: (limit: Deadline) => preact.ComponentChildren }) {
  const limits = limitsOf(of.deadlines.filter((one) => !isOver(one)), []);
  if (limits.length === 0) return null;
  return (
    <section class="limits" aria-labelledby="limits-title" data-testid="review-note">
      <h2 id="limits-title">{t('limitsTitle')}</h2>
      {limits.map(({ deadline }) => (
        <article key={`${deadline.code} ${deadline.started_at}`} class="limit" data-testid={`deadline-${deadline.code}`} data-state={deadline.state}>
          <header><h3>{pickField(deadline, 'title')}</h3><Pill tone={toneOf(deadline)}>{leftText(deadline)}</Pill></header>
          <p><b>{ts(deadline.state === 'past' ? 'limitWasUntil' : 'limitUntil', { day: dueText(deadline) })}</b></p>
          {deadline.state !== 'past' && pickField(deadline, 'how') && <p>{pickField(deadline, 'how')}</p>}
          {deadline.provisional && deadline.kind === 'law' && <p>{t('limitProvisional')}</p>}
          {deadline.state !== 'past' && action?.(deadline)}
          <small>{deadline.kind === 'local_policy' && `${ts('limitLocal')} · `}{deadline.legal_basis}</small>
        </article>
      ))}
    </section>
  );
}
