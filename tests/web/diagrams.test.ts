import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { scene, scenarioCodes } from '@shared/diagrams/scenes';
import { search } from '@web/desk/gallery';
import type { Scenario } from '@shared/types';

const rules = fileURLToPath(new URL('../../schema/rules/scenarios.json', import.meta.url));
const scenarios = (JSON.parse(readFileSync(rules, 'utf8')) as { scenarios: Scenario[] }).scenarios;

/** What is drawn, without what Preact keeps beside it. */
const drawn = (code: string) => JSON.stringify(scene(code), (key, value: unknown) => (typeof value === 'function' ? value.name : key.startsWith('__') ? undefined : value));

test('every scenario of the catalogue has a drawing of its own, and none is drawn that is not in it', () => {
  expect([...scenarioCodes].sort()).toEqual(scenarios.map((one) => one.code).sort());
  expect(new Set(scenarioCodes.map(drawn)).size).toBe(scenarioCodes.length);
});

test('a scenario that is not known yet is drawn as another one', () => {
  expect(drawn('NEW_ONE')).toBe(drawn('OTHER_FULL'));
});

test('the gallery finds by title in either language, by article and by several words', () => {
  const codes = (words: string) => search(scenarios, words).map((one) => one.code);
  expect(codes('追尾')).toEqual(['REAR_END']);
  expect(codes('rear-end')).toEqual(['REAR_END']);
  expect(codes('实施条例第44条')).toEqual(['LANE_CHANGE']);
  expect(codes('u-turn overtook')).toEqual(['OVERTAKE_UTURNING']);
  expect(codes('')).toHaveLength(scenarios.length);
  expect(codes('飞行')).toEqual([]);
});
