// The parties' agreement as the desk guides it: the facts and the liability of the record, and what becomes of the damage.
import type { Agreement, AgreementParty, Compensation, Determination } from '@shared/types';

export interface Terms { compensation: Compensation | null; from: string | null; to: string | null; amount: number | null; damage: Record<string, number | null> }

export function termsOf(draft: Agreement): Terms {
  const first = draft.payments[0];
  return {
    compensation: draft.compensation, from: first?.from_party_id ?? null, to: first?.to_party_id ?? null, amount: first?.amount_cny ?? null,
    damage: Object.fromEntries(draft.parties.map((one) => [one.party_id, one.damage_cny])),
  };
}

const blank = (id: string): AgreementParty => ({
  party_id: id, name: null, phone: null, id_number: null, vehicle_type: null, plate_number: null, plate_type: null, insurer: null, insurance_certificate: null,
  licence_number: null, collision_part: null, violations: [], liability: null, damage_cny: null,
});

/** What the desk has typed goes before what the parties wrote; what each says of itself stays the parties' (null). */
export function compose(body: Determination, kept: Agreement, terms: Terms): Agreement {
  const wrote = new Map(kept.parties.map((one) => [one.party_id, one]));
  return {
    occurred_at: body.occurred_at ?? kept.occurred_at, place_text: body.place_text ?? kept.place_text, weather: body.weather ?? kept.weather,
    accident_form: body.accident_form ?? kept.accident_form, collision_type: body.accident_form ? body.collision_type : kept.collision_type,
    collision_object: body.accident_form ? body.collision_object : kept.collision_object, facts: body.facts ?? kept.facts,
    parties: body.parties.map((one) => {
      const own = wrote.get(one.party_id);
      return {
        ...blank(one.party_id), collision_part: one.collision_part ?? own?.collision_part ?? null, liability: one.liability ?? own?.liability ?? null,
        violations: one.violations.length ? one.violations : own?.violations ?? [], damage_cny: terms.damage[one.party_id] ?? null,
      };
    }),
    compensation: terms.compensation,
    payments: terms.compensation === 'private' ? [{ from_party_id: terms.from, to_party_id: terms.to, amount_cny: terms.amount }] : [],
  };
}
