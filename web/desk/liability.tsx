// Who did what and who bears what; the catalogue proposes, the officer decides, the domain refuses contradictions.
import { useState } from 'preact/hooks';
import { Diagram } from '@shared/diagrams';
import { pick, pickField, said } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { useStore } from '@shared/store';
import type { Case, Codes, DeterminationParty, Liability, Scenario } from '@shared/types';
import { Button, Icon, Pill, Segmented, Select } from '@shared/ui';
import type { Draft } from './draft';
import { Gallery } from './gallery';
import { MediationDraft } from './mediation';
import { KEYS, useKey } from './keys';
import { t } from './messages';
import { Proposal } from './proposal';
import { Reasons } from './reasons';
import type { Room } from './room';
import { Wording } from './wording';

const LIABILITIES: Liability[] = ['full', 'primary', 'equal', 'secondary', 'none', 'undeterminable'];
const SHORT: Record<Liability, { zh: string; en: string }> = {
  full: { zh: '全部', en: 'full' }, primary: { zh: '主要', en: 'main' }, equal: { zh: '同等', en: 'equal' }, secondary: { zh: '次要', en: 'minor' },
  none: { zh: '无', en: 'none' }, undeterminable: { zh: '不明', en: '?' },
};

export function LiabilityTab({ room, draft, file, codes, locked }: { room: Room; draft: Draft; file: Case; codes: Codes; locked: boolean }) {
  const { body } = useStore(draft);
  const [browsing, setBrowsing] = useState<string | null>(null);
  useKey('violation', locked ? null : (at) => setBrowsing(body.parties[at]?.party_id ?? null));
  return (
    <fieldset class="liability" disabled={locked}>
      {body.parties.map((one, index) => (
        <PartyLiability key={one.party_id} draft={draft} file={file} codes={codes} one={one} index={index} locked={locked} browsing={browsing === one.party_id} onBrowse={(on) => setBrowsing(on ? one.party_id : null)} />
      ))}
      {!locked && <Proposal draft={draft} file={file} codes={codes} />}
      <Reasons room={room} draft={draft} file={file} locked={locked} />
      <MediationDraft draft={draft} locked={locked} />
    </fieldset>
  );
}

function PartyLiability({ draft, file, codes, one, index, locked, browsing, onBrowse }: {
  draft: Draft; file: Case; codes: Codes; one: DeterminationParty; index: number; locked: boolean; browsing: boolean; onBrowse: (on: boolean) => void;
}) {
  const { errors } = useStore(draft);
  const add = (code: string) => draft.editParty(one.party_id, { violations: [...new Set([...one.violations, code])] });
  const party = file.parties.find((known) => known.id === one.party_id)!;
  const mine = errors.filter((error) => error.pointer.startsWith(`/parties/${index}`));
  const chosen = one.violations.map((code) => codes.scenarios.find((scenario) => scenario.code === code)).filter((scenario) => scenario !== undefined);
  return (
    <section class="liable" data-testid={`liable-${party.label}`}>
      <header><b>{t('party', { label: partyMark(party.label) })}</b> <span class="num">{one.plate_number ?? party.plate_number}</span> {party.name}</header>
      <Select label={t('collisionPart')} value={one.collision_part ?? ''} empty={t('choose')} disabled={locked} choices={codes.collision_part.map((part) => ({ value: part.code, text: pick(part) }))}
        onValue={(value) => draft.editParty(one.party_id, { collision_part: value || null })} testid={`collision-part-${party.label}`} />
      <Select label={t('scenario')} value="" empty={t('choose')} disabled={locked} choices={codes.scenarios.map((scenario) => ({ value: scenario.code, text: `${pickField(scenario, 'title')} · ${scenario.legal_basis}` }))}
        onValue={(code) => code && add(code)} testid={`scenario-${party.label}`} />
      {!locked && <Button size="s" testid={`browse-${party.label}`} {...(index < KEYS.violation.combos.length ? { kbd: `Alt ${'ABC'[index]}` } : {})} onClick={() => onBrowse(true)}>{t('browse')}</Button>}
      {browsing && <Gallery title={t('galleryOf', { label: partyMark(party.label) })} scenarios={codes.scenarios} chosen={one.violations} onPick={add} onClose={() => onBrowse(false)} />}
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
      <Diagram code={scenario.code} title={pickField(scenario, 'title')} desc={pickField(scenario, 'summary')} />
      <b>{pickField(scenario, 'title')}</b> <Pill tone="ok">{scenario.legal_basis}</Pill>
      {onRemove && <button type="button" class="scenario__remove" aria-label={t('removeReason')} onClick={onRemove}>×</button>}
      <p>{pickField(scenario, 'summary')} {t('usual', { split })}</p>
      <Wording legalBasis={scenario.legal_basis} />
    </div>
  );
}
