// The person's own camera and microphone: opening them in every state a phone may be in, and saying what is wrong.
import { playAll } from './sound';
import { Store } from './store';

export type DeviceProblem = 'denied' | 'missing' | 'busy' | 'insecure' | 'unsupported';
export type Facing = 'environment' | 'user';
export interface LocalMediaState {
  stream: MediaStream; audio: MediaStreamTrack | null; video: MediaStreamTrack | null;
  audioProblem: DeviceProblem | null; videoProblem: DeviceProblem | null;
  muted: boolean; cameraOff: boolean; facing: Facing; opening: boolean; opened: boolean; cameras: number;
}
export interface LocalMediaOptions { facing?: Facing; width?: number; height?: number; cameraOff?: boolean; audioOnly?: boolean }

export function deviceProblem(error: unknown): DeviceProblem {
  const name = (error as { name?: string } | null)?.name;
  if (name === 'NotAllowedError' || name === 'SecurityError' || name === 'PermissionDeniedError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError' || name === 'DevicesNotFoundError') return 'missing';
  return 'busy';
}

/** Which browser's way of allowing a device to explain. */
export type BrowserKind = 'wechat' | 'ios_safari' | 'android' | 'firefox' | 'safari' | 'other';
export function browserKind(userAgent = navigator.userAgent): BrowserKind {
  if (/MicroMessenger/i.test(userAgent)) return 'wechat';
  if (/iPhone|iPad|iPod/i.test(userAgent)) return 'ios_safari';
  if (/Firefox\//i.test(userAgent)) return 'firefox';
  if (/Android/i.test(userAgent)) return 'android';
  if (/Safari\//i.test(userAgent) && !/Chrom(e|ium)\//i.test(userAgent)) return 'safari';
  return 'other';
}

export class LocalMedia extends Store<LocalMediaState> {
  private readonly wanted: Required<LocalMediaOptions>;

  constructor(options: LocalMediaOptions = {}) {
    super({
      stream: new MediaStream(), audio: null, video: null, audioProblem: null, videoProblem: null, muted: false,
      cameraOff: options.cameraOff ?? options.audioOnly ?? false, facing: options.facing ?? 'user', opening: false, opened: false, cameras: 0,
    });
    this.wanted = { facing: 'user', width: 1280, height: 720, cameraOff: false, audioOnly: false, ...options };
  }

  private videoConstraints(facing: Facing): MediaTrackConstraints {
    return { facingMode: { ideal: facing }, width: { ideal: this.wanted.width }, height: { ideal: this.wanted.height }, frameRate: { ideal: 25, max: 30 } };
  }

  /** Opens what is wanted and not yet live. One denied device does not cost the other. */
  async open(): Promise<void> {
    if (this.value.opening) return;
    const devices = navigator.mediaDevices;
    if (!devices?.getUserMedia) {
      const problem: DeviceProblem = typeof isSecureContext !== 'undefined' && !isSecureContext ? 'insecure' : 'unsupported';
      this.patch({ audioProblem: problem, videoProblem: problem, opened: true });
      return;
    }
    document.addEventListener('visibilitychange', this.onSeen);
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    const needAudio = !alive(this.value.audio);
    const needVideo = !this.value.cameraOff && !alive(this.value.video);
    if (!needAudio && !needVideo) return;
    this.patch({ opening: true });
    try {
      if (needAudio && needVideo) {
        const both = await devices.getUserMedia({ audio, video: this.videoConstraints(this.value.facing) }).catch(() => null);
        if (both) {
          this.adopt(both.getAudioTracks()[0], both.getVideoTracks()[0]);
          return;
        }
      }
      if (needAudio) await this.openOne('audio', { audio });
      if (needVideo) await this.openOne('video', { video: this.videoConstraints(this.value.facing) });
    } finally {
      this.patch({ opening: false, opened: true });
      void this.countCameras();
    }
  }

  /** iOS may end capture while another app is in front: what ended by itself is opened again when the page is seen. */
  private readonly onSeen = (): void => {
    const { audioProblem, videoProblem } = this.value;
    if (document.visibilityState === 'visible' && (audioProblem === 'busy' || videoProblem === 'busy')) void this.open();
  };

  private async openOne(kind: 'audio' | 'video', constraints: MediaStreamConstraints): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia(constraints);
      this.adopt(stream.getAudioTracks()[0], stream.getVideoTracks()[0]);
    } catch (error) {
      this.patch(kind === 'audio' ? { audioProblem: deviceProblem(error) } : { videoProblem: deviceProblem(error) });
    }
  }

  private adopt(audio: MediaStreamTrack | undefined, video: MediaStreamTrack | undefined): void {
    const { stream } = this.value;
    if (audio) {
      for (const old of stream.getAudioTracks()) { stream.removeTrack(old); old.stop(); }
      audio.enabled = !this.value.muted;
      stream.addTrack(audio);
      audio.addEventListener('ended', () => { if (this.value.audio === audio) this.patch({ audio: null, audioProblem: 'busy' }); });
      this.patch({ audio, audioProblem: null });
    }
    if (video) {
      for (const old of stream.getVideoTracks()) { stream.removeTrack(old); old.stop(); }
      stream.addTrack(video);
      video.addEventListener('ended', () => { if (this.value.video === video) this.patch({ video: null, videoProblem: 'busy' }); });
      this.patch({ video, videoProblem: null });
    }
    playAll();
  }

  private async countCameras(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    this.patch({ cameras: found.filter((device) => device.kind === 'videoinput').length });
  }

  setMuted(muted: boolean): void {
    if (this.value.audio) this.value.audio.enabled = !muted;
    this.patch({ muted });
  }

  /** Off really closes the camera, so that its light goes out. */
  async setCameraOff(off: boolean): Promise<void> {
    this.patch({ cameraOff: off });
    if (!off) { await this.open(); return; }
    const { video, stream } = this.value;
    if (!video) return;
    this.patch({ video: null });
    stream.removeTrack(video);
    video.stop();
  }

  /** Front to back or to the next camera. Phones open one camera at a time, so the old one is closed first. */
  async switchCamera(): Promise<void> {
    if (this.value.opening) return;
    const before = this.value.video;
    const facing: Facing = this.value.facing === 'user' ? 'environment' : 'user';
    const found = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const cameras = found.filter((device) => device.kind === 'videoinput');
    const current = before?.getSettings().deviceId;
    const next = cameras[(cameras.findIndex((camera) => camera.deviceId === current) + 1) % Math.max(1, cameras.length)];
    const phone = Boolean(before?.getSettings().facingMode);
    const video = this.videoConstraints(facing);
    if (!phone && next?.deviceId) { delete video.facingMode; video.deviceId = { exact: next.deviceId }; }
    this.patch({ opening: true, facing });
    before?.stop();
    await this.openOne('video', { video });
    if (!alive(this.value.video)) {
      this.patch({ facing: facing === 'user' ? 'environment' : 'user' });
      await this.openOne('video', { video: this.videoConstraints(this.value.facing) });
    }
    this.patch({ opening: false, cameraOff: false });
  }

  close(): void {
    if (typeof document !== 'undefined') document.removeEventListener('visibilitychange', this.onSeen);
    for (const track of this.value.stream.getTracks()) { this.value.stream.removeTrack(track); track.stop(); }
    this.patch({ audio: null, video: null, opened: false });
  }
}

export function alive(track: MediaStreamTrack | null): track is MediaStreamTrack {
  return track !== null && track.readyState === 'live';
}

/** Loudness of a stream, 0 to 1, told about ten times a second; returns the function that ends it. */
export function watchLevel(stream: MediaStream, onLevel: (level: number) => void): () => void {
  if (stream.getAudioTracks().length === 0 || typeof AudioContext === 'undefined') return () => undefined;
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  const source = context.createMediaStreamSource(new MediaStream(stream.getAudioTracks()));
  source.connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    if (context.state === 'suspended') void context.resume();
    analyser.getFloatTimeDomainData(samples);
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    onLevel(levelOf(Math.sqrt(sum / samples.length)));
  }, 100);
  return () => { clearInterval(timer); source.disconnect(); void context.close(); };
}

/** -60 dB full scale and below is 0, -10 dB is 1. */
export function levelOf(rms: number): number {
  if (rms <= 0) return 0;
  const decibel = 20 * Math.log10(rms);
  return Math.max(0, Math.min(1, (decibel + 60) / 50));
}
