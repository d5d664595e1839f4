import { lang } from '@shared/i18n';
import { newsText, personId, personName, personRole } from '@shared/people';
import type { CallParticipant } from '@shared/types';
import { lanesOf } from '@web/audit/player';
import type { Recording } from '@shared/types';

const of = (part: Partial<CallParticipant>) => ({ leg_id: 'L', name: null, label: null, ...part }) as CallParticipant;

test('everybody is called by role and name, in both languages', () => {
  const all = [of({ kind: 'party', party_id: 'p', label: 'B', name: '李四' }), of({ kind: 'user', user_id: 'u', name: '王' }), of({ kind: 'guest', guest_id: 'g', guest_kind: 'interpreter', name: 'Anna' }), of({ kind: 'guest' })];
  expect(all.map(personName)).toEqual(['乙方 李四', '民警 王', '翻译 Anna', '来宾']);
  lang.set('en');
  expect(all.map(personRole)).toEqual(['Party B', 'Officer', 'Interpreter', 'Guest']);
  lang.set('zh-CN');
  expect(all.map(personId)).toEqual(['p', 'u', 'g', 'L']);
});

test('who listens is called what it is', () => {
  const boss = of({ kind: 'user', user_id: 'u', name: '赵明', listens: true });
  expect([personName(boss), newsText(boss, false), newsText(of({ kind: 'party', label: 'A' }), true)]).toEqual(['督导 赵明', '督导 赵明 已结束旁听', '甲方 已加入通话']);
  lang.set('en');
  expect(newsText(boss, true)).toContain('Supervisor 赵明 is listening now');
  lang.set('zh-CN');
});

test('the replay has a lane for each of four, parties first, guests last', () => {
  const track = (id: string, part: Partial<Recording>) => ({ id, started_at: '2026-11-24T00:00:00.000Z', duration_ms: 1000, status: 'complete', gaps: [], label: null, name: null, url: id, ...part }) as Recording;
  const { lanes } = lanesOf([track('1', { guest_id: 'g', guest_kind: 'insurer' }), track('2', { user_id: 'u' }), track('3', { party_id: 'b', label: 'B' }), track('4', { party_id: 'a', label: 'A' }), track('5', { guest_id: 'g', guest_kind: 'insurer' })]);
  expect(lanes.map((lane) => [lane.key, lane.segments.length])).toEqual([['a', 1], ['b', 1], ['u', 1], ['g', 2]]);
});
