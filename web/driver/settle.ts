// The parties' own agreement, question by question: which come, which are answered, and what an answer does to the draft.
// Pure: tested by table.
import type { Agreement, AgreementParty, Case, Liability, Missing } from '@shared/types';

export const STEPS = ['photos', 'other', 'vehicle', 'papers', 'weather', 'how', 'part', 'fault', 'pay', 'review'] as const;
export type SettleStep = (typeof STEPS)[number];

export const mine = (draft: Agreement, partyId: string | null): AgreementParty | undefined => draft.parties.find((one) => one.party_id === partyId);
export const theirs = (draft: Agreement, partyId: string | null): AgreementParty[] => draft.parties.filter((one) => one.party_id !== partyId);

/** Who bears what, as one choice of two drivers. */
export const FAULTS = ['mine', 'theirs', 'equal', 'mostly_mine', 'mostly_theirs'] as const;
export type Fault = (typeof FAULTS)[number];
const SHARES: Record<Fault, [Liability, Liability]> = {
  mine: ['full', 'none'], theirs: ['none', 'full'], equal: ['equal', 'equal'], mostly_mine: ['primary', 'secondary'], mostly_theirs: ['secondary', 'primary'],
};

/** The choice that the draft holds, by the party that looks; null: none, or one of more than two. */
export function faultOf(draft: Agreement, partyId: string | null): Fault | null {
  const own = mine(draft, partyId)?.liability, others = theirs(draft, partyId).map((one) => one.liability);
  return FAULTS.find((fault) => SHARES[fault][0] === own && others.length > 0 && others.every((one) => one === SHARES[fault][1])) ?? null;
}

/** Another split makes another compensation: what was agreed to be paid is asked again. */
export function withFault(draft: Agreement, partyId: string | null, fault: Fault): Agreement {
  if (faultOf(draft, partyId) === fault) return draft;
  const parties = draft.parties.map((one) => ({ ...one, liability: SHARES[fault][one.party_id === partyId ? 0 : 1] }));
  return { ...draft, parties, compensation: null, payments: [] };
}

/** Who pays, where no insurer is asked: who bears more; of equals whoever says so. */
export function payer(draft: Agreement): string | null {
  const liable = draft.parties.filter((one) => one.liability === 'full' || one.liability === 'primary');
  return liable.length === 1 ? liable[0]!.party_id : null;
}

export function withPayment(draft: Agreement, from: string, amount: number | null): Agreement {
  const to = draft.parties.find((one) => one.party_id !== from)?.party_id ?? null;
  return { ...draft, compensation: 'private', payments: [{ from_party_id: from, to_party_id: to, amount_cny: amount }] };
}

export function withParty(draft: Agreement, partyId: string | null, part: Partial<AgreementParty>): Agreement {
  return { ...draft, parties: draft.parties.map((one) => (one.party_id === partyId ? { ...one, ...part } : one)) };
}

/** The party whose field a finding names; -1: it is the accident's. */
export const partyIndex = (pointer: string) => Number(/^\/parties\/(\d+)\//.exec(pointer)?.[1] ?? -1);

/** Which question a finding is answered by; null: only the other party can. */
export function stepOf(pointer: string, draft: Agreement, partyId: string | null): SettleStep | null {
  const index = partyIndex(pointer), field = pointer.split('/')[3];
  if (index < 0) {
    if (pointer === '/parties') return 'other';
    if (pointer === '/weather') return 'weather';
    if (pointer === '/accident_form' || pointer === '/collision_type') return 'how';
    return pointer.startsWith('/payments') || pointer === '/compensation' ? 'pay' : 'review';
  }
  if (field === 'liability') return 'fault';
  if (draft.parties[index]?.party_id !== partyId) return null;
  if (field === 'collision_part') return 'part';
  return field === 'vehicle_type' ? 'vehicle' : 'papers';
}

export interface Open { step: SettleStep; text: string }
/** What this party still has to answer, and whether the other has something to answer as well. */
export function openOf(of: Case, missing: Missing[], partyId: string | null): { own: Open[]; others: boolean } {
  const { draft } = of.agreement;
  const own: Open[] = of.stills.length === 0 ? [{ step: 'photos', text: '' }] : [];
  let others = false;
  for (const { pointer, message } of missing) {
    const step = stepOf(pointer, draft, partyId);
    if (step === null) others = true;
    else own.push({ step, text: message });
  }
  return { own, others };
}

/** Where a party begins: at the first question that it has not answered. */
export function firstStep(of: Case, partyId: string | null): SettleStep {
  const { own } = openOf(of, of.agreement.missing, partyId);
  return STEPS.find((step) => own.some((one) => one.step === step)) ?? 'review';
}
