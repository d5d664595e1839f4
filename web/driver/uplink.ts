// Whether the uplink holds a picture: pure, one sample a second, time as a parameter. Where it does not, a picture only
// crowds the voice out: the page then sends sound alone, and tries a small picture again after pauses that grow.
//
//              5 bad seconds, or a connection that
//              was slow to come or soon broke     pause over, sound well
//   video ───────────────────────▶ voice, resting ──────────────────────▶ voice, trying a small picture
//     ▲                               ▲  pause doubled: too little room, or the sound suffered  │
//     │                               └─────────────────────────────────────────────────────────┤
//     └──────────────────────────────── room for a real picture for 3 s ────────────────────────┘
//
// A browser that once lost much may hold its estimate down however free the network is: where a try hurts nothing and the
// estimate does not move, a new connection is asked for (`renewals`), once a try, and after a failure not for minutes.
//
// Invariants: between falling and climbing lies a gap (FALL_BPS, CLIMB_BPS), so that a network near either does not make
// the page go to and fro; a picture that falls again soon after it came back counts as a failed try.

import type { Sending } from '@shared/call';

export type Mode = 'video' | 'voice';

export interface UplinkSample {
  /** The browser's estimate of the whole uplink; null: it makes none (Firefox). */
  availableBps: number | null;
  videoBps: number;
  /** Frames sent in the last second. */
  fps: number;
  /** The encoder is held down for want of room. */
  limited: boolean;
  /** Of what was sent, what the other end missed, 0..1; null: not said yet. */
  lossAudio: number | null; lossVideo: number | null;
  rttMs: number | null;
  /** How long a packet waited here before it went out, on average; null: not known. */
  waitMs: number | null;
  /** There is a picture to send. */
  camera: boolean;
}

export const FALL_BPS = 120_000;  // sound takes half of it: what is left is no picture
export const CLIMB_BPS = 200_000;
const FALL_AFTER = 5;     // bad seconds; a good one takes two back
const SETTLE_MS = 2000;   // of a try, in which the estimate finds its feet
const TRY_GOOD = 3;       // good seconds in a row
const TRY_HURT = 2;       // bad ones in a row
const TRY_MS = 9000;
const CLEAN_BEFORE_RENEWAL = 4; // seconds in a row
const RENEW_MS = 60_000;  // between two new connections that came to nothing; doubled
const RENEW_MAX_MS = 480_000;
const PAUSE_MS = 5000;
const PAUSE_MAX_MS = 30_000;
const STABLE_MS = 30_000; // a picture that held this long is no failed try
const FAST_UPLOAD_BPS = 400_000;
const SLOW_CONNECT_MS = 3000; // round trips of a second: seconds of packets lie before the line
const SOON_MS = 10_000;   // a connection that breaks before was flooded by its own beginning

const loses = ({ lossAudio, lossVideo }: UplinkSample, above: number) => Math.max(lossAudio ?? 0, lossVideo ?? 0) > above;
const stuck = ({ rttMs, waitMs }: UplinkSample) => (rttMs ?? 0) > 1500 || (waitMs ?? 0) > 1000;

/** A second in which the picture was none, or cost the voice. */
export function isBad(one: UplinkSample): boolean {
  if (one.availableBps !== null && one.availableBps < FALL_BPS) return true;
  return loses(one, 0.25) || stuck(one) || (one.limited && one.fps < 4);
}

/** A second of a try that leaves room for a real picture. */
export function isRoomy(one: UplinkSample): boolean {
  if (loses(one, 0.08) || (one.rttMs ?? 0) > 800 || (one.waitMs ?? 0) > 300 || one.fps < 4) return false;
  return one.availableBps === null ? one.videoBps > 90_000 && !one.limited : one.availableBps >= CLIMB_BPS;
}

/** Nothing of what was sent suffered. */
const isClean = (one: UplinkSample) => !loses(one, 0.03) && (one.rttMs ?? 0) <= 400 && one.fps >= 4;

const soundWell = ({ lossAudio, rttMs }: UplinkSample) => (lossAudio ?? 0) <= 0.1 && (rttMs ?? 0) <= 1000;

