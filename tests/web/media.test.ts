// A phone that takes its devices away, and gives them back.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LocalMedia } from '@shared/media';

class FakeTrack extends EventTarget {
  readyState = 'live';
  enabled = true;
  constructor(readonly kind: 'audio' | 'video') { super(); }
  stop() { this.readyState = 'ended'; }
  endByItself() { this.stop(); this.dispatchEvent(new Event('ended')); }
}
class FakeStream {
  constructor(private tracks: FakeTrack[] = []) {}
  addTrack(track: FakeTrack) { this.tracks.push(track); }
  removeTrack(track: FakeTrack) { this.tracks = this.tracks.filter((one) => one !== track); }
  getTracks() { return this.tracks; }
  getAudioTracks() { return this.tracks.filter((one) => one.kind === 'audio'); }
  getVideoTracks() { return this.tracks.filter((one) => one.kind === 'video'); }
}

const page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
const seen = async (state: string) => {
  page.visibilityState = state;
  page.dispatchEvent(new Event('visibilitychange'));
  await new Promise((done) => setTimeout(done));
};
const getUserMedia = vi.fn(async (wanted: MediaStreamConstraints) => new FakeStream((['audio', 'video'] as const).filter((kind) => wanted[kind]).map((kind) => new FakeTrack(kind))));

describe('camera and microphone', () => {
  beforeEach(() => {
    getUserMedia.mockClear();
    vi.stubGlobal('MediaStream', FakeStream);
    vi.stubGlobal('document', page);
    vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, enumerateDevices: async () => [] } });
  });
  afterEach(() => vi.unstubAllGlobals());

  it('opens again what ended behind another app, once the page is seen', async () => {
    const local = new LocalMedia();
    await local.open();
    const camera = local.value.video as unknown as FakeTrack;
    page.visibilityState = 'hidden';
    camera.endByItself();
    expect(local.value).toMatchObject({ video: null, videoProblem: 'busy' });
    await seen('hidden');
    expect(getUserMedia).toHaveBeenCalledTimes(1);
    await seen('visible');
    expect(getUserMedia).toHaveBeenCalledTimes(2);
    expect(getUserMedia.mock.calls[1]![0].audio, 'the microphone was never lost').toBeUndefined();
    expect(local.value).toMatchObject({ videoProblem: null });
    expect(local.value.video).not.toBe(camera);
    local.close();
  });

  it('leaves closed what the person closed, and everything after the end', async () => {
    const local = new LocalMedia();
    await local.open();
    await local.setCameraOff(true);
    await seen('visible');
    (local.value.audio as unknown as FakeTrack).endByItself();
    local.close();
    await seen('visible');
    expect(getUserMedia).toHaveBeenCalledTimes(1);
  });
});
