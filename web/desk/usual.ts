// What usually goes with the acts that were chosen: the form of the accident, how they met, where each was hit. Only what
// nobody has filled in yet is proposed, and only of two, of whom one did it; of a crash of three no two are usual.
import type { Determination, Scenario } from '@shared/types';

export interface Facts { accident_form?: string; collision_type?: string; parts: Record<string, string> }

export function usualFacts(body: Determination, scenarios: Scenario[]): Facts {
  const facts: Facts = { parts: {} };
  const [doer, ...more] = body.parties.filter((one) => one.violations.length > 0);
  if (!doer || more.length > 0 || body.parties.length !== 2) return facts;
  for (const code of doer.violations) {
    const usual = scenarios.find((one) => one.code === code)?.usual;
    if (!usual) continue;
    if (!body.accident_form && usual.accident_form) facts.accident_form ??= usual.accident_form;
    const form = body.accident_form ?? facts.accident_form;
    if (!body.collision_type && usual.collision_type && form === usual.accident_form) facts.collision_type ??= usual.collision_type;
    for (const party of body.parties) {
      const part = party === doer ? usual.own_part : usual.other_part;
      if (!party.collision_part && part) facts.parts[party.party_id] ??= part;
    }
  }
  return facts;
}

export const isNothing = (facts: Facts) => !facts.accident_form && !facts.collision_type && Object.keys(facts.parts).length === 0;
