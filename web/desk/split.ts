// The split of liability that usually follows from the acts that were chosen. A proposal: the officer takes it over or
// leaves it. One listed act bears it all; acts on both sides share equally (the practice of centres, not the law); an act
// that only contributes turns full into primary and secondary. Where practice has no answer there is no proposal.
import type { DeterminationParty, Liability, Scenario } from '@shared/types';

type Weight = 'full' | 'equal' | 'contributing' | 'none';
export type Split = Record<string, Liability>;

function weightOf(party: DeterminationParty, scenarios: Scenario[]): Weight {
  const splits = party.violations.map((code) => scenarios.find((one) => one.code === code)?.usual_split);
  return splits.includes('full') ? 'full' : splits.includes('equal') ? 'equal' : splits.includes('contributing') ? 'contributing' : 'none';
}

/** By party id; null: nothing to propose. */
export function usualSplit(parties: DeterminationParty[], scenarios: Scenario[]): Split | null {
  const weights = parties.map((one) => weightOf(one, scenarios));
  const count = (weight: Weight) => weights.filter((one) => one === weight).length;
  const split = (of: Partial<Record<Weight, Liability>>): Split => Object.fromEntries(parties.map((one, at) => [one.party_id, of[weights[at]!] ?? 'none']));
  if (count('equal') > 0 && count('full') + count('contributing') === 0 && parties.length > 1) return split({ equal: 'equal', none: count('equal') === 1 ? 'equal' : 'none' });
  if (count('equal') > 0) return null;
  if (count('full') === 1) return count('contributing') > 0 ? split({ full: 'primary', contributing: 'secondary' }) : split({ full: 'full' });
  return count('full') > 1 && count('contributing') === 0 ? split({ full: 'equal' }) : null;
}

export const splitOf = (parties: DeterminationParty[]) => Object.fromEntries(parties.map((one) => [one.party_id, one.liability]));

export function sameSplit(one: Record<string, Liability | null>, other: Record<string, Liability | null>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => (one[key] ?? null) === (other[key] ?? null));
}
