import { ApiError } from '@shared/api';
import { Call, reportOf, type StatsSample } from '@shared/call';
import { Store } from '@shared/store';
import type { EventStream } from '@shared/events';
import type { LocalMedia } from '@shared/media';
import type { KcEvent } from '@shared/types';

// A peer connection that connects when it is told to.
class FakePeer {
  static all: FakePeer[] = [];
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  ontrack: unknown = null;
  senders: { track: unknown; replaced: unknown[]; replaceTrack(track: unknown): Promise<void> }[] = [];
  closed = false;
  constructor() { FakePeer.all.push(this); }
  addTransceiver() {
    const sender = { track: null as unknown, replaced: [] as unknown[], async replaceTrack(track: unknown) { this.track = track; this.replaced.push(track); } };
    this.senders.push(sender);
    return { sender, setCodecPreferences: () => undefined };
  }
  async createOffer() { return { type: 'offer', sdp: 'v=0' }; }
  async setLocalDescription() { this.localDescription = { sdp: 'v=0' }; }
  async setRemoteDescription() { this.move('connected'); }
  async getStats() { return new Map(); }
  close() { this.closed = true; }
  move(state: string) { this.connectionState = state; this.onconnectionstatechange?.(); }
  ice(state: string) { this.iceConnectionState = state; this.oniceconnectionstatechange?.(); }
}
class FakeStream { tracks: unknown[] = []; addTrack(track: unknown) { this.tracks.push(track); } getTracks() { return this.tracks; } }

function setup(participants: unknown[] = []) {
  let legs = 0;
  const failures: ApiError[] = [];
  const hungUp: string[] = [];
  const api = {
    offer: vi.fn(async () => { const failure = failures.shift(); if (failure) throw failure; legs += 1; return { sdp: 'a', location: `/c/call/L${legs}`, legId: `L${legs}`, etag: null, links: null }; }),
    hangUp: vi.fn(async (location: string) => { hungUp.push(location); }),
    callStatus: vi.fn(async () => ({ participants })),
  };
  const listeners = new Set<(event: KcEvent) => void>();
  const backs = new Set<() => void>();
  const events = {
    on: (listener: (event: KcEvent) => void) => { listeners.add(listener); return () => listeners.delete(listener); },
    onConnect: (listener: () => void) => { backs.add(listener); return () => backs.delete(listener); },
  } as unknown as EventStream;
  const back = () => backs.forEach((listener) => listener());
  const local = new Store({ stream: new FakeStream(), audio: null as unknown, video: null as unknown });
  let may = true;
  const call = new Call({ api: api as never, caseId: 'c', local: local as unknown as LocalMedia, events, self: { kind: 'party', id: 'p' }, mayCall: async () => may });
  const emit = (event: Partial<KcEvent>) => listeners.forEach((listener) => listener({ case_id: 'c', seq: null, type: '', ...event } as KcEvent));
  return { call, api, emit, back, participants, failures, hungUp, local, refuse: () => { may = false; } };
}
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const refusal = (status: number) => new ApiError(status, { status });

beforeEach(() => {
  vi.useFakeTimers();
  FakePeer.all = [];
  vi.stubGlobal('RTCPeerConnection', FakePeer);
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('window', { addEventListener: () => undefined, removeEventListener: () => undefined });
});
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

test('an offer, an answer, connected', async () => {
  const { call, api } = setup();
  call.start();
  await pass(10);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L1' });
  expect(api.offer).toHaveBeenCalledTimes(1);
});

test('a worker that died: a new offer at once', async () => {
  const { call, api, emit } = setup();
  call.start();
  await pass(10);
  emit({ type: 'call.lost', leg_ids: ['other', 'L1'] });
  expect(call.value.phase).toBe('reconnecting');
  await pass(100);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L2' });
  expect(api.offer).toHaveBeenCalledTimes(2);
  expect(FakePeer.all.filter((peer) => !peer.closed)).toHaveLength(1);
});

test('another leg that is lost is not ours', async () => {
  const { call, emit } = setup();
  call.start();
  await pass(10);
  emit({ type: 'call.lost', leg_ids: ['L9'] });
  emit({ type: 'call.lost', case_id: 'other', leg_ids: ['L1'] });
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L1' });
});

test('a daemon that is gone is asked again every second at most, and then the call is back', async () => {
  const { call, api, emit, failures } = setup();
  call.start();
  await pass(10);
  for (let i = 0; i < 8; i += 1) failures.push(refusal(0));
  emit({ type: 'call.lost', leg_ids: ['L1'] });
  await pass(3000);
  const tries = api.offer.mock.calls.length;
  expect(tries).toBeGreaterThanOrEqual(4);
  await pass(6000);
  expect(call.value.phase).toBe('connected');
});

