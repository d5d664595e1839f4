// The desk's state: the queue, the officer's own cases, the case in hand and its call. Events only say that something
// changed; what is shown always comes from the service.
import { ApiError, errorText } from '@shared/api';
import { Call } from '@shared/call';
import { Chat } from '@shared/chat';
import { newsLine } from '@shared/chat_messages';
import { EventStream } from '@shared/events';
import { LocalMedia } from '@shared/media';
import { newsText } from '@shared/people';
import { api, credentials, seat } from '@shared/staff';
import { Store } from '@shared/store';
import type { CallMessage, CallParticipant, Case, CaseState, CaseSummary, Codes, Config, Guest, KcEvent, Offer, PhotoRequest, QueueItem, SeatStatus, SeatView } from '@shared/types';
import { toast } from '@shared/ui';
import { chime } from './chime';
import { t } from './messages';

export interface RoomState {
  queue: QueueItem[]; mine: CaseSummary[]; current: Case | null; call: Call | null; participants: CallParticipant[]; photos: PhotoRequest[]; guests: Guest[];
  /** What is written in the call of the case in hand; null: it has none. */
  chat: Chat | null;
  /** That is looked at. */
  talking: boolean;
  /** What the next still is of, where the officer chose; null: what the list says. */
  shot: string | null;
  /** The road is to be cleared while shots are missing: the desk asks why. */
  clearing: boolean;
  /** Whose picture the officer wants large; null: the party's. */
  large: string | null;
  codes: Codes | null; config: Config | null; sound: boolean;
  /** Everybody's seat; who holds what. */
  seats: SeatView[];
  /** Cases that this seat is asked to take, or asks a colleague to. */
  offers: Offer[];
  /** Counts what was asked of recusal and decided. */
  recusalNews: number;
  /** Counts what changed about cases drawn by lot. */
  drawNews: number;
  /** Counts parties that feel pressed, and what came of that. */
  pauseNews: number;
  /** The call of somebody else's case that this supervisor hears and sees. */
  listening: { caseId: string; number: string; call: Call } | null;
  /** The supervisor looks at the whole desk instead of a case. */
  board: boolean;
  /** Counts what was asked of supervisors and what they decided. */
  approvalNews: number;
  /** Counts what auditors wrote on own cases. */
  findingNews: number;
  /** Counts the steps of reviews, and cases that opened again. */
  reviewNews: number;
}
const CALLABLE: CaseState[] = ['in_call', 'evidence_fixed', 'determined', 'agreed', 'served'];
/** Often enough that the service does not take the seat for deserted (schema/rules/desk.json). */
const SEATS_EVERY_MS = 20000;
const IN_HAND: CaseState[] = [...CALLABLE, 'on_scene'];

/** What became of a photo that was asked for. */
export function photoText({ state, reason }: PhotoRequest): string {
  if (state === 'pending') return t('photoPending');
  if (state === 'arrived') return t('photoArrived');
  if (state === 'declined') return t('photoDeclined');
  return t(reason === 'too_large' ? 'photoTooLarge' : reason === 'camera' ? 'photoNoCamera' : 'photoNotSent');
}

export class Room extends Store<RoomState> {
  readonly events = new EventStream({ credentials, probeMs: 1000 });
  readonly local = new LocalMedia({ facing: 'user', width: 640, height: 480 });
  private timers: ReturnType<typeof setInterval>[] = [];
  private pending = new Set<string>();
  /** The version of the rules whose codes are there. */
  private codesOf = 0;
  /** The live still that the large picture shows now; null: none. */
  stillShown: string | null = null;

  constructor() {
    super({ queue: [], mine: [], current: null, call: null, chat: null, talking: false, participants: [], photos: [], guests: [], shot: null, clearing: false, large: null, codes: null, config: null, sound: true, seats: [], offers: [], recusalNews: 0, drawNews: 0, pauseNews: 0, listening: null, board: false, approvalNews: 0, reviewNews: 0, findingNews: 0 });
  }

