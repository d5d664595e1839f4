// One participant's side of a call: a single RTCPeerConnection against the relay. Its first pair of sections sends and
// receives, two more only receive; the service says whose packets come through which (slots), so that nobody's joining
// or leaving ever needs another offer.
//
//   idle -> connecting -> connected <-> reconnecting
//                    \-> full (as many are in it as may be; asks again)    connected -> replaced (the link is open in a newer tab)
//                    \-> refused (the case does not allow it, or the link is dead)          any -> ended (hung up)
//
// Invariants: at most one live peer connection; every await is followed by a look at `generation`, so that an attempt
// that was overtaken touches nothing; the leg of an attempt that is being replaced is forgotten before the next offer
// goes out, so that the service's word about the old leg can't stop the new one.
import { ApiError, sleep, type Api } from './api';
import { reportOf, sampleOf, sentOf, sentRates, type NetworkReport, type SentRates, type SentSample, type StatsSample } from './call_stats';
import type { EventStream } from './events';
import { IceServers } from './ice';
import type { LocalMedia, LocalMediaState } from './media';
import { Meter } from './meter';
import { Store } from './store';
import { personId } from './people';
import type { CallParticipant, CallStatus, KcEvent } from './types';

export type CallPhase = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'replaced' | 'full' | 'refused' | 'ended';
/** Another participant, and what comes of it. */
export interface Remote { who: CallParticipant; stream: MediaStream; video: boolean; audio: boolean; main: boolean }
export interface CallState {
  /** The `main` one's stream is `remote` too: the officer for a party, the first party for everybody else. */
  others: Remote[];
  /** Supervisors who hear and see the call, and are neither heard nor seen. */
  listeners: CallParticipant[];
  phase: CallPhase; legId: string | null; remote: MediaStream; remoteAudio: boolean; remoteVideo: boolean; network: NetworkReport;
  connectedAt: number | null; attempts: number; error: ApiError | null;
  /** How long the connection took to come, from the answer on; 0: it healed by itself. */
  tookMs: number;
  /** It reconnects of its own will: nothing is broken. */
  renewing: boolean;
}
export interface CallOptions {
  api: Api; caseId: string; local: LocalMedia; events: EventStream;
  /** Only receives: a supervisor who listens, which all in the call are told. */
  listen?: boolean;
  /** Who this is, to tell "my newer tab took over" from "my leg was lost". */
  self: { kind: 'party' | 'user' | 'guest'; id: string | null };
  /** Somebody else came or went. */
  onNews?: (who: CallParticipant, joined: boolean) => void;
  /** What was sent in the last second, and how it fared. */
  onSent?: (rates: SentRates, atMs: number) => void;
  /** The network broke the connection: the service still has the leg. */
  onBroken?: () => void;
  /** After a 409: does the case still want a call? true keeps trying (the call is full), false ends in `refused`. */
  mayCall?: () => Promise<boolean>;
}

const NO_REPORT: NetworkReport = { level: null, rttMs: null, lossIn: 0, lossOut: 0, inBps: 0, outBps: 0, width: 0, height: 0, fps: 0 };
const CONNECT_MS = 6000;      // from answer to DTLS connected; half as long again after each answer that led to none
const CONNECT_MAX_MS = 20000;
const DISCONNECTED_MS = 1500; // ICE may heal by itself for this long
const PAIRS = 3;              // of which the first also sends: four in a call
const RETRY_MIN_MS = 300;
const RETRY_MAX_MS = 1000;
const FULL_RETRY_MS = 2000;

/** How much of a picture is sent: all that the network takes, a small one, none. */
export type Sending = 'full' | 'low' | 'none';
const ENCODING: Record<Sending, RTCRtpEncodingParameters> = {
  full: { active: true, scaleResolutionDownBy: 1 },
  low: { active: true, maxBitrate: 250_000, maxFramerate: 15, scaleResolutionDownBy: 2 },
  none: { active: false },
};

/** Where somebody sits; a stream that stays empty until a pair is theirs. */
interface Seat { who: CallParticipant; stream: MediaStream }
/** A pair of sections and what comes through it. */
interface Pair { audio: RTCRtpTransceiver; video: RTCRtpTransceiver; stream: MediaStream }
const RELIEVED = new Set(['handed-over', 'recused', 'released', 'call-over', 'account-disabled']);
const WHO_CHANGED = new Set(['call.joined', 'call.left', 'call.lost', 'call.slots']);

