import { ApiError } from '@shared/api';
import { Call } from '@shared/call';
import { reportOf, sampleOf, sentOf, sentRates, type StatsSample } from '@shared/call_stats';
import { Store } from '@shared/store';
import type { EventStream } from '@shared/events';
import type { LocalMedia } from '@shared/media';
import type { KcEvent } from '@shared/types';

// A peer connection that connects when it is told to.
class FakePeer {
  static all: FakePeer[] = [];
  static noLayers = false;
  static connectsAfter = 0;
  connectionState = 'new';
  iceConnectionState = 'new';
  localDescription: { sdp: string } | null = null;
  onconnectionstatechange: (() => void) | null = null;
  oniceconnectionstatechange: (() => void) | null = null;
  ontrack: ((event: { track: unknown; transceiver: unknown }) => void) | null = null;
  senders: { track: unknown; replaced: unknown[]; encodings: Record<string, unknown>[]; replaceTrack(track: unknown): Promise<void> }[] = [];
  closed = false;
  constructor(readonly configuration: RTCConfiguration = {}) { FakePeer.all.push(this); }
  transceivers: { mid: string; sender: unknown; receiver?: unknown; setCodecPreferences(): void; init: { direction?: string; sendEncodings?: { scalabilityMode?: string }[] } }[] = [];
  addTransceiver(_: unknown, init: { direction?: string; sendEncodings?: { scalabilityMode?: string }[] } = {}) {
    if (FakePeer.noLayers && init.sendEncodings) throw new Error('no such member');
    const sender = {
      track: null as unknown, replaced: [] as unknown[], encodings: [{ ...init.sendEncodings?.[0] }] as Record<string, unknown>[],
      async replaceTrack(track: unknown) { this.track = track; this.replaced.push(track); },
      getParameters() { return { encodings: this.encodings.map((one) => ({ ...one })) }; },
      async setParameters(parameters: { encodings: Record<string, unknown>[] }) { this.encodings = parameters.encodings; },
    };
    if (init.direction === 'sendrecv') this.senders.push(sender);
    const side = { mid: String(this.transceivers.length), sender, setCodecPreferences: () => undefined, init };
    this.transceivers.push(side);
    return side;
  }
  async createOffer() { return { type: 'offer', sdp: 'v=0' }; }
  async setLocalDescription() { this.localDescription = { sdp: 'v=0' }; }
  async setRemoteDescription() {
    if (FakePeer.connectsAfter === 0) this.move('connected');
    else setTimeout(() => { if (!this.closed) this.move('connected'); }, FakePeer.connectsAfter);
  }
  async getStats() { return new Map(); }
  close() { this.closed = true; }
  move(state: string) { this.connectionState = state; this.onconnectionstatechange?.(); }
  ice(state: string) { this.iceConnectionState = state; this.oniceconnectionstatechange?.(); }
}
class FakeTrack { readyState = 'live'; constructor(readonly kind: string, public muted = false) {} addEventListener() {} }
class FakeStream { tracks: unknown[] = []; addTrack(track: unknown) { this.tracks.push(track); } getTracks() { return this.tracks; } }