  async start(): Promise<void> {
    this.events.on((event) => this.onEvent(event));
    this.events.onConnect(() => { this.patch({ pauseNews: this.value.pauseNews + 1 }); void this.loadQueue(); void this.loadMine(); void this.loadSeats(); void this.loadOffers(); if (this.value.current) void this.reload(); });
    this.events.start();
    this.timers.push(setInterval(() => void this.loadParticipants(), 1000));
    this.timers.push(setInterval(() => void this.loadSeats(), SEATS_EVERY_MS));
    const [codes, config] = await Promise.all([api.codes(), api.config()]);
    this.codesOf = config.rules_number;
    this.patch({ codes, config });
    await this.loadMine();
    await this.takeSeat();
    // A closed lid, a reload: the case that was in hand is taken up where it stopped.
    const held = this.value.mine.find((one) => CALLABLE.includes(one.state));
    if (held && !this.value.current) await this.open(held.id);
  }

  stop(): void {
    this.timers.forEach(clearInterval);
    void this.value.call?.hangUp();
    void this.stopListening();
    this.local.close();
    this.events.stop();
  }

  private onEvent(event: KcEvent): void {
    if (['case.created', 'queue.changed', 'case.updated', 'case.on_scene'].includes(event.type)) this.soon('queue', () => this.loadQueue());
    if (['case.updated', 'document.signed', 'case.on_scene'].includes(event.type)) this.soon('mine', () => this.loadMine());
    if (event.type.startsWith('photo.') && event.case_id === this.value.current?.id) this.soon('photos', () => this.loadPhotos());
    if (event.type.startsWith('guest.') && event.case_id === this.value.current?.id) this.soon('guests', () => this.loadGuests());
    if (event.type === 'call.mode' && event.case_id === this.value.current?.id) { this.onMode(event); return; }
    if (event.type.startsWith('finding.')) this.soon('findings', async () => this.patch({ findingNews: this.value.findingNews + 1 }));
    if (event.type.startsWith('determination.') || event.type === 'document.issued') this.soon('approvals', async () => this.patch({ approvalNews: this.value.approvalNews + 1 }));
    if (event.type.startsWith('review.') || event.type === 'report.decided') this.soon('reviews', async () => this.patch({ reviewNews: this.value.reviewNews + 1 }));
    if (['seat.changed', 'case.updated', 'call.joined', 'call.left', 'call.lost'].includes(event.type)) this.soon('seats', () => this.loadSeats());
    if (['draw.made', 'seat.changed', 'queue.changed'].includes(event.type)) this.soon('draws', async () => this.patch({ drawNews: this.value.drawNews + 1 }));
    if (event.type === 'offer.changed') this.soon('offers', () => this.loadOffers());
    if (event.type.startsWith('signing.')) this.onPause(event);
    if (event.type.startsWith('recusal.')) this.patch({ recusalNews: this.value.recusalNews + 1 });
    if (event.type === 'call.left' && event.reason === 'handed-over' && event.leg_id === this.value.call?.value.legId) { this.relieved(); return; }
    if (event.type === 'call.slots' || event.type === 'message.sent') return;
    if (event.case_id && event.case_id === this.value.current?.id) this.soon('case', () => this.reload());
  }

  /** Runs once for a burst of events. */
  private soon(key: string, run: () => Promise<void>): void {
    if (this.pending.has(key)) return;
    this.pending.add(key);
    setTimeout(() => { this.pending.delete(key); void run(); }, 40);
  }

  private async loadQueue(): Promise<void> {
    const before = new Set(this.value.queue.map((one) => one.case.id));
    const view = await api.queue().catch(() => null);
    if (!view) return;
    this.patch({ queue: view.items });
    this.entitle();
    if (this.value.sound && view.items.some((one) => !before.has(one.case.id))) chime();
  }

  /** What wants to be seen in the tab of a window that is behind others. */
  private entitle(): void {
    const { queue, offers } = this.value;
    const me = seat.value?.user.id;
    const badge = offers.some((one) => one.to.id === me) ? t('askedTitle') : queue.length ? t('newCaseTitle', { n: queue.length }) : null;
    document.title = badge ? `${badge} · ${t('title')}` : t('title');
  }

  private async loadMine(): Promise<void> {
    const page = await api.listCases({ mine: 'true', limit: '50' }).catch(() => null);
    const me = seat.value?.user.id;
    if (page) this.patch({ mine: page.items.filter((one) => one.officer?.id === me && IN_HAND.includes(one.state)) });
  }

  private async loadSeats(): Promise<void> {
    const seats = await api.seats().catch(() => null);
    if (seats) this.patch({ seats });
  }

