// The officer asks for a photo with the phone's own camera: taken while the call goes on, at the camera's full
// resolution, only after the person has agreed. A photo that was taken is kept until the service has it.
import { ApiError, newKey, sleep } from '@shared/api';
import { Store } from '@shared/store';
import type { PhotoRequest } from '@shared/types';
import type { PartySession } from './session';

export interface PhotoState {
  request: PhotoRequest | null;
  step: 'none' | 'asked' | 'taking' | 'sending' | 'waiting' | 'sent' | 'failed';
  share: number;
  error: 'camera' | 'too_large' | 'refused' | null;
}
interface PhotoTaker { takePhoto(settings?: { imageWidth?: number; imageHeight?: number }): Promise<Blob>; getPhotoCapabilities?(): Promise<{ imageWidth?: { max: number }; imageHeight?: { max: number } }> }

const NOTHING: PhotoState = { request: null, step: 'none', share: 0, error: null };
const MAX_BYTES = 20 * 1024 * 1024;
const TAKE_MS = 8000;
const THIN_PHOTO = { width: 1280, quality: 0.75 };

/** The track's picture as it is, as a JPEG of at most that width. */
export async function takeStill(track: MediaStreamTrack, { width, quality }: { width: number; quality: number }): Promise<Blob> {
  const video = document.createElement('video');
  try {
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    await video.play();
    if (!video.videoWidth) await new Promise((ready) => video.addEventListener('loadeddata', ready, { once: true }));
    const canvas = document.createElement('canvas');
    // Of a phone that is held upright the width is the short side.
    const scale = Math.min(1, width / Math.max(video.videoWidth, video.videoHeight));
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    canvas.getContext('2d')!.drawImage(video, 0, 0, canvas.width, canvas.height);
    return await new Promise<Blob>((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error('no picture'))), 'image/jpeg', quality));
  } finally {
    video.srcObject = null;
  }
}

/** The track's picture at what the camera can do at most; the stream goes on with what it had. */
async function fromTrack(track: MediaStreamTrack): Promise<Blob> {
  const before = track.getSettings();
  const can = track.getCapabilities?.();
  if (can?.width?.max && can.height?.max) await track.applyConstraints({ width: { ideal: can.width.max }, height: { ideal: can.height.max } }).catch(() => undefined);
  try {
    return await takeStill(track, { width: Infinity, quality: 0.92 });
  } finally {
    if (before.width && before.height) await track.applyConstraints({ width: { ideal: before.width }, height: { ideal: before.height } }).catch(() => undefined);
  }
}

export async function takePhoto(track: MediaStreamTrack): Promise<Blob> {
  const Capture = (globalThis as { ImageCapture?: new (track: MediaStreamTrack) => PhotoTaker }).ImageCapture;
  if (Capture) {
    try {
      const camera = new Capture(track);
      const can = await camera.getPhotoCapabilities?.();
      const settings = can?.imageWidth?.max && can.imageHeight?.max ? { imageWidth: can.imageWidth.max, imageHeight: can.imageHeight.max } : undefined;
      const late = sleep(TAKE_MS).then(() => { throw new Error('late'); });
      const photo = await Promise.race([camera.takePhoto(settings), late]);
      if (/^image\/(jpeg|png|webp)$/.test(photo.type)) return photo;
    } catch { /* many phones have it and refuse; the picture of the track is always there */ }
  }
  return fromTrack(track);
}

export class PhotoAsk extends Store<PhotoState> {
  private photo: { blob: Blob; key: string } | null = null;
  private readonly answered = new Set<string>();

  constructor(private readonly session: PartySession) { super(NOTHING); }

  /** One is on its way. */
  get sending(): boolean { return this.value.step === 'sending'; }

  private get caseId(): string { return this.session.value.case!.id; }

  /** Something was asked, or may have been while the event stream was away. */
  async look(): Promise<void> {
    if (!this.session.value.case || !['none', 'sent', 'failed'].includes(this.value.step)) return;
    const items = await this.session.api.photoRequests(this.caseId).catch(() => []);
    const open = items.filter((one) => one.state === 'pending' && !this.answered.has(one.id)).pop();
    if (open && open.id !== this.value.request?.id) this.set({ ...NOTHING, request: open, step: 'asked' });
  }

  async take(): Promise<void> {
    const track = this.session.local.value.video;
    this.patch({ step: 'taking', error: null });
    try {
      if (!track) throw new Error('no camera');
      // At full resolution it would take minutes of a network that hardly carries the voice.
      const thin = this.session.lowBand.value?.value.mode === 'voice';
      const blob = await (thin ? takeStill(track, THIN_PHOTO) : takePhoto(track));
      if (blob.size > MAX_BYTES) { await this.fail('too_large'); return; }
      this.photo = { blob, key: newKey() };
    } catch {
      await this.fail('camera');
      return;
    }
    await this.send();
  }

  /** Until the service has it: a lost network is waited for. */
  private async send(): Promise<void> {
    const { request } = this.value;
    while (this.photo && request) {
      this.patch({ step: 'sending', share: 0 });
      try {
        await this.session.api.uploadPhoto(this.caseId, this.photo.blob, request.shot, this.photo.key, (share) => this.patch({ share }), request.id);
        this.photo = null;
        this.answered.add(request.id);
        this.patch({ step: 'sent' });
      } catch (error) {
        if (!(error instanceof ApiError) || (!error.isNetwork && error.status < 500)) { this.photo = null; await this.fail('refused'); return; }
        this.patch({ step: 'waiting' });
        await sleep(2000);
      }
    }
  }

  private async fail(error: NonNullable<PhotoState['error']>): Promise<void> {
    this.patch({ step: 'failed', error });
    await this.answer('failed', error);
  }

  async decline(): Promise<void> {
    await this.answer('declined', null);
    this.close();
  }

  private async answer(state: 'declined' | 'failed', reason: string | null): Promise<void> {
    const { request } = this.value;
    if (!request) return;
    this.answered.add(request.id);
    await this.session.api.answerPhotoRequest(this.caseId, request.id, state, reason).catch(() => undefined);
  }

  close(): void { this.set(NOTHING); }
}
