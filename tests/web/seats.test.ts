import { expect, test } from 'vitest';
import { inOrder } from '@web/desk/seat_status';
import { seatClock } from '@web/desk/seats';
import type { SeatView } from '@shared/types';

const seat = (id: string, status: SeatView['status'], claimed: string | null = null): SeatView => ({
  user: { id, name: id, badge_number: null }, role: 'officer', counties: [], status, said: status, since: null, last_seen_at: null, in_call: claimed !== null,
  case: claimed ? { id: 'c', number: 'C-1', state: 'in_call', claimed_at: claimed } : null,
});

test('those at work come first, then the free, in the order of their names', () => {
  const seats = [seat('a', 'away'), seat('b', 'free'), seat('c', 'busy'), seat('d', 'free')];
  expect(inOrder(seats).map((one) => one.user.id)).toEqual(['c', 'b', 'd', 'a']);
});

test('a case in hand runs against the target of closing', () => {
  const now = Date.UTC(2026, 0, 1, 0, 10, 1), claimed = '2026-01-01T00:00:00.000Z';
  expect(seatClock(seat('a', 'busy', claimed), { close_s: 900 }, now)).toEqual({ ms: 601000, tone: 'warn' });
  expect(seatClock(seat('a', 'busy', claimed), { close_s: 600 }, now)?.tone).toBe('bad');
  expect(seatClock(seat('a', 'free'), { close_s: 600 }, now)).toBeNull();
});
