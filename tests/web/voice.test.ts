import { expect, test } from 'vitest';
import type { Lane } from '@web/audit/player';
import { stillAt, voiceSpans } from '@web/audit/voice';
import type { Still, TimelineItem } from '@shared/types';

const at = (s: number) => new Date(s * 1000).toISOString();
let seq = 0;
const item = (s: number, kind: string, id: string, data: Record<string, unknown> = {}): TimelineItem => ({ seq: ++seq, at: at(s), kind, actor: { kind: 'party', id, name: null }, data });
const mode = (s: number, id: string, to: string, leg = `leg-${id}`) => item(s, 'call.mode', id, { mode: to, leg_id: leg });
const spans = (...timeline: TimelineItem[]) => [...voiceSpans(timeline, 10_000, 100_000)].map(([id, list]) => [id, ...list.map((one) => [one.fromMs / 1000, one.toMs / 1000])]);

test.each<[string, TimelineItem[], unknown]>([
  ['none', [item(20, 'call.joined', 'a')], []],
  ['from voice to video', [mode(20, 'a', 'voice'), mode(50, 'a', 'video')], [['a', [10, 40]]]],
  ['twice, and another beside', [mode(20, 'a', 'voice'), mode(25, 'b', 'voice'), mode(30, 'a', 'video'), mode(40, 'a', 'voice'), mode(50, 'a', 'video')], [['a', [10, 20], [30, 40]], ['b', [15, 100]]]],
  ['until the leg ended', [mode(20, 'a', 'voice'), item(30, 'call.left', 'a', { leg_id: 'old' }), item(35, 'call.left', 'a', { leg_id: 'leg-a' })], [['a', [10, 25]]]],
  ['over a leg that took over, until that ended', [mode(20, 'a', 'voice'), item(35, 'call.joined', 'a', { leg_id: 'new' }), item(40, 'call.left', 'a', { leg_id: 'leg-a' }), item(45, 'call.left', 'a', { leg_id: 'new' })], [['a', [10, 35]]]],
  ['until a worker was lost', [mode(20, 'a', 'voice'), { ...item(33, 'call.lost', 'x', { leg_ids: ['leg-a'] }), actor: { kind: 'system', id: null, name: null } }], [['a', [10, 23]]]],
])('%s', (_, timeline, wanted) => expect(spans(...timeline)).toEqual(wanted));

test('the newest still of the time, of that party, and none of the future or from before', () => {
  const still = (id: string, s: number, party = 'a') => ({ id, party_id: party, taken_at: at(s) }) as Still;
  const stills = [still('before', 15), still('one', 22), still('two', 30), still('other', 31, 'b'), still('late', 45)];
  const known = voiceSpans([mode(20, 'a', 'voice'), mode(50, 'a', 'video')], 10_000, 100_000);
  const lane = { key: 'a' } as Lane;
  const look = (s: number) => { const { voice, still: one } = stillAt(lane, known, stills, 10_000, s * 1000); return [voice, one?.id ?? null]; };
  expect([9, 11, 13, 22, 39, 41].map(look)).toEqual([[false, null], [true, null], [true, 'one'], [true, 'two'], [true, 'late'], [false, null]]);
});
