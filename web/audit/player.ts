// Replay of all tracks in step. One clock runs over the whole call; each lane (a participant) shows the segment that
// covers the moment, and is nudged back when its picture drifts from the clock.
import { Store } from '@shared/store';
import type { GuestKind, Recording } from '@shared/types';

export interface Segment { id: string; url: string; fromMs: number; toMs: number; gaps: { from_ms: number; to_ms: number }[]; recording: Recording }
export interface Lane { key: string; label: string | null; guest: GuestKind | null; name: string | null; segments: Segment[] }
export interface PlayerState { atMs: number; playing: boolean; speed: number; waiting: boolean }

export const SPEEDS = [0.5, 1, 1.5, 2, 4];
const FRAME_MS = 40;
const DRIFT_MS = 90;

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

export const segmentAt = (lane: Lane, atMs: number): Segment | null =>
  lane.segments.find((one) => atMs >= one.fromMs && atMs < one.toMs) ?? null;

export class Player extends Store<PlayerState> {
  private readonly videos = new Map<string, HTMLVideoElement>();
  private readonly shown = new Map<string, string>();
  private frame = 0;
  private lastTick = 0;

  constructor(readonly lanes: Lane[], readonly lengthMs: number) {
    super({ atMs: 0, playing: false, speed: 1, waiting: false });
  }

  attach(lane: string, video: HTMLVideoElement | null): void {
    if (video) this.videos.set(lane, video);
    else this.videos.delete(lane);
    this.shown.delete(lane);
    this.align(true);
  }

  play(): void {
    if (this.value.playing) return;
    if (this.value.atMs >= this.lengthMs) this.patch({ atMs: 0 });
    this.patch({ playing: true });
    this.align(true);
    this.lastTick = performance.now();
    this.frame = requestAnimationFrame(this.tick);
  }

  pause(): void {
    cancelAnimationFrame(this.frame);
    this.patch({ playing: false, waiting: false });
    this.align(true);
  }

  toggle(): void {
    if (this.value.playing) this.pause();
    else this.play();
  }

  seek(atMs: number): void {
    this.patch({ atMs: Math.min(this.lengthMs, Math.max(0, atMs)) });
    this.lastTick = performance.now();
    this.align(true);
  }

  step(frames: number): void {
    if (this.value.playing) this.pause();
    this.seek(this.value.atMs + frames * FRAME_MS);
  }

  faster(by: 1 | -1): void {
    const at = SPEEDS.indexOf(this.value.speed) + by;
    if (SPEEDS[at] === undefined) return;
    this.patch({ speed: SPEEDS[at] });
    this.align(false);
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
    for (const video of this.videos.values()) video.pause();
  }

  private tick = (now: number): void => {
    if (!this.value.playing) return;
    // The clock waits for a lane whose bytes are still on their way, so that nobody is ever out of step.
    const waiting = [...this.videos.values()].some((video) => video.dataset.active === 'yes' && (video.seeking || video.readyState < 3) && !video.ended);
    const atMs = waiting ? this.value.atMs : this.value.atMs + (now - this.lastTick) * this.value.speed;
    this.lastTick = now;
    if (atMs >= this.lengthMs) {
      this.patch({ atMs: this.lengthMs });
      this.pause();
      return;
    }
    this.patch({ atMs, waiting });
    this.align(false);
    this.frame = requestAnimationFrame(this.tick);
  };

  /** Puts every lane's picture at the clock's moment; `exact` also mends drift too small to hear. */
  private align(exact: boolean): void {
    for (const lane of this.lanes) {
      const video = this.videos.get(lane.key);
      if (video) this.alignLane(lane, video, exact);
    }
  }

  private alignLane(lane: Lane, video: HTMLVideoElement, exact: boolean): void {
    const { atMs, playing, speed } = this.value;
    const segment = segmentAt(lane, atMs) ?? (atMs >= this.lengthMs ? lane.segments.at(-1) ?? null : null);
    video.dataset.active = segment ? 'yes' : 'no';
    // Between segments the next one is already fetched, so that it begins without a wait.
    const loaded = segment ?? lane.segments.find((one) => one.fromMs > atMs) ?? null;
    if (loaded && this.shown.get(lane.key) !== loaded.id) {
      this.shown.set(lane.key, loaded.id);
      video.src = loaded.url;
      exact = true;
    }
    if (!segment) {
      video.pause();
      return;
    }
    const wanted = Math.min(atMs, segment.toMs) - segment.fromMs;
    const drift = Math.abs(video.currentTime * 1000 - wanted);
    if (!video.seeking && drift > (exact ? 20 : DRIFT_MS * Math.max(1, speed))) video.currentTime = wanted / 1000;
    if (video.playbackRate !== speed) video.playbackRate = speed;
    if (playing && video.paused) void video.play().catch(() => undefined);
    if (!playing && !video.paused) video.pause();
  }
}
