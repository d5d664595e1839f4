// How good a connection is, in three bars: pure. The figures of one moment make a level; what is shown follows them with
// some inertia, so that the bars say something instead of flickering: down on the second bad sample (at once if nothing
// comes any more), up after five good ones.

/** 0 nothing arrives, 1 poor, 2 fair, 3 good. */
export type Level = 0 | 1 | 2 | 3;
export interface MeterSample {
  /** The worse of both directions, 0..1. */
  loss: number;
  rttMs: number | null;
  /** Of sound and picture together; null: no picture is meant to come, so that little may be right. */
  bps: number | null;
  /** Since the last packet; null: none has come yet. */
  ageMs: number | null;
}

const SILENT_MS = 3000;
const FALL_AFTER = 2;
const RISE_AFTER = 5;

/** What one sample says by itself; null: too early to say. */
export function levelOf({ loss, rttMs, bps, ageMs }: MeterSample): Level | null {
  if (ageMs === null) return null;
  if (ageMs > SILENT_MS) return 0;
  const rtt = rttMs ?? 0;
  if (loss > 0.1 || rtt > 800 || (bps !== null && bps < 60_000)) return 1;
  if (loss > 0.03 || rtt > 400 || (bps !== null && bps < 200_000)) return 2;
  return 3;
}

export class Meter {
  level: Level | null = null;
  private against = 0; // samples in a row that said otherwise, all to the same side
  private nearest: Level = 0; // of those, the one nearest to what is shown

  take(sample: MeterSample): Level | null {
    const now = levelOf(sample);
    if (now === null || now === this.level) { this.against = 0; return this.level; }
    if (this.level === null || this.level === 0 || now === 0) return this.show(now);
    const falls = now < this.level;
    if (this.against === 0 || (this.nearest < this.level) !== falls) { this.against = 0; this.nearest = now; }
    this.nearest = (falls ? Math.max(this.nearest, now) : Math.min(this.nearest, now)) as Level;
    this.against += 1;
    return this.against >= (falls ? FALL_AFTER : RISE_AFTER) ? this.show(this.nearest) : this.level;
  }

  private show(level: Level): Level {
    this.level = level;
    this.against = 0;
    return level;
  }
}
