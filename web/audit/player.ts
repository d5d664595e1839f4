// Replay of all tracks in step. One clock runs over the whole call; each lane (a participant) shows the segment that
// covers the moment.
//
// Invariants
//
// 1. The clock runs only while every lane that has a picture now goes on: whoever waits for bytes, or begins, stops all
//    of them, and they start together again.
// 2. A lane that drifts from the clock is brought back by its rate, within a tenth of a second or two; only a jump is mended
//    by a seek.
// 3. A segment that begins while others play stands ready at its first frame, and is let go a little before its moment, by as
//    much as a picture took to begin the last time; only when it is not ready do all wait for it.
// 4. A seek that comes while another is under way is not lost: the last one wins.
import { Store } from '@shared/store';
import type { GuestKind, Recording } from '@shared/types';

export interface Segment { id: string; url: string; fromMs: number; toMs: number; gaps: { from_ms: number; to_ms: number }[]; recording: Recording }
export interface Lane { key: string; label: string | null; guest: GuestKind | null; name: string | null; segments: Segment[] }
export interface PlayerState { atMs: number; playing: boolean; speed: number; waiting: boolean; muted: boolean }

export const SPEEDS = [0.5, 0.75, 1, 1.5, 2, 3, 4];
const JUMP_MS = 400;
const NUDGE_FROM_MS = 8;
const NUDGE_TO_MS = 3;
/** How long a drift takes to be mended. */
const NUDGE_OVER_MS = 120;
const STARTS_WITHIN_MS = 400;
/** How long before its moment a beginning is planned, so that a late turn does not miss it. */
const AHEAD_MS = 250;
/** From the first step of a video's own clock to its first picture on the screen, as measured: about two turns of it. */
const TO_SCREEN_MS = 35;
const LEAD_MOST_MS = 200;
/** What is so near to the clock need not seek before it starts with the others. */
const NEAR_MS = 20;
/** A segment's last frame is shown until its end: nothing more is waited for there. */
const TAIL_MS = 120;
/** Who begins so soon after the first began with it. */
const TOGETHER_MS = 1000;

/** Lanes of a case, parties first; what is still being recorded can't be read yet; with times counted from the first recorded moment. */
export function lanesOf(recordings: Recording[]): { lanes: Lane[]; originMs: number; lengthMs: number } {
  const usable = recordings.filter((one) => one.status !== 'live' && one.duration_ms > 0);
  const originMs = Math.min(...usable.map((one) => Date.parse(one.started_at)));
  const lanes = new Map<string, Lane>();
  for (const one of [...usable].sort((a, b) => a.started_at.localeCompare(b.started_at))) {
    const key = one.party_id ?? one.user_id ?? one.guest_id ?? one.id;
    const lane = lanes.get(key) ?? { key, label: one.party_id ? one.label : null, guest: one.guest_kind ?? null, name: one.name, segments: [] };
    const fromMs = Date.parse(one.started_at) - originMs;
    lane.segments.push({ id: one.id, url: one.url, fromMs, toMs: fromMs + one.duration_ms, gaps: one.gaps, recording: one });
    lanes.set(key, lane);
  }
  const rank = (lane: Lane) => lane.label?.charCodeAt(0) ?? (lane.guest ? Infinity : 1000);
  const ordered = [...lanes.values()].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const lengthMs = Math.max(0, ...ordered.flatMap((lane) => lane.segments.map((segment) => segment.toMs)));
  return { lanes: ordered, originMs: usable.length ? originMs : 0, lengthMs };
}

/** Of two that overlap (a leg that took over from another), the later is shown. */
export const segmentAt = (lane: Lane, atMs: number): Segment | null =>
  lane.segments.filter((one) => atMs >= one.fromMs && atMs < one.toMs).at(-1) ?? null;

/** Where a call opens: with the pictures of all who begin it together, not in the instant before the second of them. */
export const openingMs = (lanes: Lane[]): number =>
  Math.max(0, ...lanes.map((lane) => lane.segments[0]?.fromMs ?? 0).filter((ms) => ms <= TOGETHER_MS));

interface Shown { lane: Lane; video: HTMLVideoElement; segment: Segment }

export class Player extends Store<PlayerState> {
  private readonly videos = new Map<string, HTMLVideoElement>();
  private readonly loaded = new Map<string, string>();
  /** The lane that is looked at: where the clock stands, its picture is sought first, with all the processor there is. */
  first: string | null = null;
  private frame = 0;
  /** The clock: at `anchorAt` (of performance.now) it showed `anchorMs`; null while it stands. */
  private anchorAt: number | null = null;
  private anchorMs = 0;
  private startedAt = 0;
  /** How long a picture takes from play() until it is seen to run. */
  private leadMs = TO_SCREEN_MS;
  /** Who will be let go at its moment, and the timer for that. */
  private readonly due = new Map<HTMLVideoElement, number>();

