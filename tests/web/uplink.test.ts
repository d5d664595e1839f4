import { expect, test } from 'vitest';
import { isBad, isRoomy, Uplink, type UplinkSample } from '@web/driver/uplink';

const good: UplinkSample = { availableBps: 1_500_000, videoBps: 1_200_000, fps: 25, limited: false, lossAudio: 0, lossVideo: 0, rttMs: 60, waitMs: 5, camera: true };
const thin: UplinkSample = { ...good, availableBps: 80_000, videoBps: 30_000, fps: 2, limited: true, lossAudio: 0.15, lossVideo: 0.2, rttMs: 420 };
const quiet: UplinkSample = { ...good, availableBps: 90_000, videoBps: 0, fps: 0, lossVideo: null, rttMs: 80 };
const small: UplinkSample = { ...good, availableBps: 400_000, videoBps: 200_000, fps: 10 };
const tight: UplinkSample = { ...small, availableBps: 110_000, videoBps: 50_000, fps: 6, rttMs: 500 };

test.each<[string, Partial<UplinkSample>, boolean]>([
  ['all is well', {}, false], ['300 kbit/s is enough', { availableBps: 240_000, videoBps: 180_000, fps: 12, limited: true }, false],
  ['100 kbit/s is not', { availableBps: 100_000 }, true], ['10% are lost', { lossVideo: 0.1, lossAudio: 0.1 }, false], ['a third is lost', { lossVideo: 0.33 }, true],
  ['packets take seconds', { rttMs: 1800 }, true], ['packets wait in the phone', { waitMs: 1200 }, true],
  ['hardly a frame for want of room', { fps: 2, limited: true }, true], ['hardly a frame, and not for want of room', { fps: 1 }, false],
  ['no estimate is made', { availableBps: null }, false], ['no estimate, hardly a frame', { availableBps: null, fps: 2, limited: true }, true],
])('bad: %s', (_, change, bad) => expect(isBad({ ...good, ...change })).toBe(bad));

test.each<[string, Partial<UplinkSample>, boolean]>([
  ['room for more', {}, true], ['too little', { availableBps: 190_000 }, false], ['frames are missing', { fps: 2 }, false], ['loss', { lossVideo: 0.1 }, false],
  ['a queue grows', { rttMs: 900 }, false], ['a queue in the phone', { waitMs: 400 }, false],
  ['no estimate, but it flows', { availableBps: null }, true], ['no estimate, held down', { availableBps: null, limited: true }, false], ['no estimate, and little', { availableBps: null, videoBps: 60_000 }, false],
])('roomy: %s', (_, change, roomy) => expect(isRoomy({ ...small, ...change })).toBe(roomy));

/** One sample a second; what is sent after each: f, l or n; a capital while the mode is voice. */
function run(uplink: Uplink, from: number, samples: UplinkSample[]): string {
  return samples.map((one, index) => {
    uplink.take(one, (from + index) * 1000);
    const sign = uplink.sending[0]!;
    return uplink.mode === 'voice' ? sign.toUpperCase() : sign;
  }).join('');
}
const times = <T>(n: number, one: T): T[] => Array.from({ length: n }, () => one);

test('five bad seconds: sound alone', () => expect(run(new Uplink(), 0, times(6, thin))).toBe('ffffNN'));
test('a bad moment changes nothing', () => expect(run(new Uplink(), 0, [...times(4, thin), good, good, ...times(4, thin), good])).toBe('f'.repeat(11)));
test('bad in most seconds is bad', () => expect(run(new Uplink(), 0, [thin, thin, thin, good, thin, thin, thin, thin])).toBe('fffffffN'));

test('after 5 s a small picture is tried; three seconds of room and the picture is back', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  expect(run(uplink, 5, [...times(4, quiet), ...times(5, small)])).toBe('NNNNLLLLf');
});

test('a try that finds no room ends after 9 s, and the next comes after 10, 20, 30, 30 s', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  let second = 5;
  const pauses: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    let rested = 0;
    while (uplink.sending === 'none') { uplink.take(quiet, second * 1000); second += 1; rested += 1; }
    while (uplink.sending === 'low') { uplink.take(tight, second * 1000); second += 1; }
    pauses.push(rested);
  }
  expect(pauses).toEqual([5, 10, 20, 30, 30]);
  expect(uplink.mode).toBe('voice');
});

const held: UplinkSample = { ...small, availableBps: 83_000, videoBps: 30_000, limited: true, rttMs: 5 };

