// Who did what and who bears what; the catalogue proposes, the officer decides, the domain refuses contradictions.
import { pick, pickField, said } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { useStore } from '@shared/store';
import { position } from '@shared/time';
import type { Case, Codes, DeterminationParty, Liability, Reason, Scenario } from '@shared/types';
import { Button, Icon, Pill, Segmented, Select, TextArea } from '@shared/ui';
import type { Draft } from './draft';
import { t } from './messages';
import { Wording } from './wording';

const LIABILITIES: Liability[] = ['full', 'primary', 'equal', 'secondary', 'none', 'undeterminable'];
const SHORT: Record<Liability, { zh: string; en: string }> = {
  full: { zh: '全部', en: 'full' }, primary: { zh: '主要', en: 'main' }, equal: { zh: '同等', en: 'equal' }, secondary: { zh: '次要', en: 'minor' },
  none: { zh: '无', en: 'none' }, undeterminable: { zh: '不明', en: '?' },
};

export function LiabilityTab({ draft, file, codes, locked }: { draft: Draft; file: Case; codes: Codes; locked: boolean }) {
  const { body } = useStore(draft);
  return (
    <fieldset class="liability" disabled={locked}>
      {body.parties.map((one, index) => <PartyLiability key={one.party_id} draft={draft} file={file} codes={codes} one={one} index={index} locked={locked} />)}
      <h3>{t('reasons')}</h3>
      {body.reasons.map((reason, index) => <ReasonRow key={index} draft={draft} file={file} reason={reason} index={index} />)}
      {!locked && <Button size="s" testid="add-reason" onClick={() => draft.edit({ reasons: [...body.reasons, { text: '', evidence: [] }] })}>{t('addReason')}</Button>}
    </fieldset>
  );
}

function PartyLiability({ draft, file, codes, one, index, locked }: { draft: Draft; file: Case; codes: Codes; one: DeterminationParty; index: number; locked: boolean }) {
  const { errors } = useStore(draft);
  const party = file.parties.find((known) => known.id === one.party_id)!;
  const mine = errors.filter((error) => error.pointer.startsWith(`/parties/${index}`));
  const chosen = one.violations.map((code) => codes.scenarios.find((scenario) => scenario.code === code)).filter((scenario) => scenario !== undefined);
  return (
    <section class="liable" data-testid={`liable-${party.label}`}>
      <header><b>{t('party', { label: partyMark(party.label) })}</b> <span class="num">{one.plate_number ?? party.plate_number}</span> {party.name}</header>
      <Select label={t('collisionPart')} value={one.collision_part ?? ''} empty={t('choose')} disabled={locked} choices={codes.collision_part.map((part) => ({ value: part.code, text: pick(part) }))}
        onValue={(value) => draft.editParty(one.party_id, { collision_part: value || null })} testid={`collision-part-${party.label}`} />
      <Select label={t('scenario')} value="" empty={t('choose')} disabled={locked} choices={codes.scenarios.map((scenario) => ({ value: scenario.code, text: `${pickField(scenario, 'title')} · ${scenario.legal_basis}` }))}
        onValue={(code) => code && draft.editParty(one.party_id, { violations: [...new Set([...one.violations, code])] })} testid={`scenario-${party.label}`} />
      {chosen.map((scenario) => (
        <ScenarioCard key={scenario.code} scenario={scenario} onRemove={locked ? null : () => draft.editParty(one.party_id, { violations: one.violations.filter((code) => code !== scenario.code) })} />
      ))}
      <Segmented label={t('liability')} value={one.liability} disabled={locked} testid={`liability-${party.label}`} choices={LIABILITIES.map((value) => ({ value, text: pick(SHORT[value]) }))}
        onValue={(value) => draft.editParty(one.party_id, { liability: value as Liability })} />
      {mine.map((error) => <p key={error.pointer + error.message} class="liable__error" role="alert" data-testid="contradiction"><Icon name="warning" size="s" />{said(error.message)}</p>)}
    </section>
  );
}

function ScenarioCard({ scenario, onRemove }: { scenario: Scenario; onRemove: (() => void) | null }) {
  const split = scenario.usual_split === 'full' ? t('usualFull') : scenario.usual_split === 'equal' ? t('usualEqual') : t('usualContributing');
  return (
    <div class="scenario">
      <b>{pickField(scenario, 'title')}</b> <Pill tone="ok">{scenario.legal_basis}</Pill>
      {onRemove && <button type="button" class="scenario__remove" aria-label={t('removeReason')} onClick={onRemove}>×</button>}
      <p>{pickField(scenario, 'summary')} {t('usual', { split })}</p>
      <Wording legalBasis={scenario.legal_basis} />
    </div>
  );
}

function ReasonRow({ draft, file, reason, index }: { draft: Draft; file: Case; reason: Reason; index: number }) {
  const { body } = useStore(draft);
  const put = (next: Reason | null) => draft.edit({ reasons: next ? body.reasons.map((one, at) => (at === index ? next : one)) : body.reasons.filter((_, at) => at !== index) });
  const toggle = (id: string) => {
    const have = reason.evidence.some((one) => one.id === id);
    const still = file.stills.find((one) => one.id === id);
    put({ ...reason, evidence: have ? reason.evidence.filter((one) => one.id !== id) : [...reason.evidence, { kind: 'still', id, at_ms: still?.media_time_ms ?? null }] });
  };
  return (
    <div class="reason">
      <TextArea label={`${t('reasonText')} ${index + 1}`} rows={2} value={reason.text} onValue={(text) => put({ ...reason, text })} testid={`reason-${index}`} />
      <div class="reason__links">
        {file.stills.map((still, at) => (
          <Button key={still.id} size="s" pressed={reason.evidence.some((one) => one.id === still.id)} testid={`reason-${index}-still-${at}`} onClick={() => toggle(still.id)}>
            {t('linkStill', { n: at + 1 })}{still.media_time_ms ? <span class="num"> {position(still.media_time_ms)}</span> : null}
          </Button>
        ))}
        <Button size="s" kind="quiet" label={t('removeReason')} onClick={() => put(null)}>×</Button>
      </div>
    </div>
  );
}
