import { missingOf, nextShot, shotsOf, stepShot } from '@web/desk/shots';
import type { Case, Codes } from '@shared/types';

const codes = { shots: ['front', 'rear', 'impact', 'plate'].map((code) => ({ code, zh: code, en: code })) } as unknown as Codes;
const file = (...taken: string[]) => ({ shot_list: { accident_form: null, gate: true, items: ['front', 'plate', 'rear', 'unknown'].map((code) => ({ code, required: code !== 'plate', taken: taken.includes(code) })) } }) as unknown as Case;
const list = (...taken: string[]) => shotsOf(file(...taken), codes);

test('the list is the service’s; what the codes don’t know is left out', () => expect(list().map((one) => one.code)).toEqual(['front', 'plate', 'rear']));
test('required ones come first', () => {
  expect(nextShot(list(), null)?.code).toBe('front');
  expect(nextShot(list('front'), null)?.code).toBe('rear');
  expect(nextShot(list('front', 'rear'), null)?.code).toBe('plate');
  expect(nextShot(list('front', 'rear', 'plate'), null)).toBeNull();
});
test('what the officer chose goes before', () => expect(nextShot(list(), 'plate')?.code).toBe('plate'));
test('a choice that is no longer on the list is none', () => expect(nextShot(list(), 'impact')?.code).toBe('front'));
test('the arrows go round', () => {
  expect(stepShot(list(), null, 1)).toBe('plate');
  expect(stepShot(list(), 'plate', 1)).toBe('rear');
  expect(stepShot(list(), 'rear', 1)).toBe('front');
  expect(stepShot(list(), 'front', -1)).toBe('rear');
  expect(stepShot([], null, 1)).toBeNull();
});
test('missing', () => expect(missingOf(list('rear')).map((one) => one.code)).toEqual(['front']));
