import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fill, firstDraft, firstReason, timeZh, untyped } from '@web/desk/draft_text';
import type { Case, Codes, Determination, DeterminationParty } from '@shared/types';

const read = (name: string) => JSON.parse(readFileSync(fileURLToPath(new URL(`../../schema/rules/${name}.json`, import.meta.url)), 'utf8'));
const lists = read('codes').lists as Record<string, { items: unknown[] }>;
const drafts = read('drafts') as Record<'facts' | 'cause', Record<string, string>>;
const codes = {
  ...Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.items])),
  scenarios: read('scenarios').scenarios,
  draft_texts: Object.fromEntries((['facts', 'cause'] as const).flatMap((section) => Object.entries(drafts[section]).map(([key, text]) => [`${section}.${key}`, text]))),
} as unknown as Codes;

const file = (more: Partial<Case> = {}) => ({
  parties: [{ id: 'a', label: 'A', name: '张三' }, { id: 'b', label: 'B', name: null }], triage: { injury: 'none', facility_damage: false }, evacuated_at: null, ...more,
}) as unknown as Case;
const party = (part: Partial<DeterminationParty>) => ({ party_id: 'a', vehicle_type: 'K3', plate_number: null, collision_part: null, violations: [], liability: null, ...part }) as DeterminationParty;
const body = (more: Partial<Determination> = {}) => ({
  occurred_at: '2026-11-23T08:05:00.000Z', place_text: '商州区北新街', weather: '1', accident_form: '11', collision_type: '3', collision_object: null, facts: null, cause: null, injured: 0,
  damage_cny: 1500, parties: [
    party({ plate_number: '陕H12345', collision_part: 'front_right', violations: ['LANE_CHANGE'], liability: 'full' }),
    party({ party_id: 'b', plate_number: '陕HD80116', collision_part: 'rear_left', liability: 'none' }),
  ], reasons: [], ...more,
}) as Determination;

test('a whole draft reads as one would write it', () => {
  expect(firstDraft(body(), file({ evacuated_at: '2026-11-23T08:12:00.000Z' }), codes)).toEqual({
    facts: '2026年11月23日16时05分，甲方张三驾驶小型客车（陕H12345）与乙方驾驶小型客车（陕HD80116），在商州区北新街发生碰撞运动车辆事故，碰撞方式为侧面碰撞（同向），当时天气晴。'
      + '经过为：甲方变更车道时影响了旁边车道内正常行驶的车辆。甲方车辆右前部受损，乙方车辆左后部受损。事故没有造成人员受伤，估计直接财产损失1500元。证据固定后，车辆于16时12分撤离现场。',
    cause: '甲方变更车道时影响了旁边车道内正常行驶的车辆，违反道路交通安全法实施条例第44条第2款的规定，是造成事故的全部原因，承担全部责任。乙方没有导致事故的过错，无责任。',
  });
});

test('what is not known leaves no gap and no unfilled name', () => {
  const empty = firstDraft(body({ occurred_at: null, place_text: null, weather: null, accident_form: null, collision_type: null, damage_cny: null, parties: [party({ vehicle_type: null })] }), file(), codes);
  expect(empty).toEqual({ facts: '甲方张三发生事故。事故没有造成人员受伤。', cause: '' });
  expect(JSON.stringify(firstDraft(body(), file(), codes))).not.toMatch(/[{}[\]]\w/);
});

test('walkers, passengers, injuries, facilities, forms that end in 事故', () => {
  const { facts } = firstDraft(body({ accident_form: '29', collision_type: null, injured: 2, damage_cny: null, parties: [party({ plate_number: '陕H12345' }), party({ party_id: 'b', vehicle_type: 'A1' })] }),
    file({ triage: { injury: 'slight', facility_damage: true } as Case['triage'] }), codes);
  expect(facts).toContain('与乙方步行，');
  expect(facts).toContain('发生其他车辆与人事故，');
  expect(facts).toContain('事故造成2人受伤。');
  expect(facts).toContain('损坏了道路设施');
  expect(firstDraft(body({ parties: [party({ vehicle_type: 'C2' })] }), file(), codes).facts).toContain('甲方张三乘小微型客车');
  expect(firstDraft(body({ injured: 0 }), file({ triage: { injury: 'slight' } as Case['triage'] }), codes).facts).not.toContain('人员受伤'); // somebody said so at triage
});

test.each([['primary', '主要责任'], ['equal', '同等责任'], ['secondary', '次要责任'], ['undeterminable', '责任无法认定'], [null, '有因果关系']] as const)('the cause says %s', (liability, words) => {
  expect(firstDraft(body({ parties: [party({ violations: ['REAR_END'], liability })] }), file(), codes).cause).toContain(words);
});

test('a first reason points at the still of the impact, else at the last one', () => {
  const stills = [{ id: 's1', shot: 'impact_point' }, { id: 's2', shot: 'other' }] as Case['stills'];
  expect(firstReason(body(), file({ stills }), codes)).toEqual({ text: '画面显示：甲方变更车道时影响了旁边车道内正常行驶的车辆。', evidence: [{ kind: 'still', id: 's1' }] });
  expect(firstReason(body(), file({ stills: stills.slice(1) }), codes)?.evidence).toEqual([{ kind: 'still', id: 's2' }]);
  expect(firstReason(body(), file({ stills: [] }), codes)).toBeNull();
  expect(firstReason(body({ parties: [party({})] }), file({ stills }), codes)).toBeNull();
});

test('what was typed is never written over', () => {
  const fresh = { facts: 'F', cause: 'C' };
  expect(untyped(fresh, { facts: null, cause: '  ' }, null)).toEqual(fresh);
  expect(untyped(fresh, { facts: 'mine', cause: '' }, null)).toEqual({ cause: 'C' });
  expect(untyped(fresh, { facts: 'old', cause: 'old, edited' }, { facts: 'old', cause: 'old' })).toEqual({ facts: 'F' });
  expect(untyped(fresh, { facts: 'mine', cause: 'mine' }, null)).toEqual({});
});

test('groups go with what they have nothing to say of', () => {
  expect(fill('{a}[（{b}）][，{c}{d}]。', { a: 'x', b: null, c: 'y', d: '' })).toBe('x。');
  expect(fill('{a}[（{b}）]', { a: '{b}', b: '[{a}]' })).toBe('{b}（[{a}]）'); // what is filled in is never a template
  expect(timeZh(null)).toBe('');
});