test('a daemon that came back without our leg is offered anew at once', async () => {
  const { call, api, back, participants } = setup();
  call.start();
  await pass(10);
  participants.push({ leg_id: 'L1', party_id: 'p', media: 'connected' });
  back();
  await pass(100);
  expect(api.offer).toHaveBeenCalledTimes(1);
  participants.length = 0;
  back();
  await pass(100);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L2' });
});

test('a newer tab: stop, and no offer ever after', async () => {
  const { call, api, emit, hungUp } = setup();
  call.start();
  await pass(10);
  emit({ type: 'call.replaced', leg_id: 'L1' });
  expect(call.value.phase).toBe('replaced');
  await pass(20000);
  expect(api.offer).toHaveBeenCalledTimes(1);
  expect(hungUp).toEqual([]);
});

test('a listener that answers "replaced" by yielding is called once', async () => {
  const { call, emit } = setup();
  let told = 0;
  call.subscribe((state) => { if (state.phase === 'replaced') { told += 1; call.yieldToNewer(); } });
  call.start();
  await pass(10);
  emit({ type: 'call.replaced', leg_id: 'L1' });
  expect(told).toBe(1);
});

test('the word about an own older leg does not stop the new one', async () => {
  const { call, emit } = setup();
  call.start();
  await pass(10);
  emit({ type: 'call.lost', leg_ids: ['L1'] });
  emit({ type: 'call.replaced', leg_id: 'L1' });
  await pass(100);
  emit({ type: 'call.replaced', leg_id: 'L1' });
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L2' });
});

test('a broken path heals by itself, or is offered anew', async () => {
  const { call, api } = setup();
  call.start();
  await pass(10);
  FakePeer.all[0]!.ice('disconnected');
  expect(call.value.phase).toBe('reconnecting');
  FakePeer.all[0]!.ice('connected');
  await pass(3000);
  expect(call.value.phase).toBe('connected');
  expect(api.offer).toHaveBeenCalledTimes(1);
  FakePeer.all[0]!.ice('failed');
  await pass(500);
  expect(api.offer).toHaveBeenCalledTimes(2);
  expect(call.value.phase).toBe('connected');
});

test('a dead leg while a newer tab is in the call: taken over, not fought for', async () => {
  const { call, api } = setup([{ leg_id: 'L7', party_id: 'p', media: 'connected' }]);
  call.start();
  await pass(10);
  FakePeer.all[0]!.move('failed');
  await pass(1000);
  expect(call.value.phase).toBe('replaced');
  expect(api.offer).toHaveBeenCalledTimes(1);
});

test('a full call is asked again; a case without a call ends it', async () => {
  const { call, failures, refuse } = setup();
  failures.push(refusal(409), refusal(409));
  call.start();
  await pass(10);
  expect(call.value.phase).toBe('full');
  refuse();
  await pass(2100);
  expect(call.value.phase).toBe('refused');
});

test('a dead link ends it at once', async () => {
  const { call, failures, api } = setup();
  failures.push(refusal(401));
  call.start();
  await pass(5000);
  expect(call.value).toMatchObject({ phase: 'refused', error: { status: 401 } });
  expect(api.offer).toHaveBeenCalledTimes(1);
});

test('hanging up tells the service once', async () => {
  const { call, hungUp } = setup();
  call.start();
  await pass(10);
  call.hangUp();
  expect(hungUp).toEqual(['/c/call/L1']);
  expect(call.value.phase).toBe('ended');
  expect(FakePeer.all[0]!.closed).toBe(true);
});

test('a switched camera takes the running connection', async () => {
  const { call, api, local } = setup();
  call.start();
  await pass(10);
  local.patch({ video: 'camera 2' });
  await pass(10);
  expect(FakePeer.all[0]!.senders[1]!.replaced).toEqual(['camera 2']);
  expect(api.offer).toHaveBeenCalledTimes(1);
});

test('a report is the difference of two samples', () => {
  const zero: StatsSample = { at: 0, received: 0, lost: 0, bytesIn: 0, bytesOut: 0, lossOut: 0, rttMs: 10, width: 0, height: 0, fps: 0, framesDecoded: 0 };
  const one = { ...zero, at: 1000, received: 95, lost: 5, bytesIn: 125000, bytesOut: 1000 };
  expect(reportOf(zero, one)).toMatchObject({ lossIn: 0.05, inBps: 1e6, outBps: 8000 });
});
