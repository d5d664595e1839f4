import { expect, test } from 'vitest';
import type { Determination, Recording, Still, TimelineItem } from '@shared/types';
import { absenceAt, absencesOf } from '@web/audit/absences';
import { Frames, frameTimes } from '@web/audit/frames';
import { groundsOf } from '@web/audit/grounds';
import { hasGrown, hexOf, leafOf, parseCheckpoint, rootOf, sameBytes, sha256 } from '@web/audit/log_proof';
import { KEYS, keyOf } from '@web/audit/keys';
import { hashOf, momentOf } from '@web/audit/link';
import { Player, lanesOf, openingMs, segmentAt } from '@web/audit/player';
import { replayMessages } from '@web/audit/replay_messages';

const at = (s: number) => new Date(s * 1000).toISOString();
let seq = 0;
const item = (s: number, kind: string, id: string | null, data: Record<string, unknown> = {}): TimelineItem => ({ seq: ++seq, at: at(s), kind, actor: { kind: 'party', id, name: null }, data });
const track = (id: string, party: string, from: number, length: number, more: Partial<Recording> = {}): Recording => ({
  id, case_id: 'c', party_id: party, label: party.toUpperCase(), name: null, kind: 'track', segment: 1, started_at: at(from), ended_at: at(from + length), duration_ms: length * 1000,
  bytes: 1, status: 'complete', sha256: null, gaps: [], has_audio: true, has_video: true, url: `/m/${id}`, ...more });

test('what is missing is named with its reason: before, within, between and after', () => {
  const { lanes, originMs, lengthMs } = lanesOf([
    track('1', 'a', 100, 60), track('2', 'b', 110, 10, { gaps: [{ from_ms: 2000, to_ms: 3000 }], status: 'recovered' }), track('3', 'b', 124, 6), track('4', 'b', 140, 5), track('live', 'b', 150, 9, { status: 'live' })]);
  const timeline = [item(120, 'call.lost', null, { leg_ids: ['x'] }), item(130.5, 'call.left', 'b', { reason: 'hangup' }), item(145, 'call.left', 'b', { reason: 'timeout' })];
  const lane = lanes.find((one) => one.key === 'b')!;
  const absences = absencesOf(lane, timeline, originMs, lengthMs);
  expect(absences.map((one) => [one.fromMs / 1000, one.toMs / 1000, one.reason, one.inside])).toEqual([
    [0, 10, 'notYetJoined', false], [12, 13, 'lostOnTheWay', true], [20, 24, 'leftCrash', false], [30, 40, 'leftHangup', false], [45, 60, 'leftNetwork', false]]);
  expect(absenceAt(absences, 22000)?.reason).toBe('leftCrash');
  expect(absenceAt(absences, 19000)).toBeNull();
  expect(absencesOf(lanes[0]!, timeline, originMs, lengthMs)).toEqual([]);
});

test('of two segments that overlap, the later is shown', () => {
  const { lanes } = lanesOf([track('1', 'a', 100, 10), track('2', 'a', 108, 10)]);
  expect([1000, 8500, 12000, 19000].map((ms) => segmentAt(lanes[0]!, ms)?.id ?? null)).toEqual(['1', '2', '2', null]);
});

test('a call opens with the pictures of all who begin it together', () => {
  expect(openingMs(lanesOf([track('1', 'a', 100.2, 10), track('2', 'b', 100, 10), track('3', 'c', 105, 9)]).lanes)).toBe(200);
  expect(openingMs([])).toBe(0);
});

/** Seeks as a video does: it says when it is there. */
class SoughtVideo extends EventTarget {
  seeking = false;
  paused = true;
  src = '';
  muted = false;
  private at = 0;
  get currentTime() { return this.at; }
  set currentTime(s: number) { this.at = s; this.seeking = true; }
  arrive() { this.seeking = false; this.dispatchEvent(new Event('seeked')); }
}

test('where the clock stands, the picture that is looked at is sought before the others, and the last seek wins', () => {
  const { lanes, lengthMs } = lanesOf([track('1', 'a', 100, 60), track('2', 'b', 100, 60)]);
  const player = new Player(lanes, lengthMs);
  const [looked, other] = [new SoughtVideo(), new SoughtVideo()];
  player.first = 'a';
  player.attach('a', looked as unknown as HTMLVideoElement);
  player.attach('b', other as unknown as HTMLVideoElement);
  player.seek(20000);
  expect([looked.currentTime, other.currentTime]).toEqual([20, 0]);
  player.seek(30000);
  looked.arrive();
  expect([looked.currentTime, looked.seeking, other.currentTime]).toEqual([30, true, 0]);
  looked.arrive();
  expect([looked.seeking, other.currentTime]).toEqual([false, 30]);
  player.first = null; // nothing is enlarged: all at once
  other.arrive();
  player.seek(40000);
  expect([looked.currentTime, other.currentTime]).toEqual([40, 40]);
});