  constructor(readonly lanes: Lane[], readonly lengthMs: number) {
    super({ atMs: openingMs(lanes), playing: false, speed: 1, waiting: false, muted: false });
  }

  attach(lane: string, video: HTMLVideoElement): void {
    this.videos.set(lane, video);
    this.loaded.delete(lane);
    video.muted = this.value.muted;
    video.addEventListener('seeked', () => { if (this.videos.get(lane) === video && !this.value.playing) this.place(); });
    this.place();
  }

  /** What the clock shows at a moment of performance.now; for whoever compares a picture with it. */
  clockMs(now: number): number {
    return this.anchorAt === null ? this.value.atMs : this.anchorMs + (now - this.anchorAt) * this.value.speed;
  }

  play(): void {
    if (this.value.playing) return;
    if (this.value.atMs >= this.lengthMs) this.patch({ atMs: openingMs(this.lanes) });
    this.patch({ playing: true });
    this.hold();
    this.place();
    this.frame = requestAnimationFrame(this.tick);
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    if (this.anchorAt !== null) this.patch({ atMs: Math.min(this.lengthMs, this.clockMs(performance.now())) });
    this.hold();
    this.patch({ playing: false, waiting: false });
    this.place();
  }

  toggle(): void {
    if (this.value.playing) this.pause();
    else this.play();
  }

  seek(atMs: number): void {
    this.hold();
    this.patch({ atMs: Math.min(this.lengthMs, Math.max(0, atMs)) });
    this.place();
  }

  faster(by: 1 | -1): void {
    const speed = SPEEDS[SPEEDS.indexOf(this.value.speed) + by];
    if (speed !== undefined) this.setSpeed(speed);
  }

  setSpeed(speed: number): void {
    if (this.anchorAt !== null) this.anchor(this.clockMs(performance.now()), performance.now());
    this.patch({ speed });
    this.unplan();
    for (const { video } of this.shown()) video.playbackRate = speed;
  }

  mute(): void {
    this.patch({ muted: !this.value.muted });
    for (const video of this.videos.values()) video.muted = this.value.muted;
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    this.unplan();
    for (const video of this.videos.values()) video.pause();
  }

  private anchor(ms: number, now: number): void {
    this.anchorMs = ms;
    this.anchorAt = now;
  }

  /** The clock stands, and every picture with it. */
  private hold(): void {
    this.anchorAt = null;
    this.startedAt = 0;
    this.unplan();
    for (const video of this.videos.values()) if (!video.paused) video.pause();
  }

  private unplan(): void {
    for (const timer of this.due.values()) clearTimeout(timer);
    this.due.clear();
  }

  private shown(atMs = this.value.atMs): Shown[] {
    return this.lanes.flatMap((lane) => {
      const video = this.videos.get(lane.key);
      const segment = segmentAt(lane, atMs);
      return video && segment ? [{ lane, video, segment }] : [];
    });
  }

  /** Every lane has the file of this moment, or else of its next one, so that it begins without a wait. */
  private load(atMs: number): void {
    for (const lane of this.lanes) {
      const video = this.videos.get(lane.key);
      const wanted = segmentAt(lane, atMs) ?? lane.segments.find((one) => one.fromMs > atMs) ?? lane.segments.at(-1);
      if (!video || !wanted) continue;
      if (this.loaded.get(lane.key) !== wanted.id) {
        this.loaded.set(lane.key, wanted.id);
        video.src = wanted.url;
      } else if (wanted.fromMs > atMs && video.paused && !video.seeking && video.currentTime > 0) {
        video.currentTime = 0;
      }
    }
  }

  /** Plans when to let each picture go that stands ready for a segment which begins soon. */
  private plan(atMs: number): void {
    const { speed } = this.value;
    for (const { lane, video, segment } of this.shown(atMs + (this.leadMs + AHEAD_MS) * speed)) {
      const ready = video.paused && !video.seeking && video.readyState >= 3;
      if (segment.fromMs <= atMs || this.loaded.get(lane.key) !== segment.id || this.due.has(video) || !ready) continue;
      const inMs = (segment.fromMs - this.clockMs(performance.now())) / speed - this.leadMs;
      this.due.set(video, window.setTimeout(() => this.letGo(video), inMs));
    }
  }