/** The leg id of a call's Location. */
export const legOf = (location: string) => location.split('/').pop() ?? '';

export class Call extends Store<CallState> {
  private pc: RTCPeerConnection | null = null;
  private senders: { audio: RTCRtpSender | null; video: RTCRtpSender | null } = { audio: null, video: null };
  private pairs: Pair[] = [];
  private seats: Seat[] | null = null;
  private location: string | null = null;
  private generation = 0;
  private unconnected = 0; // answers since the last connection that led to none: a slow phone must come through at last
  private attempt: AbortController | null = null;
  private ends: (() => void)[] = [];
  private healing: ReturnType<typeof setTimeout> | undefined;
  private statsTimer: ReturnType<typeof setInterval> | undefined;
  private last: StatsSample | null = null;
  private lastSent: SentSample | null = null;
  private sending: Sending = 'full';
  private applying: Promise<void> = Promise.resolve();
  private meter = new Meter();
  private readonly ice: IceServers;

  constructor(private readonly options: CallOptions) {
    super({
      phase: 'idle', legId: null, others: [], listeners: [], remote: new MediaStream(), remoteAudio: false, remoteVideo: false, network: NO_REPORT,
      connectedAt: null, attempts: 0, error: null, tookMs: 0, renewing: false,
    });
    this.ice = new IceServers(options.api);
  }

  start(): void {
    if (this.running) return;
    this.ends = [
      this.options.events.on((event) => this.onEvent(event)),
      this.options.events.onConnect(() => void this.onServiceBack()),
      this.options.local.subscribe((state) => void this.follow(state)),
    ];
    const goodbye = () => void this.leave();
    window.addEventListener('pagehide', goodbye);
    this.ends.push(() => window.removeEventListener('pagehide', goodbye));
    this.statsTimer = setInterval(() => void this.measure(), 1000);
    this.patch({ phase: 'connecting', attempts: 0, error: null });
    void this.connect();
  }

  /** Resolves when the service knows. */
  hangUp(): Promise<void> {
    const known = this.leave();
    this.finish('ended');
    return known;
  }

  /** Stops here without a word to the service: a newer tab has this link. */
  yieldToNewer(): void {
    if (this.running) this.finish('replaced');
  }

  private get running(): boolean {
    return ['connecting', 'connected', 'reconnecting', 'full'].includes(this.value.phase);
  }

  private leave(): Promise<void> {
    const known = this.location ? this.options.api.hangUp(this.location) : Promise.resolve();
    this.location = null;
    return known;
  }

  private finish(phase: 'ended' | 'replaced' | 'refused', error: ApiError | null = null): void {
    this.generation += 1;
    this.dropPeer();
    this.location = null;
    clearInterval(this.statsTimer);
    for (const end of this.ends) end();
    this.ends = [];
    this.seats = null;
    this.patch({ phase, legId: null, others: [], listeners: [], network: NO_REPORT, error });
  }

  private dropPeer(): void {
    this.attempt?.abort();
    clearTimeout(this.healing);
    const { pc } = this;
    this.pc = null;
    this.last = this.lastSent = null;
    this.meter = new Meter();
    this.senders = { audio: null, video: null };
    if (!pc) return;
    pc.ontrack = pc.onsignalingstatechange = pc.onconnectionstatechange = pc.oniceconnectionstatechange = null;
    pc.close();
  }

  private onEvent(event: KcEvent): void {
    if (event.case_id && event.case_id !== this.options.caseId) return;
    const mine = this.value.legId;
    if (mine === null) return;
    if (WHO_CHANGED.has(event.type)) void this.look();
    if (event.type === 'call.replaced' && event.leg_id === mine) this.finish('replaced');
    // Somebody else has the case now: there is nothing to come back to.
    if (event.type === 'call.left' && event.leg_id === mine && RELIEVED.has(event.reason ?? '')) this.finish('ended');
    if (event.type === 'call.lost' && (event.leg_ids ?? []).includes(mine)) this.reconnect(0);
  }

  /**
   * A connection in place of the one that runs, which takes over from it. A browser that once lost much holds its
   * estimate of the uplink down for as long as a minute, however free the network is by then: only a new one forgets it.
   */
  renew(): void {
    if (this.value.phase !== 'connected') return;
    this.patch({ renewing: true });
    this.reconnect(0);
  }

  /** A new offer at once, or after a wait; whatever was under way is forgotten. */
  private reconnect(afterMs: number): void {
    if (!this.running) return;
    this.location = null;
    this.patch({ phase: 'reconnecting', legId: null });
    void this.connect(afterMs);
  }

