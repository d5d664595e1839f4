// Small pictures of a recording, made here from the recording itself: a video that is on no screen goes from keyframe to
// keyframe, where one frame has to be decoded, and each picture is drawn once.
import type { Frames } from './frames';
import type { Segment } from './player';

export const THUMB_WIDTH = 160;
export const THUMB_HEIGHT = 90;
const GIVEN_UP_MS = 5000;

export class Thumbs {
  private readonly video = document.createElement('video');
  private readonly made = new Map<number, ImageBitmap>();
  private turn: Promise<unknown> = Promise.resolve();
  private wanted = 0;
  private stopped = false;

  constructor(readonly segment: Segment, private readonly frames: () => Frames | undefined) {
    this.video.muted = true;
    this.video.preload = 'metadata';
  }

  /** One after the other. `urgent`: only the newest of those is still made when its turn comes. */
  at(mediaMs: number, urgent: boolean): Promise<ImageBitmap | null> {
    const key = Math.round(this.frames()?.keyframeBefore(mediaMs) ?? mediaMs);
    const known = this.made.get(key);
    if (known) return Promise.resolve(known);
    const mine = urgent ? (this.wanted += 1) : 0;
    const made = this.turn.then(() => (this.stopped || (urgent && mine !== this.wanted) ? null : this.made.get(key) ?? this.make(key)));
    this.turn = made.catch(() => undefined);
    return made;
  }

  stop(): void {
    this.stopped = true;
    this.video.removeAttribute('src');
    this.video.load();
    for (const one of this.made.values()) one.close();
  }

  private async make(ms: number): Promise<ImageBitmap | null> {
    if (!this.video.src) this.video.src = this.segment.url;
    const seeked = new Promise<boolean>((done) => {
      const timer = setTimeout(() => done(false), GIVEN_UP_MS);
      this.video.addEventListener('seeked', () => { clearTimeout(timer); done(true); }, { once: true });
    });
    this.video.currentTime = (ms + 0.5) / 1000;
    if (!(await seeked) || this.video.videoWidth === 0) return null;
    const scale = Math.min(THUMB_WIDTH / this.video.videoWidth, THUMB_HEIGHT / this.video.videoHeight);
    const picture = await createImageBitmap(this.video, {
      resizeWidth: Math.max(1, Math.round(this.video.videoWidth * scale)), resizeHeight: Math.max(1, Math.round(this.video.videoHeight * scale)),
    });
    this.made.set(ms, picture);
    return picture;
  }
}
