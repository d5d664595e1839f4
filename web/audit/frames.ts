// When each frame of a recording is to be shown, read from the recording itself: the Clusters from a keyframe up to the
// next, as the service wrote them (RFC 9559). So a step is exactly one frame, however uneven they came over the network.
const CLUSTER = 0x1f43b675, TIMESTAMP = 0xe7, SIMPLE_BLOCK = 0xa3, VIDEO = 1;

/** Times (ms) of the video frames in whole Clusters; stops at what is none. */
export function frameTimes(bytes: Uint8Array): number[] {
  const times: number[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  /** An EBML number with its length in the first bits; the id keeps them. */
  const number = (keep: boolean): number => {
    const first = bytes[at] ?? 0;
    const length = Math.clz32(first) - 23;
    if (length > 8) return NaN;
    let value = keep ? first : first & (0xff >> length);
    for (let i = 1; i < length; i += 1) value = value * 256 + (bytes[at + i] ?? 0);
    at += length;
    return value;
  };
  let base = 0;
  while (at < bytes.length) {
    const id = number(true);
    const size = number(false);
    if (id === CLUSTER) continue; // its children follow
    if (!(size >= 0) || at + size > bytes.length) break;
    if (id === TIMESTAMP) base = bytes.subarray(at, at + size).reduce((sum, byte) => sum * 256 + byte, 0);
    else if (id === SIMPLE_BLOCK && bytes[at] === (0x80 | VIDEO) && size > 4) times.push(base + view.getInt16(at + 1));
    at += size;
  }
  return times;
}

export interface Keyframe { at_ms: number; offset: number }
type Read = (from: number, to: number | null) => Promise<Uint8Array>;

function lastIndex<T>(list: readonly T[], fits: (one: T) => boolean): number {
  for (let i = list.length - 1; i >= 0; i -= 1) if (fits(list[i]!)) return i;
  return -1;
}

/** The frames of one recording, read a keyframe's reach at a time and kept. */
export class Frames {
  private readonly known = new Map<number, Promise<number[]>>();

  constructor(private readonly keyframes: Keyframe[], private readonly read: Read) {}

  /** The keyframe at or before a moment; -1: there is none. */
  private reachOf(atMs: number): number {
    return lastIndex(this.keyframes, (one) => one.at_ms <= atMs);
  }

  keyframeBefore(atMs: number): number | null {
    return this.keyframes[this.reachOf(atMs)]?.at_ms ?? null;
  }

  private times(reach: number): Promise<number[]> {
    const keyframe = this.keyframes[reach];
    if (!keyframe) return Promise.resolve([]);
    const found = this.known.get(reach) ?? this.read(keyframe.offset, this.keyframes[reach + 1]?.offset ?? null).then(frameTimes);
    this.known.set(reach, found);
    return found;
  }

  /** The next frame after (or the last before) the one that is shown at a moment; null: there is none. */
  async beside(atMs: number, by: 1 | -1): Promise<number | null> {
    const reach = Math.max(0, this.reachOf(atMs));
    const lists = await Promise.all([reach - 1, reach, reach + 1].map((one) => this.times(one)));
    const all = lists.flat();
    const shown = lastIndex(all, (ms) => ms <= atMs + 0.5);
    return all[shown + by] ?? null;
  }
}