  private async connect(afterMs = 0): Promise<void> {
    const generation = ++this.generation;
    const stale = () => generation !== this.generation;
    this.dropPeer();
    if (afterMs > 0) await sleep(afterMs);
    for (let wait = RETRY_MIN_MS; !stale(); wait = Math.min(RETRY_MAX_MS, wait * 1.5)) {
      const outcome = await this.tryOnce(stale);
      if (outcome === 'done' || stale()) return;
      await sleep(outcome === 'full' ? FULL_RETRY_MS : wait);
    }
  }

  private async tryOnce(stale: () => boolean): Promise<'done' | 'again' | 'full'> {
    this.dropPeer();
    this.patch({ attempts: this.value.attempts + 1 });
    const attempt = new AbortController();
    this.attempt = attempt;
    try {
      const iceServers = await this.ice.take();
      if (stale()) return 'done';
      const pc = this.newPeer(stale, iceServers);
      await pc.setLocalDescription(await pc.createOffer());
      if (stale()) return 'done';
      // The relay is ICE-lite: it learns our address from our checks, so there is no need to wait for candidates.
      const answer = await this.options.api.offer(this.options.caseId, pc.localDescription!.sdp, attempt.signal, this.options.listen);
      if (stale()) { void this.options.api.hangUp(answer.location); return 'done'; }
      this.location = answer.location;
      this.patch({ legId: legOf(answer.location), error: null });
      await pc.setRemoteDescription({ type: 'answer', sdp: answer.sdp });
      if (this.sending !== 'full') this.sendPicture(this.sending);
      const connected = await this.untilConnected(pc, stale);
      if (stale() || connected) return 'done';
      this.unconnected += 1;
      void this.leave();
      this.patch({ legId: null, renewing: false });
      return 'again';
    } catch (error) {
      return stale() ? 'done' : this.afterFailure(error);
    }
  }

  private async afterFailure(error: unknown): Promise<'done' | 'again' | 'full'> {
    if (this.value.renewing) this.patch({ renewing: false });
    if (!(error instanceof ApiError)) return 'again';
    if (error.status === 409) {
      const generation = this.generation;
      const wanted = await (this.options.mayCall?.() ?? Promise.resolve(true)).catch(() => true);
      if (generation !== this.generation) return 'done';
      if (wanted) { this.patch({ phase: 'full', error }); return 'full'; }
      this.finish('refused', error);
      return 'done';
    }
    if (error.isNetwork || error.status === 429 || error.status >= 500) {
      this.patch({ phase: this.value.connectedAt ? 'reconnecting' : 'connecting', error });
      return 'again';
    }
    this.finish('refused', error);
    return 'done';
  }

  private sendingPair(pc: RTCPeerConnection): Pair {
    const { stream, audio, video } = this.options.local.value;
    const audioSide = pc.addTransceiver(audio ?? 'audio', { direction: 'sendrecv', streams: [stream] });
    const videoSide = addVideo(pc, video, stream, this.sending);
    this.senders = { audio: audioSide.sender, video: videoSide.sender };
    return { audio: audioSide, video: videoSide, stream: new MediaStream() };
  }

