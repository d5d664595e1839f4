// What usually follows from the acts that were chosen (the split of liability, the codes, the parts hit), offered above the
// parties: one key takes it over, and takes it back. Nothing changes by itself.
import { useState } from 'preact/hooks';
import { pick } from '@shared/i18n';
import { partyMark } from '@shared/party';
import { useStore } from '@shared/store';
import type { Case, Code, Codes, Determination, Liability } from '@shared/types';
import { Button } from '@shared/ui';
import type { Draft } from './draft';
import { useKey } from './keys';
import { same } from './merge';
import { t } from './messages';
import { sameSplit, splitOf, usualSplit } from './split';
import { isNothing, usualFacts, type Facts } from './usual';

interface Chosen { split: Record<string, Liability | null>; accident_form: string | null; collision_type: string | null; parts: Record<string, string | null> }

const chosenOf = (body: Determination): Chosen => ({
  split: splitOf(body.parties), accident_form: body.accident_form, collision_type: body.collision_type, parts: Object.fromEntries(body.parties.map((one) => [one.party_id, one.collision_part])),
});

/** What is now, with the proposal over it. */
const withProposal = (now: Chosen, split: Record<string, Liability> | null, facts: Facts): Chosen => ({
  split: split ?? now.split, accident_form: facts.accident_form ?? now.accident_form, collision_type: facts.collision_type ?? now.collision_type, parts: { ...now.parts, ...facts.parts },
});

/** "碰撞运动车辆、追尾碰撞、甲方前部、乙方后部" */
function factsText(facts: Facts, file: Case, codes: Codes): string {
  const name = (list: Code[], code: string | undefined) => { const found = list.find((one) => one.code === code); return found ? pick(found) : null; };
  const parts = file.parties.filter((party) => facts.parts[party.id]).map((party) => t('splitOf', { who: t('party', { label: partyMark(party.label) }), what: name(codes.collision_part, facts.parts[party.id]) ?? '' }));
  return [name(codes.accident_form, facts.accident_form), name(codes.collision_type, facts.collision_type), ...parts].filter(Boolean).join(t('splitAnd'));
}

export function Proposal({ draft, file, codes }: { draft: Draft; file: Case; codes: Codes }) {
  const { body } = useStore(draft);
  const [taken, setTaken] = useState<{ before: Chosen; after: Chosen } | null>(null);
  const now = chosenOf(body);
  const usual = usualSplit(body.parties, codes.scenarios);
  const facts = usualFacts(body, codes.scenarios);
  const splits = usual !== null && !sameSplit(usual, now.split);
  const open = splits || (usual !== null && !isNothing(facts));
  const undo = taken !== null && same(taken.after, now);
  const put = (to: Chosen) => draft.edit({
    accident_form: to.accident_form, collision_type: to.collision_type,
    parties: draft.value.body.parties.map((one) => ({ ...one, liability: to.split[one.party_id] ?? null, collision_part: to.parts[one.party_id] ?? null })),
  });
  const takeOver = () => { const after = withProposal(now, usual, facts); setTaken({ before: now, after }); put(after); };
  const takeBack = () => { if (taken) { put(taken.before); setTaken(null); } };
  useKey('split', open ? takeOver : undo ? takeBack : null);
  if (!open && !undo) return null;
  const words = splits && file.parties.filter((party) => usual[party.id]).map((party) => {
    const liability = codes.liability.find((one) => one.code === usual[party.id]);
    return t('splitOf', { who: t('party', { label: partyMark(party.label) }), what: liability ? pick(liability) : usual[party.id]! });
  }).join(t('splitAnd'));
  return (
    <div class="proposal" role="status" data-testid="proposal">
      <p>{open ? t('proposed', { split: [words, factsText(facts, file, codes)].filter(Boolean).join(t('splitAnd')) }) : t('proposalTaken')} <small>{t('proposalNote')}</small></p>
      {open ? <Button size="s" kind="primary" kbd="Alt U" testid="take-split" onClick={takeOver}>{t('takeSplit')}</Button>
        : <Button size="s" kbd="Alt U" testid="undo-split" onClick={takeBack}>{t('undoSplit')}</Button>}
    </div>
  );
}
