import { sameSplit, splitOf, usualSplit } from '@web/desk/split';
import type { DeterminationParty, Liability, Scenario } from '@shared/types';

const scenarios = [
  { code: 'FULL', usual_split: 'full' }, { code: 'FULL_2', usual_split: 'full' }, { code: 'PARKED', usual_split: 'contributing' }, { code: 'BOTH', usual_split: 'equal' },
] as Scenario[];
const parties = (...violations: string[][]) => violations.map((codes, at) => ({ party_id: 'abcd'[at]!, violations: codes, liability: null }) as unknown as DeterminationParty);

test.each<[string, string[][], Liability[] | null]>([
  ['nobody did anything', [[], []], null],
  ['one listed act bears it all', [['FULL'], []], ['full', 'none']],
  ['whoever did it', [[], ['FULL', 'FULL_2']], ['none', 'full']],
  ['three parties', [[], ['FULL'], []], ['none', 'full', 'none']],
  ['alone', [['FULL']], ['full']],
  ['acts on both sides', [['FULL'], ['FULL_2']], ['equal', 'equal']],
  ['two of three', [['FULL'], [], ['FULL']], ['equal', 'none', 'equal']],
  ['an act and one that contributes', [['FULL'], ['PARKED']], ['primary', 'secondary']],
  ['both by one party', [['FULL', 'PARKED'], []], ['full', 'none']],
  ['two that contribute', [['FULL'], ['PARKED'], ['PARKED']], ['primary', 'secondary', 'secondary']],
  ['only one that contributes: no usual answer', [['PARKED'], []], null],
  ['two acts and one that contributes: no usual answer', [['FULL'], ['FULL'], ['PARKED']], null],
  ['an act that is shared', [['BOTH'], []], ['equal', 'equal']],
  ['shared by two of three', [['BOTH'], ['BOTH'], []], ['equal', 'equal', 'none']],
  ['shared beside another: no usual answer', [['BOTH'], ['FULL']], null],
  ['unknown acts weigh nothing', [['GONE'], []], null],
])('%s', (_, violations, expected) => {
  const split = usualSplit(parties(...violations), scenarios);
  expect(split && Object.values(split)).toEqual(expected);
});

test('the same split, whatever is not yet said', () => {
  expect(sameSplit({ a: 'full', b: null }, { a: 'full' })).toBe(true);
  expect(sameSplit({ a: 'full', b: 'none' }, { a: 'full' })).toBe(false);
  expect(splitOf(parties([], []))).toEqual({ a: null, b: null });
});
