// A party in its case: the case as the service tells it, the events, the camera, the call. Screens only look and ask.
//
// Invariants: the case is fetched again after every event and every reconnection, never patched by guess; an older
// answer never replaces a newer version; there is a call exactly while the case is in a state that has one and the
// person has not hung up.
import { PhotoAsk } from './photo';
import { Api, ApiError, newKey, sleep } from '@shared/api';
import { Call } from '@shared/call';
import { Chat } from '@shared/chat';
import { EventStream } from '@shared/events';
import { LocalMedia } from '@shared/media';
import { Store } from '@shared/store';
import type { Agreement, Case, CaseDocument, CaseState, ConsentKind, Decision, KcEvent, Party, PartyParticulars, Pause, PauseReason, Review } from '@shared/types';
import { buzz } from './buzz';
import { LowBand } from './lowband';
import { saveLink, savedLink } from './link';
import { toast } from '@shared/ui';
import { t } from './messages';
import { tellNews } from './shell';
import { tellMessage } from './talk';

export type SessionPhase = 'loading' | 'ready' | 'dead' | 'replaced' | 'guest';
export interface SessionState { phase: SessionPhase; case: Case | null; partyId: string | null; error: unknown; hungUp: boolean }

const CALL_STARTS: ReadonlySet<CaseState> = new Set(['in_call', 'evidence_fixed', 'determined', 'agreed']);
const CALL_STAYS: ReadonlySet<CaseState> = new Set([...CALL_STARTS, 'served']);
const POLL_MS = 15000;
const PERMISSION_MS = 1500;

export class PartySession extends Store<SessionState> {
  readonly api: Api;
  readonly photo = new PhotoAsk(this);
  readonly events: EventStream;
  readonly local: LocalMedia;
  readonly call = new Store<Call | null>(null);
  readonly lowBand = new Store<LowBand | null>(null);
  /** What is written in the call, once there has been one. */
  readonly chat = new Store<Chat | null>(null);
  private refreshing: Promise<void> | null = null;
  private again = false;
  private poll: ReturnType<typeof setInterval> | undefined;
  private tabs: BroadcastChannel | null = null;
  private readonly tabId = newKey();

  constructor(readonly token: string) {
    super({ phase: 'loading', case: null, partyId: null, error: null, hungUp: false });
    const credentials = { token: () => token };
    this.api = new Api(credentials);
    this.events = new EventStream({ credentials });
    this.local = new LocalMedia({ facing: 'environment' });
  }

  start(): void {
    this.announce();
    this.events.on((event) => this.onEvent(event));
    this.events.onConnect(() => { void this.refresh(); void this.photo.look(); });
    this.events.start();
    this.poll = setInterval(() => void this.refresh(), POLL_MS);
    void this.refresh();
  }

  stop(): void {
    this.events.stop();
    clearInterval(this.poll);
    this.chat.value?.stop();
    this.tabs?.close();
    this.local.close();
  }

  /** The newest tab of a link speaks for it; an older one hears of it here and steps back. */
  private announce(): void {
    if (typeof BroadcastChannel === 'undefined') return;
    this.tabs = new BroadcastChannel('kc.party');
    this.tabs.onmessage = ({ data }: MessageEvent<{ token: string; tab: string }>) => {
      if (data.token === this.token && data.tab !== this.tabId) this.onReplaced();
    };
    this.tabs.postMessage({ token: this.token, tab: this.tabId });
  }

  private onReplaced(): void {
    if (this.value.phase === 'replaced') return;
    this.patch({ phase: 'replaced' });
    this.call.value?.yieldToNewer();
    this.stop();
  }

  private onEvent(event: KcEvent): void {
    if (event.type === 'hello' || event.type === 'call.replaced' || event.type === 'call.lost' || event.type === 'call.slots' || event.type === 'call.mode') return;
    if (event.type === 'message.sent') return;
    if (event.type === 'photo.requested') { void this.photo.look(); return; }
    void this.refresh();
  }

