import { dueText, isOver, leftText, limitsOf, toneOf } from '@shared/deadlines';
import { lang } from '@shared/i18n';
import type { Deadline, Party } from '@shared/types';

const of = (part: Partial<Deadline>): Deadline => ({
  code: 'REVIEW_REQUEST', title_zh: '申请复核', title_en: 'Ask for a review', how_zh: null, how_en: null, legal_basis: '第71条', kind: 'law', bound: 'party',
  party_id: 'a', starts: 'served', started_at: '2026-09-30T04:00:00.000Z', count: 3, unit: 'working_day', due_on: '2026-10-10', days_left: 3,
  state: 'running', provisional: false, ended_at: null, ...part,
});
afterEach(() => lang.set('zh-CN'));

test('the last day is a day of the week, in both languages', () => {
  expect(dueText(of({}))).toMatch(/^2026年10月10日.*六$/);
  lang.set('en');
  expect(dueText(of({}))).toMatch(/Sat.*10 October 2026/);
  expect(dueText(of({ due_on: 'someday' }))).toBe('');
});

test.each<[Partial<Deadline>, string, string]>([
  [{}, '还有 3 个工作日', '3 working days left'],
  [{ days_left: 1, state: 'due_soon' }, '还有 1 个工作日', '1 working day left'],
  [{ days_left: 12, unit: 'calendar_day' }, '还有 12 天', '12 days left'],
  [{ days_left: 1, unit: 'year' }, '还有 1 天', '1 day left'],
  [{ days_left: 0, state: 'due_soon' }, '今天是最后一天', 'today is the last day'],
  [{ days_left: -1, state: 'past' }, '已过期限', 'time is over'],
  [{ days_left: -1, state: 'past', bound: 'unit' }, '已超期', 'overdue'],
  [{ days_left: 0, unit: 'at_once', count: 0, state: 'due_soon', bound: 'unit' }, '立即', 'at once'],
  [{ days_left: -2, unit: 'at_once', count: 0, state: 'past', bound: 'unit' }, '应立即，尚未完成', 'was due at once'],
  [{ days_left: -4, state: 'ended', ended_at: '2026-10-08T00:00:00.000Z' }, '已完成', 'done'],
  [{ days_left: -4, state: 'ended_late', ended_at: '2026-10-12T00:00:00.000Z' }, '逾期完成', 'done late'],
])('%o', (part, zh, en) => {
  expect(leftText(of(part))).toBe(zh);
  lang.set('en');
  expect(leftText(of(part))).toBe(en);
});

test('amber when near; red when a duty is past, and nothing when a right is', () => {
  expect(toneOf(of({}))).toBeUndefined();
  expect(toneOf(of({ state: 'due_soon' }))).toBe('warn');
  expect(toneOf(of({ state: 'past', bound: 'unit' }))).toBe('bad');
  expect(toneOf(of({ state: 'past', bound: 'higher_unit' }))).toBe('bad');
  expect(toneOf(of({ state: 'past' }))).toBeUndefined();
  const ended = of({ state: 'ended', ended_at: '2026-10-08T00:00:00.000Z' });
  expect([toneOf(ended), isOver(ended), isOver(of({}))]).toEqual(['ok', true, false]);
});

test('parties with the same last day share a line; another day or another matter has its own', () => {
  const parties = [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }] as Party[];
  const limits = limitsOf([of({}), of({ party_id: 'b' }), of({ party_id: 'b', due_on: '2026-10-12' }), of({ code: 'SUIT' }),
    of({ code: 'RECUSAL', party_id: null }), of({ code: 'RECUSAL', party_id: null, started_at: '2026-09-30T05:00:00.000Z' })], parties);
  expect(limits.map((one) => `${one.deadline.code} ${one.whose}`)).toEqual(['REVIEW_REQUEST 甲方 乙方', 'REVIEW_REQUEST 乙方', 'SUIT 甲方', 'RECUSAL ', 'RECUSAL ']);
});