  private newPeer(stale: () => boolean, iceServers: RTCIceServer[]): RTCPeerConnection {
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers });
    this.pc = pc;
    this.pairs = this.options.listen ? [] : [this.sendingPair(pc)];
    while (this.pairs.length < PAIRS) {
      const receive = { direction: 'recvonly' as const };
      this.pairs.push({ audio: pc.addTransceiver('audio', receive), video: pc.addTransceiver('video', receive), stream: new MediaStream() });
    }
    let answeredAt = 0;
    pc.onsignalingstatechange = () => { answeredAt = Date.now(); };
    for (const pair of this.pairs) {
      preferCodecs(pair.audio, 'audio', /^audio\/opus$/i);
      preferCodecs(pair.video, 'video', /^video\/(vp8|rtx)$/i);
    }
    const { pairs } = this;
    pc.ontrack = ({ track, transceiver }) => {
      if (stale()) return;
      const pair = pairs.find((one) => one.audio === transceiver || one.video === transceiver) ?? pairs[0]!;
      pair.stream.addTrack(track);
      const say = () => { if (!stale()) this.show(); };
      track.addEventListener('mute', say);
      track.addEventListener('unmute', say);
      say();
    };
    pc.onconnectionstatechange = () => {
      if (stale() || this.pc !== pc) return;
      if (pc.connectionState === 'connected') {
        clearTimeout(this.healing);
        this.unconnected = 0;
        const at = Date.now();
        this.patch({ phase: 'connected', connectedAt: this.value.connectedAt ?? at, tookMs: Math.max(1, at - answeredAt), attempts: 0, renewing: false });
        this.show();
        void this.look();
      } else if (this.value.phase === 'connected' && pc.connectionState !== 'connecting') {
        this.onTrouble(pc);
      }
    };
    pc.oniceconnectionstatechange = () => {
      if (stale() || this.pc !== pc) return;
      const state = pc.iceConnectionState;
      if (state === 'disconnected' || state === 'failed') this.onTrouble(pc);
      else if ((state === 'connected' || state === 'completed') && this.value.phase === 'reconnecting') {
        clearTimeout(this.healing);
        this.patch({ phase: 'connected', tookMs: 0 });
      }
    };
    return pc;
  }

  /** Asks who is in the call and through which pair each comes. */
  private async look(): Promise<void> {
    const { generation } = this;
    const status = await this.options.api.callStatus(this.options.caseId).catch(() => null);
    if (!status || generation !== this.generation || !this.running) return;
    const before = this.seats && [...this.seats.map((seat) => seat.who), ...this.value.listeners];
    const listeners = status.participants.filter((one) => one.listens && one.media !== 'gone' && personId(one) !== this.options.self.id);
    this.seats = seatsOf(status, this.pairs, this.options.self.id);
    this.patch({ listeners });
    this.show();
    if (before) this.tellNews(before, [...this.seats.map((seat) => seat.who), ...listeners]);
  }

  private tellNews(before: CallParticipant[], now: CallParticipant[]): void {
    const missing = (from: CallParticipant[], one: CallParticipant) => !from.some((other) => personId(other) === personId(one));
    for (const one of now) if (missing(before, one)) this.options.onNews?.(one, true);
    for (const one of before) if (missing(now, one)) this.options.onNews?.(one, false);
  }

  private show(): void {
    const seats = this.seats ?? [];
    const wanted = this.options.self.kind === 'party' ? 'user' : 'party';
    const main = seats.find((one) => one.who.kind === wanted) ?? seats[0];
    const others = seats.map((one): Remote => ({ ...one, video: flows(one.stream, 'video'), audio: flows(one.stream, 'audio'), main: one === main }));
    const stream = main?.stream ?? this.pairs[0]?.stream ?? this.value.remote;
    this.patch({ others, remote: stream, remoteAudio: flows(stream, 'audio'), remoteVideo: flows(stream, 'video') });
  }

  private onTrouble(pc: RTCPeerConnection): void {
    if (this.value.connectedAt === null || this.pc !== pc) return;
    this.patch({ phase: 'reconnecting' });
    clearTimeout(this.healing);
    const dead = pc.iceConnectionState === 'failed' || ['failed', 'closed'].includes(pc.connectionState);
    this.healing = setTimeout(() => void this.decide(), dead ? 200 : DISCONNECTED_MS);
  }

  /** The leg is dead: did a newer tab take it, or was it lost? */
  private async decide(): Promise<void> {
    const generation = this.generation;
    const legs = await this.ownLegs();
    if (generation !== this.generation || !this.running) return;
    if (legs?.some((leg) => leg !== this.value.legId)) { this.finish('replaced'); return; }
    if (legs?.length) this.options.onBroken?.();
    this.reconnect(0);
  }

  /** A service that comes back knows no leg of before, seconds before ICE notices that nobody answers. */
  private async onServiceBack(): Promise<void> {
    const generation = this.generation;
    if (this.value.legId === null) return;
    const legs = await this.ownLegs();
    if (generation !== this.generation || !this.running || legs === null || legs.includes(this.value.legId ?? '')) return;
    if (legs.length > 0) this.finish('replaced');
    else this.reconnect(0);
  }

  /** The live legs of this very participant, as the service knows them; null: it did not say. */
  private async ownLegs(): Promise<string[] | null> {
    const { self, api, caseId } = this.options;
    if (self.id === null) return null;
    const status = await api.callStatus(caseId).catch(() => null);
    return status?.participants.filter((one) => one.media !== 'gone'
      && one.kind === self.kind && personId(one) === self.id).map((one) => one.leg_id) ?? null;
  }

  private untilConnected(pc: RTCPeerConnection, stale: () => boolean): Promise<boolean> {
    return new Promise((resolve) => {
      const ends = Date.now() + Math.min(CONNECT_MAX_MS, CONNECT_MS * 1.5 ** this.unconnected);
      const look = () => {
        if (stale() || pc.connectionState === 'connected') { resolve(true); return; }
        if (pc.connectionState === 'failed' || pc.connectionState === 'closed' || Date.now() > ends) { resolve(false); return; }
        setTimeout(look, 50);
      };
      look();
    });
  }

  /** The own camera or microphone changed: the running connection takes the new track without a new offer. */
  private async follow(state: LocalMediaState): Promise<void> {
    const { audio, video } = this.senders;
    if (audio && audio.track !== state.audio) await audio.replaceTrack(state.audio).catch(() => undefined);
    if (video && video.track !== state.video) await video.replaceTrack(state.video).catch(() => undefined);
  }

  /** How much of a picture goes out from now on, over every reconnection; without a new offer. */
  sendPicture(sending: Sending): void {
    this.sending = sending;
    // One after the other: each change answers the parameters that it was made from.
    this.applying = this.applying.then(() => this.applySending());
  }

  private async applySending(): Promise<void> {
    const { video } = this.senders;
    if (!video) return;
    try {
      const parameters = video.getParameters();
      for (const encoding of parameters.encodings) {
        delete encoding.maxBitrate;
        delete encoding.maxFramerate;
        Object.assign(encoding, ENCODING[this.sending]);
      }
      await video.setParameters(parameters);
    } catch { /* a browser that can't, or a connection that is gone: it sends what the network takes */ }
  }

  private tellSent(stats: RTCStatsReport, at: number): void {
    const now = sentOf(stats, at);
    const before = this.lastSent;
    this.lastSent = now;
    if (before) this.options.onSent?.(sentRates(before, now), at);
  }

  private async measure(): Promise<void> {
    const { pc } = this;
    if (!pc || this.value.phase !== 'connected') return;
    const stats = await pc.getStats().catch(() => new Map() as unknown as RTCStatsReport);
    if (this.pc !== pc) return;
    const sample = sampleOf(stats);
    this.tellSent(stats, sample.at);
    const before = this.last;
    this.last = sample;
    if (!before) return;
    const report = reportOf(before, sample);
    const silent = sample.received === before.received && report.outBps === 0;
    const level = this.meter.take({ loss: Math.max(report.lossIn, report.lossOut), rttMs: report.rttMs, bps: null, ageMs: silent ? Infinity : 0 });
    this.patch({ network: { ...report, level } });
  }
}