function setup(participants: unknown[] = [], self: { kind: 'party' | 'user' | 'guest'; id: string } = { kind: 'party', id: 'p' }, iceServers = vi.fn(async (): Promise<RTCIceServer[]> => [])) {
  const slots: unknown[] = [];
  const news: string[] = [];
  const onBroken = vi.fn();
  let legs = 0;
  const failures: ApiError[] = [];
  const hungUp: string[] = [];
  const api = {
    offer: vi.fn(async () => { const failure = failures.shift(); if (failure) throw failure; legs += 1; return { sdp: 'a', location: `/c/call/L${legs}`, legId: `L${legs}`, etag: null, links: null }; }),
    hangUp: vi.fn(async (location: string) => { hungUp.push(location); }),
    iceServers,
    callStatus: vi.fn(async () => ({ participants: [...participants], slots: [...slots] })),
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
  const call = new Call({ api: api as never, caseId: 'c', local: local as unknown as LocalMedia, events, self, onBroken, onNews: (who, joined) => news.push(`${joined ? '+' : '-'}${who.name}`), mayCall: async () => may });
  const emit = (event: Partial<KcEvent>) => listeners.forEach((listener) => listener({ case_id: 'c', seq: null, type: '', ...event } as KcEvent));
  return { call, api, events, emit, back, onBroken, slots, news, participants, failures, hungUp, local, refuse: () => { may = false; } };
}
const pass = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
const refusal = (status: number) => new ApiError(status, { status });

beforeEach(() => {
  vi.useFakeTimers();
  FakePeer.all = [];
  FakePeer.connectsAfter = 0;
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

test('a phone that needs ten seconds to connect comes through at the third try, and each try before is given back', async () => {
  FakePeer.connectsAfter = 10_000;
  const { call, api, hungUp } = setup();
  call.start();
  await pass(26_500);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L3' });
  expect(api.offer).toHaveBeenCalledTimes(3);
  expect(hungUp).toEqual(['/c/call/L1', '/c/call/L2']);
});

test('tries that were not answered make the next no longer', async () => {
  FakePeer.connectsAfter = 60_000;
  const { call, failures, hungUp } = setup();
  failures.push(...Array.from({ length: 5 }, () => refusal(503)));
  call.start();
  await pass(4_000);
  expect(call.value.legId).toBe('L1');
  await pass(6_000);
  expect(hungUp).toEqual(['/c/call/L1']);
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

test('the network has broken a connection whose leg the service still has; a leg that the service lost is not its fault', async () => {
  const { call, participants, onBroken, api } = setup();
  call.start();
  await pass(10);
  participants.push({ leg_id: 'L1', kind: 'party', party_id: 'p', media: 'connected' });
  FakePeer.all.at(-1)?.ice('failed');
  await pass(1000);
  expect(onBroken).toHaveBeenCalledTimes(1);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L2' });
  participants.length = 0; // the worker is gone, and nobody has said so yet
  FakePeer.all.at(-1)?.ice('failed');
  await pass(1000);
  expect(api.offer).toHaveBeenCalledTimes(3);
  expect(call.value).toMatchObject({ phase: 'connected', legId: 'L3' });
  expect(onBroken).toHaveBeenCalledTimes(1);
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
  participants.push({ leg_id: 'L1', kind: 'party', party_id: 'p', media: 'connected' });
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
  const { call, api } = setup([{ leg_id: 'L7', kind: 'party', party_id: 'p', media: 'connected' }]);
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

const turn = (username: string) => [{ urls: ['turn:t'], username, credential: 'c' }];

test('an offer names the TURN servers, each later one with new credentials', async () => {
  const { call, api, emit } = setup([], undefined, vi.fn().mockResolvedValueOnce(turn('1')).mockResolvedValueOnce(turn('2')));
  call.start();
  await pass(10);
  emit({ type: 'call.lost', leg_ids: ['L1'] });
  await pass(10);
  expect(api.iceServers).toHaveBeenCalledTimes(1);
  await pass(60000);
  emit({ type: 'call.lost', leg_ids: ['L2'] });
  await pass(10);
  expect(FakePeer.all.map((peer) => peer.configuration.iceServers?.[0]?.username)).toEqual(['1', '1', '2']);
});

test('no offer waits long for TURN servers, nor fails without', async () => {
  let late: (servers: RTCIceServer[]) => void = () => undefined;
  const slow = vi.fn().mockReturnValueOnce(new Promise((resolve) => { late = resolve; })).mockRejectedValue(refusal(500));
  const { call, api, emit } = setup([], undefined, slow);
  call.start();
  await pass(390);
  expect(api.offer).not.toHaveBeenCalled();
  await pass(20);
  expect(api.offer).toHaveBeenCalledTimes(1);
  expect(FakePeer.all[0]!.configuration.iceServers).toEqual([]);
  late(turn('late'));
  await pass(60000);
  emit({ type: 'call.lost', leg_ids: ['L1'] });
  await pass(10);
  expect(FakePeer.all[1]!.configuration.iceServers).toEqual(turn('late'));
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

const leg = (kind: 'party' | 'user' | 'guest', id: string, extra = {}) => ({ leg_id: `leg-${id}`, kind, [`${kind}_id`]: id, name: id, label: null, media: 'connected', ...extra });

test('an offer has one pair that sends and two that only receive, in two layers where the browser can', async () => {
  const { call } = setup();
  call.start();
  await pass(10);
  const [peer] = FakePeer.all;
  expect(peer!.transceivers.map((one) => one.init.direction)).toEqual(['sendrecv', 'sendrecv', 'recvonly', 'recvonly', 'recvonly', 'recvonly']);
  expect(peer!.transceivers[1]!.init.sendEncodings).toEqual([{ scalabilityMode: 'L1T2' }]);
  expect(peer!.transceivers[0]!.init.sendEncodings).toBeUndefined();
});

test('a browser that knows no layers offers plainly', async () => {
  FakePeer.noLayers = true;
  const { call } = setup();
  call.start();
  await pass(10);
  FakePeer.noLayers = false;
  expect(call.value.phase).toBe('connected');
  expect(FakePeer.all[0]!.transceivers).toHaveLength(6);
});

test('each of the others has a stream of its own, by slot; the officer is the main one for a party', async () => {
  const { call, participants, slots } = setup([leg('party', 'p'), leg('party', 'b', { label: 'B' }), leg('user', 'li'), leg('guest', 'wang', { guest_kind: 'interpreter' })]);
  slots.push({ audio_mid: '0', video_mid: '1', participant_id: 'b' }, { audio_mid: '2', video_mid: '3', participant_id: 'li' }, { audio_mid: '4', video_mid: '5', participant_id: 'wang' });
  call.start();
  await pass(10);
  const [peer] = FakePeer.all;
  peer!.ontrack!({ track: new FakeTrack('video'), transceiver: peer!.transceivers[3] });
  peer!.ontrack!({ track: new FakeTrack('audio'), transceiver: peer!.transceivers[4] });
  const seen = () => call.value.others.map((one) => [one.who.name, one.video, one.audio, one.main]);
  expect(seen()).toEqual([['b', false, false, false], ['li', true, false, true], ['wang', false, true, false]]);
  expect(call.value.remote).toBe(call.value.others[1]!.stream);
  expect(new Set(call.value.others.map((one) => one.stream)).size).toBe(3);
  participants.splice(2, 1);
  slots[1] = { audio_mid: '2', video_mid: '3', participant_id: null };
});

test('for an officer the main one is a party; where no slots are named, the first pair is the first other', async () => {
  const { call } = setup([leg('user', 'li'), leg('guest', 'wang'), leg('party', 'p')], { kind: 'user', id: 'li' });
  call.start();
  await pass(10);
  FakePeer.all[0]!.ontrack!({ track: new FakeTrack('video'), transceiver: FakePeer.all[0]!.transceivers[1] });
  expect(call.value.others.map((one) => [one.who.name, one.video, one.main])).toEqual([['wang', true, false], ['p', false, true]]);
});

test('who comes and who goes is told once, and not who merely reconnects', async () => {
  const { call, emit, participants, slots, news } = setup([leg('party', 'p'), leg('user', 'li')]);
  call.start();
  await pass(10);
  expect(news).toEqual([]);
  participants.push(leg('guest', 'wang'));
  slots.push({ audio_mid: '0', video_mid: '1', participant_id: 'wang' });
  emit({ type: 'call.joined' });
  await pass(10);
  emit({ type: 'call.slots' });
  await pass(10);
  participants[1] = leg('user', 'li', { leg_id: 'newer' });
  emit({ type: 'call.joined' });
  await pass(10);
  participants.splice(2, 1);
  emit({ type: 'call.left' });
  await pass(10);
  expect(news).toEqual(['+wang', '-wang']);
});

test('sound alone, a small picture, all of it: without a new offer, and over every reconnection', async () => {
  const { call, api, emit } = setup();
  call.start();
  await pass(10);
  const encoding = (n: number) => FakePeer.all[n]!.senders[1]!.encodings[0];
  call.sendPicture('none');
  await pass(10);
  expect(encoding(0)).toMatchObject({ active: false, scalabilityMode: 'L1T2' });
  emit({ type: 'call.lost', leg_ids: ['L1'] });
  await pass(100);
  expect(FakePeer.all[1]!.transceivers[1]!.init.sendEncodings).toEqual([{ scalabilityMode: 'L1T2', active: false }]);
  expect(encoding(1)).toMatchObject({ active: false });
  call.sendPicture('low');
  await pass(10);
  expect(encoding(1)).toMatchObject({ active: true, maxBitrate: 250_000, maxFramerate: 15 });
  call.sendPicture('none');
  call.sendPicture('full');
  await pass(10);
  expect(encoding(1)).toEqual({ active: true, scaleResolutionDownBy: 1, scalabilityMode: 'L1T2' });
  expect(api.offer).toHaveBeenCalledTimes(2);
});

test('a renewed connection takes over without a word of trouble, and begins with the small picture', async () => {
  const { call, api, hungUp } = setup();
  call.start();
  await pass(10);
  call.sendPicture('low');
  call.renew();
  expect(call.value).toMatchObject({ phase: 'reconnecting', renewing: true });
  await pass(100);
  expect(call.value).toMatchObject({ phase: 'connected', renewing: false, legId: 'L2' });
  expect(FakePeer.all[1]!.transceivers[1]!.init.sendEncodings).toMatchObject([{ active: true, maxBitrate: 250_000 }]);
  expect(api.offer).toHaveBeenCalledTimes(2);
  expect(hungUp).toEqual([]);
});

test('one that can’t be renewed at once is trouble after all', async () => {
  const { call, failures } = setup();
  call.start();
  await pass(10);
  failures.push(refusal(503));
  call.renew();
  await pass(100);
  expect(call.value).toMatchObject({ phase: 'reconnecting', renewing: false });
  await pass(3000);
  expect(call.value).toMatchObject({ phase: 'connected', renewing: false });
});

test('what was sent is the difference of two samples; old reports of a picture that is not sent count for nothing', () => {
  const stats = (frames: number, packets: number, waitS: number) => new Map<string, unknown>([
    ['v', { type: 'outbound-rtp', kind: 'video', bytesSent: packets * 1000, framesSent: frames, packetsSent: packets, totalPacketSendDelay: waitS, qualityLimitationReason: 'bandwidth' }],
    ['rv', { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.4, roundTripTime: 3 }], ['ra', { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.02, roundTripTime: 0.2 }],
    ['c', { type: 'candidate-pair', nominated: true, availableOutgoingBitrate: 90_000, currentRoundTripTime: 0.1 }],
  ]) as unknown as RTCStatsReport;
  const zero = sentOf(stats(0, 0, 0), 0);
  expect(sentRates(zero, sentOf(stats(20, 50, 5), 2000))).toEqual({ availableBps: 90_000, videoBps: 200_000, fps: 10, limited: true, lossAudio: 0.02, lossVideo: 0.4, rttMs: 200, waitMs: 100 });
  expect(sentRates(zero, zero)).toMatchObject({ videoBps: 0, fps: 0, lossVideo: null, waitMs: null });
  expect(sentRates(zero, sentOf(new Map() as unknown as RTCStatsReport, 1000))).toMatchObject({ availableBps: null, lossAudio: null, rttMs: null });
});

test('of several pictures the largest counts', () => {
  const stats = new Map([['a', { type: 'inbound-rtp', kind: 'video', frameWidth: 1280, frameHeight: 720, framesPerSecond: 25, framesDecoded: 5 }], ['b', { type: 'inbound-rtp', kind: 'video', frameWidth: 320, frameHeight: 240, framesPerSecond: 12, framesDecoded: 2 }]]);
  expect(sampleOf(stats as unknown as RTCStatsReport)).toMatchObject({ width: 1280, height: 720, fps: 25, framesDecoded: 7 });
});

test('a report is the difference of two samples', () => {
  const zero: StatsSample = { at: 0, received: 0, lost: 0, bytesIn: 0, bytesOut: 0, lossOut: 0, rttMs: 10, width: 0, height: 0, fps: 0, framesDecoded: 0 };
  const one = { ...zero, at: 1000, received: 95, lost: 5, bytesIn: 125000, bytesOut: 1000 };
  expect(reportOf(zero, one)).toMatchObject({ lossIn: 0.05, inBps: 1e6, outBps: 8000 });
});

const boss = { leg_id: 'L9', kind: 'user', user_id: 'boss', name: '赵明', media: 'connected', listens: true };

test('who listens is announced and named, and has no picture, nor is taken for the officer', async () => {
  const { call, participants, news, emit } = setup([{ leg_id: 'L8', kind: 'user', user_id: 'o', name: '王', media: 'connected' }]);
  call.start();
  await pass(10);
  participants.unshift(boss);
  emit({ type: 'call.joined', leg_id: 'L9' });
  await pass(10);
  expect(call.value.listeners.map((one) => one.name)).toEqual(['赵明']);
  expect(call.value.others.map((one) => [one.who.name, one.main])).toEqual([['王', true]]);
  participants.shift();
  emit({ type: 'call.left', leg_id: 'L9' });
  await pass(10);
  expect(call.value.listeners).toEqual([]);
  expect(news).toEqual(['+赵明', '-赵明']);
});

test('one who listens sends nothing, sees the others, and is told of the end', async () => {
  const { api, local, events, emit } = setup([boss, { leg_id: 'L7', kind: 'party', party_id: 'p', name: '张三', media: 'connected' }]);
  const call = new Call({ api: api as never, caseId: 'c', local: local as unknown as LocalMedia, events, self: { kind: 'user', id: 'boss' }, listen: true });
  call.start();
  await pass(10);
  const peer = FakePeer.all[0]!;
  expect(peer.transceivers.map((one) => one.init.direction)).toEqual(Array(6).fill('recvonly'));
  expect(peer.senders).toEqual([]);
  expect(api.offer).toHaveBeenCalledWith('c', 'v=0', expect.anything(), true);
  expect(call.value.listeners).toEqual([]);
  expect(call.value.others.map((one) => one.who.name)).toEqual(['张三']);
  emit({ type: 'call.left', leg_id: 'L1', reason: 'call-over' });
  expect(call.value.phase).toBe('ended');
});
