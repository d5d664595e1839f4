import { expect, test } from 'vitest';
import { levelOf, Meter, type MeterSample } from '@shared/meter';

const good: MeterSample = { loss: 0, rttMs: 40, bps: 1_500_000, ageMs: 20 };
const fair = { ...good, loss: 0.05 };
const poor = { ...good, loss: 0.2 };
const silent = { ...good, ageMs: 4000 };

test.each<[string, Partial<MeterSample>, number | null]>([
  ['all is well', {}, 3], ['the round trip is not known', { rttMs: null }, 3],
  ['some loss', { loss: 0.05 }, 2], ['much loss', { loss: 0.11 }, 1],
  ['a long way', { rttMs: 500 }, 2], ['a very long way', { rttMs: 900 }, 1],
  ['a thin picture', { bps: 150_000 }, 2], ['hardly a picture', { bps: 50_000 }, 1], ['sound alone is thin, and well', { bps: null }, 3],
  ['nothing for 3 s', { ageMs: 3001 }, 0], ['nothing yet', { ageMs: null }, null],
])('%s', (_, change, level) => expect(levelOf({ ...good, ...change })).toBe(level));

const shown = (samples: MeterSample[]) => { const meter = new Meter(); return samples.map((one) => meter.take(one)); };

test('the first sample is shown at once', () => expect(shown([fair])).toEqual([2]));
test('one bad sample is not shown, two are', () => expect(shown([good, poor, good, poor, poor])).toEqual([3, 3, 3, 3, 1]));
test('falls to the better of the two', () => expect(shown([good, poor, fair])).toEqual([3, 3, 2]));
test('up after five good samples in a row', () => expect(shown([poor, good, good, good, good, poor, good, good, good, good, good])).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3]));
test('silence shows at once, and so does its end', () => expect(shown([good, silent, silent, poor])).toEqual([3, 0, 0, 1]));
test('a sample that says nothing changes nothing', () => expect(shown([{ ...good, ageMs: null }, good, { ...good, ageMs: null }])).toEqual([null, 3, 3]));