/** A Cluster as the recorder writes it. */
function cluster(baseMs: number, blocks: [track: number, ms: number][]): number[] {
  const element = (id: number[], content: number[]) => [...id, 0x10 | (content.length >> 24), (content.length >> 16) & 255, (content.length >> 8) & 255, content.length & 255, ...content];
  const time = [baseMs >> 16, (baseMs >> 8) & 255, baseMs & 255];
  const children = [...element([0xe7], time), ...element([0xec], [1, 2, 3]), ...blocks.flatMap(([number, ms]) => element([0xa3], [0x80 | number, (ms >> 8) & 255, ms & 255, 0x80, 9, 9]))];
  return element([0x1f, 0x43, 0xb6, 0x75], children);
}

test('frames: their times are read from the Clusters, and a step goes to the next or last one, over keyframes too', async () => {
  const first = cluster(70000, [[1, 0], [2, 5], [1, 33], [1, 90]]), second = cluster(73000, [[1, 0], [1, -3], [1, 40]]);
  expect(frameTimes(new Uint8Array([...first, ...second, 0x1f, 0x43]))).toEqual([70000, 70033, 70090, 73000, 72997, 73040]);
  expect(frameTimes(new Uint8Array([0, 0, 0]))).toEqual([]);
  const asked: [number, number | null][] = [];
  const frames = new Frames([{ at_ms: 70000, offset: 500 }, { at_ms: 73000, offset: 900 }], async (from, to) => { asked.push([from, to]); return new Uint8Array(from === 500 ? first : cluster(73000, [[1, 0], [1, 40]])); });
  expect(await frames.beside(70040, 1)).toBe(70090);
  expect(await frames.beside(70090.5, 1)).toBe(73000);
  expect(await frames.beside(73000, -1)).toBe(70090);
  expect(await frames.beside(70000, -1)).toBeNull();
  expect(await frames.beside(73041, 1)).toBeNull();
  expect(asked).toEqual([[500, 900], [900, null]]);
  expect([frames.keyframeBefore(72999), frames.keyframeBefore(10)]).toEqual([70000, null]);
});

test('the address of a moment, there and back', () => {
  expect(momentOf(hashOf('0193-a', 134320))).toEqual({ caseId: '0193-a', atMs: 134320 });
  expect(momentOf('#case=x')).toEqual({ caseId: 'x', atMs: null });
  expect(momentOf('#case=x&t=-4')).toEqual({ caseId: 'x', atMs: null });
  expect(momentOf('#case=x&t=abc')).toEqual({ caseId: 'x', atMs: null });
});

test('reasons: each with the moment of what it rests on', () => {
  const { lanes, originMs } = lanesOf([track('1', 'a', 100, 60), track('2', 'b', 110, 20)]);
  const reasons = [{ text: 'one', evidence: [{ kind: 'recording', id: '2', at_ms: 4000 }, { kind: 'still', id: 's' }] }, { text: 'two', evidence: [{ kind: 'statement', id: 'a' }] }];
  const stills = [{ id: 's', taken_at: at(131) }] as Still[];
  expect(groundsOf({ reasons } as Determination, lanes, stills, originMs).map((one) => [one.text, one.atMs])).toEqual([['one', 14000], ['one', 31000], ['two', null]]);
  expect(groundsOf(null, lanes, stills, originMs)).toEqual([]);
});

test('keys: each is one row\'s, has words, and rests where somebody types', () => {
  const all = Object.values(KEYS).flatMap((row) => row.keys as readonly string[]);
  expect(new Set(all).size).toBe(all.length);
  for (const row of Object.values(KEYS)) expect(replayMessages.zh[row.what]).toBeTruthy();
  const press = (key: string, tag: string | null = null) => keyOf({ key, ctrlKey: false, metaKey: false, altKey: false }, tag ? ({ matches: (list: string) => list.split(', ').some((one) => one.replace(/:.*/, '') === tag) } as Element) : null);
  expect(press('K')).toEqual({ name: 'play', at: 1 });
  expect(press('3')).toEqual({ name: 'enlarge', at: 2 });
  expect(press('?')).toEqual({ name: 'help', at: 0 });
  expect(press('k', 'textarea')).toBeNull();
  expect(press(' ', 'button')).toBeNull();
  expect(press('x')).toBeNull();
  expect(keyOf({ key: 'c', ctrlKey: true, metaKey: false, altKey: false }, null)).toBeNull();
});

