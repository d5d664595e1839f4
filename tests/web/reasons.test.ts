import { momentOf, moved } from '@web/desk/reasons';
import { withForm } from '@web/desk/facts';
import type { Codes, Recording } from '@shared/types';

const track = (part: Partial<Recording>) => ({ started_at: '2026-11-24T00:00:00.000Z', duration_ms: 90000, status: 'complete', ...part }) as Recording;
const at = (iso: string) => Date.parse(iso);

test('a moment is how far a live track has come, or the end of one that is finished', () => {
  expect(momentOf(track({ status: 'live', duration_ms: 0 }), at('2026-11-24T00:01:05.250Z'))).toBe(65250);
  expect(momentOf(track({ status: 'live', duration_ms: 0 }), at('2026-11-23T23:59:00.000Z'))).toBe(0); // a clock that is behind
  expect(momentOf(track({}), at('2026-11-24T09:00:00.000Z'))).toBe(90000);
});

test('a moment moves, never before the beginning', () => {
  expect(moved({ kind: 'recording', id: 'r', at_ms: 7000 }, -5000).at_ms).toBe(2000);
  expect(moved({ kind: 'recording', id: 'r', at_ms: 3000 }, -5000).at_ms).toBe(0);
  expect(moved({ kind: 'recording', id: 'r' }, 5000).at_ms).toBe(5000);
});

test('another form takes away what belonged to the one before', () => {
  const codes = { accident_form: [{ code: '11', class: 'between_vehicles' }, { code: '35', class: 'single_vehicle', needs_collision_object: true }] } as Codes;
  expect(withForm('11', codes)).toEqual({ accident_form: '11', collision_object: null });
  expect(withForm('35', codes)).toEqual({ accident_form: '35', collision_type: null, collision_object: null });
  expect(withForm(null, codes)).toEqual({ accident_form: null });
});
