// How large the next still is, and how long to wait for it: pure. One goes up at a time; a still takes at most a few
// seconds on the way and at most half of the time, the rest of the uplink is the voice's.

export interface StillSize { width: number; quality: number }

const SIZES: (StillSize & { bytes: number })[] = [
  { width: 320, quality: 0.5, bytes: 9_000 }, { width: 480, quality: 0.55, bytes: 18_000 }, { width: 640, quality: 0.6, bytes: 30_000 },
  { width: 960, quality: 0.65, bytes: 60_000 }, { width: 1280, quality: 0.7, bytes: 100_000 },
];
const START = 1;
const WAY_MS = 2500;       // what a still may take on its way
const PERIOD_MS = 4000;    // from one to the next, at best
const PERIOD_MAX_MS = 20_000;
/** What the service takes. */
export const STILL_MAX_BYTES = 128 * 1024;

export class StillPace {
  private at = START;
  private readonly bytes = SIZES.map((one) => one.bytes);
  private strain = 1; // grows while stills hurt the sound

  get size(): StillSize { return SIZES[this.at]!; }

  /** One went up; `hurt`: the sound suffered meanwhile. Returns how long to wait from its end. */
  sent(bytes: number, tookMs: number, hurt: boolean): number {
    this.bytes[this.at] = bytes;
    this.strain = hurt ? Math.min(4, this.strain * 2) : Math.max(1, this.strain / 2);
    const bytesPerMs = bytes / Math.max(1, tookMs);
    const fits = this.bytes.reduce((best, of, index) => (of <= STILL_MAX_BYTES && of / bytesPerMs <= WAY_MS ? index : best), 0);
    // Up one step at a time: a first still on a connection says little. Down at once.
    this.at = Math.min(fits, this.at + (hurt ? -1 : 1));
    if (this.at < 0) this.at = 0;
    return Math.min(PERIOD_MAX_MS, Math.max(PERIOD_MS - tookMs, tookMs, 500) * this.strain);
  }

  /** One was not taken, or took too long. */
  failed(): number {
    this.at = Math.max(0, this.at - 2);
    this.strain = Math.min(4, this.strain * 2);
    return PERIOD_MS * this.strain;
  }
}