  /** Who has just sat down is free, unless something else was said before. */
  private async takeSeat(): Promise<void> {
    await this.loadSeats();
    const own = this.value.seats.find((one) => one.user.id === seat.value?.user.id);
    if (own && own.said === null) await this.say('free');
  }

  async loadOffers(): Promise<void> {
    const known = new Set(this.value.offers.map((one) => one.id));
    const offers = await api.offers().catch(() => null);
    if (!offers) return;
    this.patch({ offers });
    this.entitle();
    const me = seat.value?.user.id;
    if (this.value.sound && offers.some((one) => one.to.id === me && !known.has(one.id))) chime();
  }

  async accept(offer: Offer): Promise<void> {
    await this.stopListening();
    const taken = await this.attempt(() => api.acceptOffer(offer.id));
    await this.loadOffers();
    if (taken) await this.open(taken.id);
  }

  async decline(offer: Offer): Promise<void> {
    await this.attempt(() => api.declineOffer(offer.id).then(() => true));
    await this.loadOffers();
  }

  async withdraw(offer: Offer): Promise<void> {
    await this.attempt(() => api.withdrawOffer(offer.id).then(() => true));
    await this.loadOffers();
  }

  /** The colleague is connected, the own leg has ended: the case is theirs. */
  private relieved(): void {
    toast(t('handedOver', { who: this.value.current?.officer?.name ?? '' }), 'ok', 7000);
    this.leave();
  }

  async say(status: SeatStatus): Promise<void> {
    const own = await this.attempt(() => api.saySeat(status));
    if (own) this.patch({ seats: this.value.seats.map((one) => (one.user.id === own.user.id ? own : one)) });
  }

  async reload(): Promise<void> {
    const id = this.value.current?.id;
    if (!id) return;
    const next = await api.getCase(id).catch(() => null);
    if (!next || this.value.current?.id !== id) return;
    this.patch({ current: next });
    // Handed over, and no leg of one's own to wait with: the case is somebody else's.
    if (next.officer?.id !== seat.value?.user.id && this.value.call?.value.phase !== 'connected') { this.leave(); return; }
    if (!CALLABLE.includes(next.state)) this.endCall();
  }

  private onPause({ type }: KcEvent): void {
    this.patch({ pauseNews: this.value.pauseNews + 1 });
    if (this.value.sound && type === 'signing.paused') chime();
  }

  private onMode({ mode }: KcEvent): void {
    if (mode === 'video') toast(t('pictureBack'), 'ok');
    this.soon('participants', () => this.loadParticipants());
  }

  private async loadParticipants(): Promise<void> {
    const { current } = this.value;
    if (!current || !CALLABLE.includes(current.state)) return;
    const status = await api.callStatus(current.id).catch(() => null);
    if (status && this.value.current?.id === current.id) this.patch({ participants: status.participants });
    if (this.value.photos.some((one) => one.state === 'pending')) await this.loadPhotos();
  }

  async loadGuests(): Promise<void> {
    const id = this.value.current?.id;
    const guests = id ? await api.guests(id).catch(() => null) : null;
    if (guests && this.value.current?.id === id) this.patch({ guests });
  }

  /** One picture large, the others small and with fewer bits. */
  choose(participantId: string): void {
    this.patch({ large: participantId });
    const { current } = this.value;
    // Where the service can't thin a picture out, all of them come whole: nothing to tell the officer.
    if (current) void api.callView(current.id, [participantId]).catch(() => undefined);
  }

  async loadPhotos(): Promise<void> {
    const id = this.value.current?.id;
    const photos = id ? await api.photoRequests(id).catch(() => null) : null;
    if (!photos || this.value.current?.id !== id) return;
    const waited = new Set(this.value.photos.filter((one) => one.state === 'pending').map((one) => one.id));
    this.patch({ photos });
    for (const one of photos) if (waited.has(one.id) && one.state !== 'pending') toast(photoText(one), one.state === 'arrived' ? 'ok' : 'bad');
  }

  /** The party whose picture is large, else the first that is in the call; null: none is. */
  get partyInView(): string | null {
    const parties = this.value.participants.filter((one) => one.kind === 'party' && one.media !== 'gone');
    return (parties.find((one) => one.party_id === this.value.large) ?? parties[0])?.party_id ?? null;
  }