describe('the log, checked by a browser', () => {
  const entry = '{"actor":{"id":null,"kind":"system"},"at_us":5,"case_id":"c","data":{"object_id":"o","sha256":"ab"},"kind":"recording.finished","seq":3}';
  const salt = '07'.repeat(32);
  const hash = async (prefix: number, ...parts: Uint8Array[]) => sha256(new Uint8Array([prefix]), ...parts);
  const text = (words: string) => new TextEncoder().encode(words);

  test('a leaf commits to its entry, and leads to the root by its path alone', async () => {
    const leaf = await leafOf(entry, salt);
    expect(JSON.parse(leaf)).toEqual({ at_us: 5, commitment: hexOf(await sha256(new Uint8Array(32).fill(7), text(entry))), kind: 'recording.finished', seq: 3 });
    expect(leaf.indexOf('at_us')).toBeLessThan(leaf.indexOf('commitment'));
    // Five leaves; ours is the third, then the fifth: RFC 9162, 2.1.3.2, with a path that skips levels.
    const leaves = await Promise.all(['a', 'b', leaf, 'd', leaf].map((one) => hash(0, text(one))));
    const ab = await hash(1, leaves[0]!, leaves[1]!), cd = await hash(1, leaves[2]!, leaves[3]!), abcd = await hash(1, ab, cd), root = await hash(1, abcd, leaves[4]!);
    expect(sameBytes(await rootOf(leaf, 2, 5, [leaves[3]!, ab, leaves[4]!]), root)).toBe(true);
    expect(sameBytes(await rootOf(leaf, 4, 5, [abcd]), root)).toBe(true);
    expect(sameBytes(await rootOf(leaf, 3, 5, [leaves[3]!, ab, leaves[4]!]), root)).toBe(false);
    expect(await rootOf(leaf, 2, 5, [leaves[3]!, ab])).toBeNull();
    expect(await rootOf(leaf, 4, 5, [abcd, ab])).toBeNull();
    expect(await rootOf(leaf, 5, 5, [])).toBeNull();
  });

  test('a log that has grown is told from one that was written anew', async () => {
    const leaves = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((one) => hash(0, text(one))));
    const ab = await hash(1, leaves[0]!, leaves[1]!), cd = await hash(1, leaves[2]!, leaves[3]!), abcd = await hash(1, ab, cd);
    const three = await hash(1, ab, leaves[2]!), five = await hash(1, abcd, leaves[4]!);
    const path = [leaves[2]!, leaves[3]!, ab, leaves[4]!];
    expect(await hasGrown(3, three, 5, five, path)).toBe(true);
    expect(await hasGrown(2, ab, 5, five, [cd, leaves[4]!])).toBe(true);
    expect(await hasGrown(4, abcd, 5, five, [leaves[4]!])).toBe(true);
    expect(await hasGrown(5, five, 5, five, [])).toBe(true);
    expect(await hasGrown(3, ab, 5, five, path)).toBe(false);
    expect(await hasGrown(3, three, 5, three, path)).toBe(false);
    expect(await hasGrown(5, three, 5, five, [])).toBe(false);
    expect(await hasGrown(6, three, 5, five, path)).toBe(false);
    expect(await hasGrown(3, three, 5, five, path.slice(0, 3))).toBe(false);
  });

  test('a signed note is taken apart', () => {
    const note = `kuaichu.example/log\n5\n${btoa('r'.repeat(32))}\n\n\u2014 kuaichu.example/log ${btoa('keyid-signature')}\n\u2014 witness.example ${btoa('other')}\n`;
    const checkpoint = parseCheckpoint(note)!;
    expect([checkpoint.origin, checkpoint.size, checkpoint.root.length, checkpoint.signatures.map((one) => one.name)]).toEqual(['kuaichu.example/log', 5, 32, ['kuaichu.example/log', 'witness.example']]);
    expect(checkpoint.text.endsWith('\n')).toBe(true);
    expect(parseCheckpoint('nothing')).toBeNull();
  });
});