test('a try that hurts nothing while the estimate is held down: a new connection, which shows the room there is', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  run(uplink, 5, times(5, quiet));
  expect(run(uplink, 10, times(5, held))).toBe('LLLLL');
  expect(uplink.renewals).toBe(1);
  expect(run(uplink, 20, times(5, small))).toBe('LLLLf');
});

test('a new connection that finds no room: none for a minute, then two, then four', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  const asked: number[] = [];
  for (let second = 5; second < 600; second += 1) {
    const before = uplink.renewals;
    uplink.take(uplink.sending === 'none' ? quiet : held, second * 1000);
    if (uplink.renewals > before) asked.push(second);
  }
  const gaps = asked.slice(1).map((at, n) => at - asked[n]!);
  expect(gaps.length).toBeGreaterThanOrEqual(2);
  gaps.forEach((gap, n) => { expect(gap).toBeGreaterThanOrEqual(120 * 2 ** n); expect(gap).toBeLessThan(120 * 2 ** n + 60); });
});

test('a try that hurts the sound ends at once', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  expect(run(uplink, 5, [...times(5, quiet), ...times(2, { ...tight, lossAudio: 0.3 })])).toBe('NNNNLLN');
});

test('while even the sound is poor nothing is tried', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  expect(run(uplink, 5, [...times(20, { ...quiet, lossAudio: 0.2 }), quiet])).toBe(`${'N'.repeat(20)}L`);
});

test('one that falls again soon was no success: the pause is longer', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  run(uplink, 5, [...times(5, quiet), ...times(4, small)]);
  expect(uplink.mode).toBe('video');
  expect(run(uplink, 14, times(5, thin))).toBe('ffffN');
  expect(run(uplink, 19, times(10, quiet))).toBe(`${'N'.repeat(9)}L`);
});

test('one that held is forgotten: the first pause is short again', () => {
  const uplink = new Uplink();
  run(uplink, 0, times(5, thin));
  run(uplink, 5, [...times(5, quiet), ...times(4, small)]);
  run(uplink, 14, times(40, good));
  run(uplink, 54, times(5, thin));
  expect(run(uplink, 59, times(5, quiet))).toBe('NNNNL');
});

test('a still that goes up quickly ends the pause, unless stills did so all along', () => {
  const uplink = new Uplink();
  uplink.uploaded(40_000);
  run(uplink, 0, times(5, thin));
  uplink.uploaded(2_000_000);
  expect(run(uplink, 5, [quiet])).toBe('L');
  run(uplink, 6, times(10, tight));
  expect(uplink.sending).toBe('none');
  expect(run(uplink, 17, times(5, quiet))).toBe('NNNNN');
});

test('without a camera nothing is decided', () => {
  const uplink = new Uplink();
  expect(run(uplink, 0, times(10, { ...thin, camera: false }))).toBe('f'.repeat(10));
  run(uplink, 10, times(5, thin));
  expect(run(uplink, 15, [...times(5, quiet), { ...quiet, camera: false }, ...times(3, { ...quiet, camera: false })])).toBe('NNNNLNNNN');
});

test('a connection that was slow to come begins with sound; one that was not, with the picture', () => {
  const uplink = new Uplink();
  uplink.connected(2500, 1000);
  expect([uplink.mode, uplink.sending]).toEqual(['video', 'full']);
  uplink.connected(4000, 2000);
  expect([uplink.mode, uplink.sending]).toEqual(['voice', 'none']);
  expect(run(uplink, 3, [...times(4, quiet), ...times(5, small)])).toBe('NNNNLLLLf');
});

test('a connection that soon broke is followed by sound alone; one that had held says nothing', () => {
  const uplink = new Uplink();
  uplink.lost(25_000, 30_000);
  expect(uplink.sending).toBe('full');
  uplink.lost(8000, 40_000);
  expect([uplink.mode, uplink.sending]).toEqual(['voice', 'none']);
});

test('a connection that breaks in a try is a failed try', () => {
  const uplink = new Uplink();
  expect(run(uplink, 0, [...times(5, thin), ...times(5, quiet)])).toBe('ffffNNNNNL');
  uplink.lost(30_000, 10_000);
  expect(run(uplink, 11, times(10, quiet))).toBe('NNNNNNNNNL');
});

test('a page loaded again goes on with sound, and climbs back from there', () => {
  const uplink = new Uplink('voice', 0);
  expect(run(uplink, 1, [...times(4, quiet), ...times(5, small)])).toBe('NNNNLLLLf');
});
