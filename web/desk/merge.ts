// Two windows, or two officers, on one draft: what each has changed since the text that both began from, field by field.
import type { Determination, DeterminationParty } from '@shared/types';

/** A field that both changed, each in another way. `pointer`: `/facts`, or `/parties/PARTY_ID/liability`. */
export interface Clash { pointer: string; theirs: unknown }

type Fields = Map<string, unknown>;

function fieldsOf(body: Determination): Fields {
  const fields: Fields = new Map(Object.entries(body).filter(([name]) => name !== 'parties').map(([name, value]) => [`/${name}`, value]));
  for (const party of body.parties) {
    for (const [name, value] of Object.entries(party)) if (name !== 'party_id') fields.set(`/parties/${party.party_id}/${name}`, value);
  }
  return fields;
}

export const fieldOf = (body: Determination, pointer: string): unknown => fieldsOf(body).get(pointer) ?? null;

/** As the service keeps it: no blanks around, nothing for an empty text, no names without a value. */
function kept(value: unknown): unknown {
  if (typeof value === 'string') return value.trim() || null;
  if (Array.isArray(value)) return value.map(kept);
  if (value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, kept(inner)] as const).filter(([, inner]) => inner !== null).sort(([a], [b]) => (a < b ? -1 : 1)));
}

export const same = (one: unknown, other: unknown): boolean => JSON.stringify(kept(one)) === JSON.stringify(kept(other));

/** The body with some of its fields set; a party that it does not have is left out. */
export function withFields(body: Determination, fields: Fields): Determination {
  const next = { ...body, parties: body.parties.map((party) => ({ ...party })) } as Determination & Record<string, unknown>;
  for (const [pointer, value] of fields) {
    const [, first, id, name] = pointer.split('/') as [string, string, string?, string?];
    if (first !== 'parties') next[first] = value;
    const party = next.parties.find((one) => one.party_id === id) as (DeterminationParty & Record<string, unknown>) | undefined;
    if (party && name) party[name] = value;
  }
  return next;
}

/** `mine`, and what only they changed; where both did, mine stays, and is named. The parties are those of `theirs`. */
export function merge(base: Determination, mine: Determination, theirs: Determination): { body: Determination; clashes: Clash[] } {
  const [was, here, there] = [fieldsOf(base), fieldsOf(mine), fieldsOf(theirs)];
  const clashes: Clash[] = [];
  const typed: Fields = new Map();
  for (const [pointer, value] of here) {
    if (!there.has(pointer) || same(value, was.get(pointer))) continue;
    typed.set(pointer, value);
    const other = there.get(pointer);
    if (!same(other, was.get(pointer)) && !same(other, value)) clashes.push({ pointer, theirs: other });
  }
  return { body: withFields(theirs, typed), clashes };
}

/** What may be saved without anybody losing a word: their value wherever there is a clash. */
export const withTheirs = (body: Determination, clashes: Clash[]): Determination => withFields(body, new Map(clashes.map((one) => [one.pointer, one.theirs])));

/** The new base after `theirs` has been seen: of a field in clash it stays the old one, so that the clash is not forgotten. */
export function rebase(base: Determination, theirs: Determination, clashes: Clash[]): Determination {
  const was = fieldsOf(base);
  return withFields(theirs, new Map(clashes.map((one) => [one.pointer, was.get(one.pointer) ?? null])));
}
