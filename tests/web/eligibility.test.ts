import { learnedOf } from '@web/desk/eligibility';
import { kilometres } from '@web/driver/grounds';
import type { Triage } from '@web/shared/types';

const known: Triage = {
  death: false, injury: 'none', licence_problem: false, alcohol_or_drugs: false, overloaded_or_speeding_passenger_vehicle: false, plate_problem: false,
  cannot_move: false, party_left: false, intent: false, no_inspection_or_insurance_mark: false, facility_damage: false, hazardous_goods: false,
  weather: null, road_type: '22', loss_cny: null };

test.each<[Partial<Triage>, Partial<Triage>]>([
  [{}, {}], [{ weather: '5' }, { weather: '5' }], [{ road_type: null }, { road_type: null }], [{ injury: 'slight', loss_cny: 900 }, { injury: 'slight', loss_cny: 900 }],
  [{ all_parties_agree: false, loss_cny: 0 }, {}], [{ all_parties_agree: true }, { all_parties_agree: true }],
])('only what is new is said %#', (part, learned) => expect(learnedOf(known, { ...known, ...part })).toEqual(learned));

test.each([[0, '0.1'], [2456, '2.5'], [9999, '10.0'], [10_000, '10'], [48_700, '49']])('%d m are %s km', (metres, text) => expect(kilometres(metres)).toBe(text));