  /** Asks the party in view for a photo of its own camera. */
  async askPhoto(shot?: string): Promise<void> {
    const { current } = this.value;
    if (!this.partyInView) await this.loadParticipants(); // what is known is some seconds old: back from a lost call, perhaps
    const party = this.partyInView;
    if (!current || !party) { toast(t('photoNobody'), 'bad'); return; }
    if (await this.attempt(() => api.askPhoto(current.id, party, shot))) await this.loadPhotos();
  }

  /** Hears and sees a call without being heard or seen; everybody in it is told. */
  async listen(caseId: string, number: string): Promise<void> {
    await this.stopListening();
    const call = new Call({
      api, caseId, local: this.local, events: this.events, self: { kind: 'user', id: seat.value?.user.id ?? null }, listen: true, mayCall: async () => false,
      onNews: (who, joined) => toast(newsText(who, joined)),
    });
    this.patch({ listening: { caseId, number, call } });
    call.subscribe((state) => {
      if (!['refused', 'ended', 'replaced'].includes(state.phase) || this.value.listening?.call !== call) return;
      this.patch({ listening: null });
      toast(state.error ? errorText(state.error) : t('listenOver'), state.error ? 'bad' : null, 7000);
    });
    call.start();
  }

  async stopListening(): Promise<void> {
    const { listening } = this.value;
    this.patch({ listening: null });
    await listening?.call.hangUp();
  }

  async claim(id: string): Promise<void> {
    await this.stopListening();
    const done = await this.attempt(() => api.claim(id));
    if (done) await this.open(id);
    await this.loadQueue();
  }

  /** A case is judged by the rules that it was opened under, and its lists are theirs. */
  private async takeCodes(rules: number): Promise<boolean> {
    if (this.codesOf === rules && this.value.codes) return true;
    const codes = await this.attempt(() => api.codes(rules));
    if (!codes) return false;
    this.codesOf = rules;
    this.patch({ codes });
    return true;
  }

  async open(id: string): Promise<void> {
    this.patch({ board: false });
    if (this.value.current?.id === id) return;
    await this.stopListening();
    void this.value.call?.hangUp();
    const current = await this.attempt(() => api.getCase(id));
    if (!current || !(await this.takeCodes(current.rules_number))) return;
    this.value.chat?.stop();
    this.patch({ current, call: null, chat: null, talking: false, participants: [], photos: [], guests: [], shot: null, clearing: false, large: null });
    void this.loadMine();
    void this.loadGuests();
    void this.loadPhotos();
    if (CALLABLE.includes(current.state)) await this.join();
  }

  /** Joins the call of the case in hand; also takes it back from another window. */
  async join(): Promise<void> {
    const { current } = this.value;
    if (!current) return;
    this.openChat(current);
    await this.local.open();
    const call = new Call({
      api, caseId: current.id, local: this.local, events: this.events, self: { kind: 'user', id: seat.value?.user.id ?? null },
      onNews: (who, joined) => toast(newsText(who, joined)),
      mayCall: async () => CALLABLE.includes((await api.getCase(current.id)).state),
    });
    this.patch({ call });
    call.start();
  }

  private openChat(of: Case): void {
    if (this.value.chat) return;
    const onNews = (message: CallMessage) => {
      toast(newsLine(message), null, 5000);
      if (this.value.sound) chime();
    };
    this.patch({ chat: new Chat({ api, caseId: of.id, events: this.events, self: seat.value?.user.id ?? '', onNews }).start() });
  }

  private endCall(): void {
    void this.value.call?.hangUp();
    this.patch({ call: null, participants: [] });
    this.local.close();
  }

  leave(): void {
    this.endCall();
    this.value.chat?.stop();
    this.patch({ current: null, chat: null, talking: false });
    void this.loadMine();
    void this.loadQueue();
  }

  /** Runs a request on the case in hand; says what went wrong, and shows the case as it now is. */
  async attempt<T>(run: () => Promise<T>, done?: string): Promise<T | null> {
    try {
      const value = await run();
      if (done) toast(done, 'ok');
      void this.reload();
      return value;
    } catch (error) {
      toast(errorText(error), 'bad', 7000);
      if (error instanceof ApiError && (error.status === 409 || error.status === 412)) void this.reload();
      return null;
    }
  }
}
