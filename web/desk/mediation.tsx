// Mediation of the loss on the spot (arts. 25, 26): on the determination before it is issued, or at the end of the case.
import { pick } from '@shared/i18n';
import { useStore } from '@shared/store';
import type { Case, Codes, Determination } from '@shared/types';
import { Segmented, Select, TextArea } from '@shared/ui';
import type { Draft } from './draft';
import { t } from './messages';

/** In the draft. The result is written on the document, so that who signs it signs that too. */
export function MediationDraft({ draft, locked }: { draft: Draft; locked: boolean }) {
  const { body } = useStore(draft);
  const choices = [{ value: '', text: t('mediationUnset') }, { value: 'agreed', text: t('mediationAgreed') }, { value: 'declined', text: t('mediationDeclined') }];
  const choose = (value: string) => draft.edit({ mediation: (value || null) as Determination['mediation'] ?? null, ...(value === 'agreed' ? {} : { mediation_result: null }) });
  return (
    <section class="liable" data-testid="mediation">
      <header><b>{t('mediation')}</b></header>
      <Segmented label={t('mediation')} value={body.mediation ?? ''} choices={choices} disabled={locked} testid="mediation-choice" onValue={choose} />
      {body.mediation === 'agreed' && <TextArea label={t('mediationResult')} value={body.mediation_result ?? ''} disabled={locked} rows={3} maxLength={4000} testid="mediation-result" onValue={(mediation_result) => draft.edit({ mediation_result })} />}
    </section>
  );
}

export interface Closing { code: string; method: string; result: string }

/** Closed as mediated: the way and the result, both or the service refuses. */
export function MediationEnd({ file, codes, closing, onChange }: { file: Case; codes: Codes; closing: Closing; onChange: (part: Partial<Closing>) => void }) {
  const written = file.determination?.mediation === 'agreed';
  return (
    <>
      <Select label={t('mediationMethod')} value={closing.method} empty={t('choose')} choices={codes.mediation_method.map((one) => ({ value: one.code, text: `${one.code} ${pick(one)}` }))} onValue={(method) => onChange({ method })} testid="mediation-method" />
      <TextArea label={t('mediationResult')} value={closing.result} disabled={written} rows={2} maxLength={4000} onValue={(result) => onChange({ result })} testid="closing-result" {...(written ? { hint: t('mediationWritten') } : {})} />
    </>
  );
}
