import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isNothing, usualFacts } from '@web/desk/usual';
import type { Determination, DeterminationParty, Scenario } from '@shared/types';

const file = fileURLToPath(new URL('../../schema/rules/scenarios.json', import.meta.url));
const none = { accident_form: null, collision_type: null, own_part: null, other_part: null };
const scenarios = (JSON.parse(readFileSync(file, 'utf8')).scenarios as Scenario[]).map((one) => ({ ...one, usual: { ...none, ...one.usual } }));
const party = (id: string, violations: string[] = [], collision_part: string | null = null) => ({ party_id: id, violations, collision_part }) as unknown as DeterminationParty;
const body = (parties: DeterminationParty[], more: Partial<Determination> = {}) => ({ accident_form: null, collision_type: null, parties, ...more }) as Determination;

test('a rear-end collision has its form, its kind and a part on each side', () => {
  expect(usualFacts(body([party('a'), party('b', ['REAR_END'])]), scenarios)).toEqual({ accident_form: '11', collision_type: '1', parts: { b: 'front', a: 'rear' } });
});

test('what is filled in stays, and what would not fit it is not proposed', () => {
  expect(usualFacts(body([party('a', ['REAR_END'], 'front_left'), party('b')], { accident_form: '12' }), scenarios)).toEqual({ parts: { b: 'rear' } });
  expect(usualFacts(body([party('a', ['LANE_CHANGE']), party('b')], { accident_form: '11', collision_type: '7' }), scenarios)).toEqual({ parts: {} });
});

test.each([
  ['nobody did a listed act', [party('a'), party('b')]],
  ['both did', [party('a', ['REAR_END']), party('b', ['LANE_CHANGE'])]],
  ['a vehicle alone', [party('a', ['REAR_END'])]],
  ['three vehicles', [party('a', ['REAR_END']), party('b'), party('c')]],
  ['an act without a usual form', [party('a', ['DOOR_OPENING']), party('b')]],
])('%s: nothing', (_, parties) => {
  expect(isNothing(usualFacts(body(parties), scenarios))).toBe(true);
});