/** The others who are to be seen and heard in the call, and their pairs. Where the service names no slots, the first other comes through the first pair. */
export function seatsOf(status: CallStatus, pairs: Pair[], selfId: string | null): Seat[] {
  const others = status.participants.filter((one) => one.media !== 'gone' && !one.listens && personId(one) !== selfId);
  const slots = status.slots ?? [];
  return others.map((who, index) => {
    const slot = slots.find((one) => one.participant_id === personId(who));
    const pair = slots.length === 0 ? pairs[index === 0 ? 0 : pairs.length]
      : pairs.find((one) => slot && (one.video.mid === slot.video_mid || one.audio.mid === slot.audio_mid));
    return { who, stream: pair?.stream ?? new MediaStream() };
  });
}

/** In two temporal layers where the browser can: the relay then halves a picture that somebody wants small. */
function addVideo(pc: RTCPeerConnection, video: MediaStreamTrack | null, stream: MediaStream, sending: Sending): RTCRtpTransceiver {
  const plain: RTCRtpTransceiverInit = { direction: 'sendrecv', streams: [stream] };
  try {
    return pc.addTransceiver(video ?? 'video', { ...plain, sendEncodings: [{ scalabilityMode: 'L1T2', ...(sending === 'full' ? {} : ENCODING[sending]) } as RTCRtpEncodingParameters] });
  } catch {
    return pc.addTransceiver(video ?? 'video', plain);
  }
}

function flows(stream: MediaStream, kind: 'audio' | 'video'): boolean {
  return stream.getTracks().some((track) => track.kind === kind && !track.muted && track.readyState === 'live');
}

function preferCodecs(side: RTCRtpTransceiver, kind: 'audio' | 'video', wanted: RegExp): void {
  try {
    const all = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
    const some = all.filter((codec) => wanted.test(codec.mimeType));
    if (some.length > 0) side.setCodecPreferences(some);
  } catch { /* an old browser offers everything; the relay picks */ }
}