  /** Fetches the case; calls while one fetch is under way lead to one more, not to many. */
  refresh(): Promise<void> {
    if (this.refreshing) { this.again = true; return this.refreshing; }
    this.refreshing = this.fetchCase().finally(() => {
      this.refreshing = null;
      if (this.again) { this.again = false; void this.refresh(); }
    });
    return this.refreshing;
  }

  private async fetchCase(): Promise<void> {
    try {
      const id = this.value.case?.id ?? await this.findCase();
      if (id === null) { if (this.value.phase !== 'guest') this.die(null); return; }
      this.accept(await this.api.getCase(id));
      if (this.value.error) this.patch({ error: null });
    } catch (error) {
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) this.die(error);
      else this.patch({ error });
    }
  }

  /** NULL: the link is dead, or a guest's, who has no case of its own. */
  private async findCase(): Promise<string | null> {
    const saved = savedLink();
    if (saved?.token === this.token) return saved.caseId;
    try {
      return (await this.api.listCases({ limit: '1' })).items[0]?.id ?? null;
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      this.stop();
      this.patch({ phase: 'guest' });
      return null;
    }
  }

  private die(error: ApiError | null): void {
    if (this.value.phase === 'replaced') return;
    if (savedLink()?.token === this.token) saveLink(null);
    this.call.value?.hangUp();
    this.stop();
    this.patch({ phase: 'dead', error });
  }

  /** Takes a case as the service sent it. */
  accept(fresh: Case): void {
    const { phase, case: known } = this.value;
    if (phase === 'replaced' || (known && known.version > fresh.version)) return;
    const partyId = this.value.partyId ?? ownParty(fresh)?.id ?? null;
    this.patch({ phase: 'ready', case: fresh, partyId });
    saveLink({ token: this.token, caseId: fresh.id, partyId, at: Date.now() });
    this.settleCall(fresh.state);
  }

  private settleCall(state: CaseState): void {
    const running = this.call.value;
    if (!running && CALL_STARTS.has(state) && !this.value.hungUp) void this.startCall();
    if (running && !CALL_STAYS.has(state)) {
      this.call.set(null);
      running.hangUp();
      if (state !== 'waiting') this.local.close();
    }
  }

  private async startCall(): Promise<void> {
    const { case: of, partyId } = this.value;
    if (!of) return;
    if (!this.chat.value) this.chat.set(new Chat({ api: this.api, caseId: of.id, events: this.events, self: partyId ?? '', onNews: tellMessage }).start());
    const lowBand = new LowBand({ api: this.api, caseId: of.id, local: this.local, busy: () => this.photo.sending, onBack: () => toast(t('lowBandBack'), 'ok', 6000) });
    const call = new Call({
      api: this.api, caseId: of.id, local: this.local, events: this.events, self: { kind: 'party', id: partyId },
      onNews: tellNews, onSent: (rates, at) => lowBand.take(rates, at), onBroken: () => lowBand.broken(),
      mayCall: async () => { await this.refresh(); return CALL_STAYS.has(this.value.case?.state ?? 'closed'); },
    });
    lowBand.follow(call);
    this.lowBand.set(lowBand);
    this.call.set(call);
    call.subscribe((state) => { if (state.phase === 'replaced') this.onReplaced(); });
    buzz(200);
    // A question for permission that nobody answers must not hold up the call: the devices join it later.
    await Promise.race([this.local.open(), sleep(PERMISSION_MS)]);
    if (this.call.value === call && this.value.phase === 'ready') call.start();
  }

  hangUp(): void {
    this.patch({ hungUp: true });
    this.call.value?.hangUp();
    this.call.set(null);
  }

  rejoin(): void {
    this.patch({ hungUp: false });
    this.call.set(null);
    if (this.value.case) this.settleCall(this.value.case.state);
  }

  async joinQueue(): Promise<void> {
    await this.api.joinQueue(this.value.case!.id);
    await this.refresh();
  }

  async leaveQueue(): Promise<void> {
    await this.api.leaveQueue(this.value.case!.id);
    await this.refresh();
  }

  async consent(kind: ConsentKind, given: boolean): Promise<void> {
    const reply = await this.api.consent(this.value.case!.id, this.value.partyId!, kind, given);
    this.accept(reply.case);
    await this.refresh();
  }

  async saveMine(body: PartyParticulars): Promise<void> {
    await this.api.patchParty(this.value.case!.id, this.value.partyId!, body);
    await this.refresh();
  }

  async sendOfficer(reason?: string): Promise<void> {
    const reply = await this.api.onScene(this.value.case!.id, reason);
    if (reply.case) this.accept(reply.case);
    await this.refresh();
  }

  /** Changes the agreement as it stands; somebody else may have changed it since. */
  async saveAgreement(change: (draft: Agreement) => Agreement): Promise<void> {
    for (let tries = 3; ; tries -= 1) {
      const of = this.value.case!;
      try {
        await this.api.putAgreement(of.id, change(of.agreement.draft), of.version);
        break;
      } catch (error) {
        if (!(error instanceof ApiError) || error.status !== 412 || tries === 0) throw error;
        await this.refresh();
      }
    }
    await this.refresh();
  }

  async propose(): Promise<void> {
    await this.api.proposeAgreement(this.value.case!.id, this.value.case!.version);
    await this.refresh();
  }

  async decide(document: CaseDocument, decision: Decision, key: string, extra: { image_png?: string; statement?: string }): Promise<void> {
    const reply = await this.api.sign(this.value.case!.id, document.id, { decision, document_sha256: document.sha256, ...extra }, key);
    if (reply.case) this.accept(reply.case);
    await this.refresh();
  }

  async pauseSigning(document: CaseDocument, body: { reason?: PauseReason; words?: string }): Promise<void> {
    await this.api.pauseSigning(this.value.case!.id, document.id, body);
    await this.refresh();
  }

  async takeBackPause(pause: Pause): Promise<void> {
    await this.api.takeBackPause(pause.case_id, pause.id);
    await this.refresh();
  }

  /** This party's word that it has the document. */
  async received(document: CaseDocument): Promise<void> {
    const reply = await this.api.serveDocument(this.value.case!.id, document.id, { document_sha256: document.sha256 });
    this.accept(reply.case);
  }

  async askReview(words: { request: string; reasons: string; evidence: string }, key: string): Promise<void> {
    await this.api.askReview(this.value.case!.id, words, key);
    await this.refresh();
  }

  async withdrawReview(review: Review): Promise<void> {
    await this.api.withdrawReview(review.case_id, review.id);
    await this.refresh();
  }

  get me(): Party | null {
    return this.value.case?.parties.find((party) => party.id === this.value.partyId) ?? null;
  }
}

/** The party whose link this is: of the others the service tells only label, plate and decision. */
export function ownParty(of: Pick<Case, 'parties'>): Party | null {
  const marked = of.parties.find((party) => (party as Party & { is_self?: boolean }).is_self);
  return marked ?? of.parties.find((party) => 'phone' in party || 'name' in party) ?? of.parties[0] ?? null;
}

/** The newest document that waits for this party's word, or has it; what was proposed and withdrawn does not. */
export function currentDocument(of: Case): CaseDocument | null {
  const stands = (one: CaseDocument) => (one.kind === 'determination' || one.kind === 'agreement') && !one.revoked_at && one.proposal?.status !== 'withdrawn';
  return of.documents.filter(stands).at(-1) ?? null;
}

export function decisionOf(document: CaseDocument, partyId: string | null): Decision | null {
  return document.signatures.find((one) => one.party_id === partyId)?.decision ?? null;
}
