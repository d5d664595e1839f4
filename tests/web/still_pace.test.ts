import { expect, test } from 'vitest';
import { STILL_MAX_BYTES, StillPace } from '@web/driver/still_pace';

test('on a thin line stills get smaller, and leave half of the time to the voice', () => {
  const pace = new StillPace();
  expect(pace.size.width).toBe(480);
  expect(pace.sent(18_000, 6000, false)).toBe(6000);
  expect(pace.size.width).toBe(320);
  expect(pace.sent(7_000, 2400, false)).toBe(2400);
});
test('on a fast line they grow a step at a time, one every 4 s', () => {
  const pace = new StillPace();
  const widths = [18_000, 30_000, 60_000, 100_000].map((bytes) => { expect(pace.sent(bytes, 200, false)).toBe(3800); return pace.size.width; });
  expect(widths).toEqual([640, 960, 1280, 1280]);
});
test('one that hurts the sound makes the next smaller and later', () => {
  const pace = new StillPace();
  expect(pace.sent(18_000, 400, true)).toBe(7200);
  expect(pace.size.width).toBe(320);
  expect(pace.sent(9_000, 400, true)).toBe(14_400);
  expect(pace.sent(9_000, 400, false)).toBe(7200);
  expect(pace.sent(9_000, 400, false)).toBe(3600);
});
test('no size is chosen that the service would refuse', () => {
  const pace = new StillPace();
  for (let n = 0; n < 6; n += 1) pace.sent(pace.size.width === 1280 ? STILL_MAX_BYTES + 1 : 30_000, 100, false);
  expect(pace.size.width).toBe(960);
});
test('one that failed: much smaller, and not at once', () => {
  const pace = new StillPace();
  pace.sent(18_000, 100, false);
  expect(pace.failed()).toBe(8000);
  expect(pace.size.width).toBe(320);
});