export class Uplink {
  mode: Mode = 'video';
  sending: Sending = 'full';
  /** How often a new connection was asked for. */
  renewals = 0;
  private renewed = false;  // in this try
  private renewing = false; // asked for; the next sample is its first
  private renewedAt = -Infinity;
  private renewGapMs = RENEW_MS;
  private clean = 0;
  private bad = 0;
  private roomy = 0;
  private hurt = 0;
  private pauseMs = PAUSE_MS;
  private since = 0;        // of the pause or the try
  private climbedAt = -Infinity;
  private uploadBps = 0;
  private uploadAtFall = 0;

  /** `mode`: as it was before the page was loaded again. */
  constructor(mode: Mode = 'video', atMs = 0) {
    if (mode === 'voice') this.fall(atMs, false);
  }

  /** How fast a still went up: one that goes up quickly ends a pause early. */
  uploaded(bps: number): void { this.uploadBps = bps; }

  /** A connection came, and took so long from the answer on: before any figures, the only sign there is. */
  connected(tookMs: number, atMs: number): void {
    if (this.mode === 'video' && tookMs > SLOW_CONNECT_MS) this.fall(atMs, false);
  }

  /** A connection broke that had held so long: of seconds in which nothing comes through, no figures come either. */
  lost(heldMs: number, atMs: number): void {
    if (this.sending === 'low') this.rest(atMs, true);
    else if (this.mode === 'video' && heldMs < SOON_MS) this.fall(atMs, false);
  }

  take(one: UplinkSample, atMs: number): void {
    if (!one.camera) { this.bad = 0; if (this.sending === 'low') this.rest(atMs, false); return; }
    if (this.sending === 'full') this.watch(one, atMs);
    else if (this.sending === 'low') this.judge(one, atMs);
    else if (atMs - this.since >= this.pauseMs || this.uploadsFast()) this.tryPicture(one, atMs);
  }

  private watch(one: UplinkSample, atMs: number): void {
    this.bad = isBad(one) ? this.bad + 1 : Math.max(0, this.bad - 2);
    if (this.bad >= FALL_AFTER) this.fall(atMs, atMs - this.climbedAt < STABLE_MS);
  }

  private fall(atMs: number, failed: boolean): void {
    this.mode = 'voice';
    this.rest(atMs, failed);
  }

  private tryPicture(one: UplinkSample, atMs: number): void {
    if (!soundWell(one)) return;
    this.sending = 'low';
    this.since = atMs;
    this.roomy = this.hurt = this.clean = 0;
    this.renewed = this.renewing = false;
  }

  private judge(one: UplinkSample, atMs: number): void {
    if (this.renewing) { this.renewing = false; this.since = atMs; }
    const forMs = atMs - this.since;
    this.hurt = loses(one, 0.2) || stuck(one) ? this.hurt + 1 : 0;
    if (this.hurt >= TRY_HURT || forMs > TRY_MS) { this.rest(atMs, true); return; }
    if (forMs < SETTLE_MS) return;
    this.roomy = isRoomy(one) ? this.roomy + 1 : 0;
    this.clean = isClean(one) ? this.clean + 1 : 0;
    if (this.roomy === 0 && this.clean >= CLEAN_BEFORE_RENEWAL && !this.renewed && atMs - this.renewedAt >= this.renewGapMs) this.renew(atMs);
    if (this.roomy < TRY_GOOD) return;
    this.mode = 'video';
    this.sending = 'full';
    this.bad = 0;
    this.climbedAt = atMs;
  }

  private renew(atMs: number): void {
    this.renewals += 1;
    this.renewed = this.renewing = true;
    this.renewedAt = atMs;
    this.roomy = this.hurt = this.clean = 0;
  }

  private rest(atMs: number, failed: boolean): void {
    this.renewGapMs = failed && this.renewedAt > -Infinity ? Math.min(RENEW_MAX_MS, this.renewed ? this.renewGapMs * 2 : this.renewGapMs) : RENEW_MS;
    this.renewed = false;
    this.pauseMs = failed ? Math.min(PAUSE_MAX_MS, this.pauseMs * 2) : PAUSE_MS;
    this.sending = 'none';
    this.since = atMs;
    this.bad = 0;
    // What went up while the picture failed was no sign of room: only more than that is.
    this.uploadAtFall = this.uploadBps;
  }

  private uploadsFast(): boolean {
    return this.uploadBps >= Math.max(FAST_UPLOAD_BPS, 3 * this.uploadAtFall);
  }
}
