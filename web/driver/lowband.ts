// A phone whose uplink holds no picture: the page sends sound alone and stills by itself, tells the service so that the
// desk knows why, and climbs back. What to do is decided in uplink.ts and still_pace.ts; here it is done.
//
// Invariants: at most one still is on its way; the mode that the service was told is that of the present leg, and is told
// again until it was taken.
import { ApiError, sleep, type Api } from '@shared/api';
import type { Call, Sending } from '@shared/call';
import type { SentRates } from '@shared/call_stats';
import { alive, type LocalMedia } from '@shared/media';
import { Store } from '@shared/store';
import { takeStill } from './photo';
import { STILL_MAX_BYTES, StillPace } from './still_pace';
import { Uplink, type Mode } from './uplink';

export interface LowBandState {
  mode: Mode;
  /** When the last still arrived; null: none yet. */
  stillAt: number | null;
}
export interface LowBandOptions { api: Api; caseId: string; local: LocalMedia; onBack: () => void; /** Something larger is being sent. */ busy: () => boolean }

const STILL_TIMEOUT_MS = 20_000;
const TELL_AGAIN_MS = 1000;
const HURT_LOSS = 0.08;
const HURT_RTT_MS = 1200;

/** Over a reload the page goes on as it was: to send all that a browser begins with would cost the voice again. */
const KEPT = 'kc.voice';
const KEPT_MS = 180_000;
const keptMode = (): Mode => {
  try { return Date.now() - Number(sessionStorage.getItem(KEPT)) < KEPT_MS ? 'voice' : 'video'; } catch { return 'video'; }
};
const keepMode = (mode: Mode): void => {
  try {
    if (mode === 'voice') sessionStorage.setItem(KEPT, String(Date.now()));
    else sessionStorage.removeItem(KEPT);
  } catch { /* no storage: the figures tell it again within seconds */ }
};

export class LowBand extends Store<LowBandState> {
  private readonly uplink = new Uplink(keptMode(), Date.now());
  private readonly pace = new StillPace();
  private call: Call | null = null;
  private told: string | null = null;
  private telling = false;
  private sendingStills = false;
  private hurt = false;
  private sent: Sending = 'full';
  private since = 0;        // of the connection
  private end: () => void = () => undefined;

  constructor(private readonly options: LowBandOptions) { super({ mode: 'video', stillAt: null }); }

  /** Follows a call, from before its start until it is over. */
  follow(call: Call): void {
    this.end();
    this.call = call;
    let was = call.value.phase;
    this.end = call.subscribe(({ phase, tookMs }) => {
      if (phase === 'ended' || phase === 'refused' || phase === 'replaced') this.stop();
      else if (phase === 'connected' && was !== 'connected') {
        if (tookMs > 0) this.uplink.connected(tookMs, this.since = Date.now());
        this.act();
        void this.tell();
      }
      was = phase;
    });
    this.act();
  }

  /** The network broke the connection. */
  broken(): void {
    this.uplink.lost(Date.now() - this.since, Date.now());
    this.act();
  }

  stop(): void {
    this.end();
    this.call = null;
  }

  /** Each second: what was sent, and how it fared. */
  take(rates: SentRates, atMs: number): void {
    const { call, uplink } = this;
    if (!call) return;
    const { renewals } = uplink;
    uplink.take({ ...rates, camera: alive(this.options.local.value.video) }, atMs);
    if ((rates.lossAudio ?? 0) > HURT_LOSS || (rates.rttMs ?? 0) > HURT_RTT_MS) this.hurt = true;
    this.act();
    keepMode(uplink.mode);
    if (uplink.renewals !== renewals) call.renew();
  }

  /** Does what the uplink has decided. */
  private act(): void {
    const { sending, mode } = this.uplink;
    if (sending !== this.sent) this.call?.sendPicture(this.sent = sending);
    if (mode !== this.value.mode) this.change(mode);
  }

  private change(mode: Mode): void {
    this.patch(mode === 'voice' ? { mode, stillAt: null } : { mode });
    if (mode === 'video') this.options.onBack();
    void this.tell();
    if (mode === 'voice') void this.sendStills();
  }

  /** For every leg: one that takes over from another goes on, for the service, as that one was. */
  private async tell(): Promise<void> {
    if (this.telling) return;
    this.telling = true;
    for (;;) {
      const legId = this.call?.value.legId ?? null;
      const { mode } = this.value;
      const word = `${legId} ${mode}`;
      if (legId === null || this.told === word) break;
      try {
        await this.options.api.callMode(this.options.caseId, mode);
        this.told = word;
      } catch (error) {
        if (error instanceof ApiError && [401, 403, 404].includes(error.status)) break;
        await sleep(TELL_AGAIN_MS);
      }
    }
    this.telling = false;
  }

  private async sendStills(): Promise<void> {
    if (this.sendingStills) return;
    this.sendingStills = true;
    while (this.call && this.value.mode === 'voice') await sleep(await this.sendStill());
    this.sendingStills = false;
  }

  /** Returns how long to wait before the next. */
  private async sendStill(): Promise<number> {
    const { api, caseId, local, busy } = this.options;
    const { video } = local.value;
    if (!alive(video) || this.call?.value.phase !== 'connected' || busy()) return TELL_AGAIN_MS;
    try {
      const still = await takeStill(video, this.pace.size);
      if (still.size > STILL_MAX_BYTES) return this.pace.failed();
      this.hurt = false;
      const from = performance.now();
      await api.sendLiveStill(caseId, still, STILL_TIMEOUT_MS);
      const tookMs = performance.now() - from;
      this.uplink.uploaded(still.size * 8000 / Math.max(1, tookMs));
      this.patch({ stillAt: Date.now() });
      return this.pace.sent(still.size, tookMs, this.hurt);
    } catch {
      return this.pace.failed();
    }
  }
}