  /** Puts every standing picture at the clock's moment. */
  private place(withinMs = 1): void {
    const { atMs } = this.value;
    this.load(atMs);
    const shown = atMs >= this.lengthMs ? this.shown(this.lengthMs - 1) : this.shown();
    const first = this.value.playing ? undefined : shown.find(({ lane }) => lane.key === this.first);
    for (const { video, segment } of first ? [first, ...shown] : shown) {
      if (first?.video.seeking && video !== first.video) continue; // its 'seeked' comes back here
      const wanted = Math.min(atMs, segment.toMs) - segment.fromMs;
      if (!video.seeking && Math.abs(video.currentTime * 1000 - wanted) > withinMs) video.currentTime = wanted / 1000;
    }
  }

  private tick = (now: number): void => {
    if (!this.value.playing) return;
    this.frame = requestAnimationFrame(this.tick);
    if (this.anchorAt === null) this.gather(now);
    else this.run(now);
  };

  /** Waits until all can go on, lets them begin at once, and starts the clock where they are then. */
  private gather(now: number): void {
    const shown = this.shown();
    if (this.startedAt === 0) {
      this.place(NEAR_MS);
      const waiting = shown.some(({ video, segment }) => !isReady(video, segment, this.value.atMs) || isAway(video, segment, this.value.atMs));
      if (waiting !== this.value.waiting) this.patch({ waiting });
      if (waiting) return;
      for (const { video } of shown) this.letGo(video);
      this.startedAt = now;
    }
    const begun = shown.map(({ video, segment }) => segment.fromMs + video.currentTime * 1000).filter((ms) => ms > this.value.atMs + 1);
    if (begun.length < shown.length && now - this.startedAt < STARTS_WITHIN_MS) return;
    const middle = begun.length ? begun.reduce((sum, ms) => sum + ms, 0) / begun.length : this.value.atMs;
    this.anchor(middle, performance.now());
    const first = now - this.startedAt - (middle - this.value.atMs) / this.value.speed;
    this.leadMs = Math.max(0, Math.min(LEAD_MOST_MS, first)) + TO_SCREEN_MS;
  }

  private letGo(video: HTMLVideoElement): void {
    video.playbackRate = this.value.speed;
    void video.play().catch(() => undefined);
  }

  private run(now: number): void {
    const atMs = this.clockMs(now);
    if (atMs >= this.lengthMs) {
      this.patch({ atMs: this.lengthMs });
      this.pause();
      return;
    }
    this.patch({ atMs });
    this.load(atMs);
    const shown = this.shown(atMs);
    this.plan(atMs);
    // Whose segment begins here and was not ready for it: all start anew together.
    const begins = ({ video, segment }: Shown) => video.paused && !video.ended && segment.toMs - atMs > TAIL_MS && video.error === null;
    if (shown.some((one) => begins(one) || !isReady(one.video, one.segment, atMs))) {
      this.hold();
      return;
    }
    for (const { video } of shown) this.due.delete(video);
    for (const video of this.videos.values()) if (!video.paused && !this.due.has(video) && !shown.some((one) => one.video === video)) video.pause();
    for (const { video, segment } of shown) this.follow(video, segment, atMs);
  }

  private follow(video: HTMLVideoElement, segment: Segment, atMs: number): void {
    const { speed } = this.value;
    const drift = video.currentTime * 1000 - (this.clockMs(performance.now()) - segment.fromMs);
    if (Math.abs(drift) > JUMP_MS * Math.max(1, speed) && segment.toMs - atMs > TAIL_MS) {
      video.currentTime = (atMs - segment.fromMs) / 1000;
      return;
    }
    const nudged = video.playbackRate !== speed;
    const mend = Math.abs(drift) > (nudged ? NUDGE_TO_MS : NUDGE_FROM_MS) * Math.max(1, speed);
    const share = mend ? Math.max(-0.5, Math.min(0.5, -drift / NUDGE_OVER_MS / Math.max(1, speed))) : 0;
    const rate = speed * (1 + Math.round(share * 50) / 50);
    if (Math.abs(video.playbackRate - rate) > 0.001) video.playbackRate = rate;
  }
}

const isReady = (video: HTMLVideoElement, segment: Segment, atMs: number) =>
  video.ended || segment.toMs - atMs < TAIL_MS || (!video.seeking && video.readyState >= 3) || video.error !== null;
const isAway = (video: HTMLVideoElement, segment: Segment, atMs: number) =>
  video.error === null && segment.toMs - atMs >= TAIL_MS && Math.abs(video.currentTime * 1000 - (atMs - segment.fromMs)) > NEAR_MS;
