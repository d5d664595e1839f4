// The typed client of the HTTP contract. Every refusal is an ApiError that carries the problem document; a network that
// fails is tried again where repeating is harmless: reads, updates bound to an ETag, and creations with a key.
import { said } from './i18n';
import { ts, sharedMessages, type SharedKey } from './messages';
import type {
  Agreement, Approval, BlindAnswer, BlindLook, BlindRate, BlindSheet, CallMessage, CallStatus, Case, CaseCreated, CaseDocument, CaseList, Composition, Criterion, Finding, Looks, Purpose, Sample, SamplePeriod, Score, Severity, Codes, Config, ConsentEntry, ConsentKind, Decision, DeskDay, Determination, Draw, Guest, GuestKind, Missing,
  NewCase, NewConclusion, NewService, NextDraw, Offer, OwnInvitation, Party, PartyParticulars, Pause, PauseOutcome, PauseReason, PhotoRequest, PlaceChange, Queue, QueueView, Recording, RecordingIndex, Recusal, Refusal, Review, SeatStatus,
  SeatView, Session, Signature, Still, TimelineItem, Triage, Wording,
} from './types';

export interface Problem {
  type?: string; title?: string; code?: string; status: number; detail?: string; errors?: Missing[];
}

/** What the service said of one field, by its JSON pointer. */
export function saidOf(findings: Missing[], pointer: string): string | null {
  const found = findings.find((one) => one.pointer === pointer);
  return found ? said(found.message) : null;
}

export class ApiError extends Error {
  /** status 0: the service was not reached; 598: it did not answer in time. */
  constructor(readonly status: number, readonly problem: Problem, readonly retryAfterS: number | null = null) {
    super(problem.detail || problem.title || `HTTP ${status}`);
    this.name = 'ApiError';
  }
  get isNetwork(): boolean { return this.status === 0 || this.status === 598; }
  /** The message of one field, by its JSON pointer. */
  field(pointer: string): string | null {
    return saidOf(this.problem.errors ?? [], pointer);
  }
}

/** Words for a person: what the service said if it said something, else what the status means. */
export function errorText(error: unknown): string {
  if (!(error instanceof ApiError)) return ts('error500');
  if (error.status === 0) return ts('errorNetwork');
  if (error.status === 598) return ts('errorTimeout');
  const key = `error${error.status}` as SharedKey;
  const general = key in sharedMessages.zh ? ts(key) : ts(error.status >= 500 ? 'error500' : 'error400');
  const words = error.problem.errors?.[0]?.message || error.problem.detail;
  return error.status < 500 && error.status !== 401 && words ? `${general} ${said(words)}` : general;
}

export function parseProblem(status: number, contentType: string | null, body: string): Problem {
  if (contentType?.includes('json')) {
    try {
      const parsed = JSON.parse(body) as Problem;
      if (parsed && typeof parsed === 'object') return { ...parsed, status };
    } catch { /* falls through: a broken body is as good as none */ }
  }
  return { status, title: `HTTP ${status}` };
}

export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The wait before attempt n (0-based) is tried again: 300 ms doubling to 4 s, a fifth of it random. */
export function backoffMs(attempt: number, random = Math.random()): number {
  return Math.min(4000, 300 * 2 ** attempt) * (0.9 + 0.2 * random);
}

export const sleep = (ms: number, signal?: AbortSignal) => new Promise<void>((resolve) => {
  const timer = setTimeout(resolve, ms);
  signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
});

export interface Credentials {
  /** Bearer token; null where the session cookie speaks. */
  token: () => string | null;
  /** CSRF token that goes with the session cookie. */
  csrf?: () => string | null;
  onUnauthorized?: () => void;
}
export interface RequestOptions {
  body?: unknown; raw?: BodyInit; contentType?: string; accept?: string; key?: string; version?: number; signal?: AbortSignal;
  /** How often a failed attempt is tried again. */
  retries?: number; timeoutMs?: number;
}
export interface SdpAnswer { sdp: string; location: string; legId: string; etag: string | null; links: string | null }

const RETRIABLE = new Set([502, 503, 504]);
const NO_ONE: Credentials = { token: () => null };

export class Api {
  constructor(readonly credentials: Credentials = NO_ONE, private readonly base = '') {}

  headers(extra: Record<string, string> = {}): Record<string, string> {
    const token = this.credentials.token();
    const csrf = this.credentials.csrf?.();
    return {
      ...extra,
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(csrf && !token ? { 'X-CSRF-Token': csrf } : {}),
    };
  }

  /** One exchange, tried again where that is safe. Resolves with the response of a success; throws ApiError otherwise. */
  async send(method: string, path: string, options: RequestOptions = {}): Promise<Response> {
    const safe = method === 'GET' || options.key !== undefined || options.version !== undefined;
    const retries = options.retries ?? (safe ? 4 : 0);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.once(method, path, options);
      } catch (error) {
        const again = error instanceof ApiError && (error.isNetwork || RETRIABLE.has(error.status));
        if (!again || attempt >= retries || options.signal?.aborted) throw error;
        const wait = error.retryAfterS !== null ? Math.min(error.retryAfterS, 10) * 1000 : backoffMs(attempt);
        await sleep(wait, options.signal);
      }
    }
  }

  private async once(method: string, path: string, options: RequestOptions): Promise<Response> {
    const headers = this.headers({ Accept: options.accept ?? 'application/json' });
    if (options.key) headers['Idempotency-Key'] = options.key;
    if (options.version !== undefined) headers['If-Match'] = `"v${options.version}"`;
    let body: BodyInit | undefined = options.raw;
    if (options.body !== undefined) body = JSON.stringify(options.body);
    if (body !== undefined) headers['Content-Type'] = options.contentType ?? 'application/json';
    const abort = new AbortController();
    const relay = () => abort.abort();
    options.signal?.addEventListener('abort', relay, { once: true });
    if (options.signal?.aborted) abort.abort();
    const timer = setTimeout(relay, options.timeoutMs ?? 15000);
    let response: Response;
    try {
      response = await fetch(this.base + path, {
        method, headers, signal: abort.signal, credentials: 'same-origin', cache: 'no-store', ...(body === undefined ? {} : { body }),
      });
    } catch {
      const late = abort.signal.aborted && !options.signal?.aborted;
      throw new ApiError(late ? 598 : 0, { status: 0, title: late ? 'timeout' : 'network' });
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', relay);
    }
    if (response.ok) return response;
    const problem = parseProblem(response.status, response.headers.get('Content-Type'), await response.text().catch(() => ''));
    if (response.status === 401) this.credentials.onUnauthorized?.();
    const after = Number(response.headers.get('Retry-After'));
    throw new ApiError(response.status, problem, Number.isFinite(after) && after > 0 ? after : null);
  }

  async json<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
    const response = await this.send(method, path, options);
    return response.status === 204 ? (undefined as T) : (await response.json()) as T;
  }
  get<T>(path: string, options?: RequestOptions) { return this.json<T>('GET', path, options); }
  post<T>(path: string, body?: unknown, options?: RequestOptions) {
    return this.json<T>('POST', path, { key: newKey(), body: body ?? {}, ...options });
  }

  // Everyone
  config() { return this.get<Config>('/api/v1/config'); }
  /** Those of the version of the rules that a case keeps; else those in force. */
  codes(rules?: number) { return this.get<Codes>(rules ? `/api/v1/codes?rules=${rules}` : '/api/v1/codes'); }
  createCase(body: NewCase, key: string) { return this.post<CaseCreated>('/api/v1/cases', body, { key }); }
  getCase(id: string, signal?: AbortSignal) { return this.get<Case>(`/api/v1/cases/${id}`, signal ? { signal } : {}); }
  listCases(query: Record<string, string | undefined> = {}) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
    const tail = search.toString();
    return this.get<CaseList>(`/api/v1/cases${tail ? `?${tail}` : ''}`);
  }

  // A party
  joinQueue(id: string) { return this.post<Queue>(`/api/v1/cases/${id}/queue`); }
  leaveQueue(id: string) { return this.json<void>('DELETE', `/api/v1/cases/${id}/queue`, { retries: 3 }); }
  onScene(id: string, reason?: string) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/on-scene`, reason ? { reason } : {}); }
  patchParty(id: string, partyId: string, body: PartyParticulars, version?: number) {
    return this.json<{ party: Party }>('PATCH', `/api/v1/cases/${id}/parties/${partyId}`,
      { body, ...(version === undefined ? {} : { version }) });
  }
  sign(id: string, documentId: string, body: {
    decision: Decision; document_sha256: string; image_png?: string; statement?: string; party_id?: string; refusal?: Refusal;
  }, key: string) {
    return this.post<{ signature: Signature; case: Case }>(`/api/v1/cases/${id}/documents/${documentId}/signatures`, body, { key });
  }
  /** In private: nobody signs that document until it is resolved. */
  pauseSigning(id: string, documentId: string, body: { reason?: PauseReason; words?: string }) { return this.json<{ pause: Pause }>('POST', `/api/v1/cases/${id}/documents/${documentId}/pauses`, { body, retries: 3 }); }
  takeBackPause(id: string, pause: string) { return this.json<void>('DELETE', `/api/v1/cases/${id}/pauses/${pause}`); }
  resolvePause(id: string, pause: string, body: { outcome: PauseOutcome; note: string }) { return this.json<{ pause: Pause }>('POST', `/api/v1/cases/${id}/pauses/${pause}/resolution`, { body }); }
  async pauses() { return (await this.get<{ items: Pause[] }>('/api/v1/pauses')).items; }
  /** The party has it, or the desk notes how it was served otherwise. */
  serveDocument(id: string, documentId: string, body: NewService) { return this.json<{ case: Case }>('POST', `/api/v1/cases/${id}/documents/${documentId}/services`, { body }); }
  /** The exact bytes of an issued document, and their SHA-256 as found here (null where the page has no secure context). */
  async documentText(id: string, documentId: string): Promise<{ text: string; sha256: string | null }> {
    const response = await this.send('GET', `/api/v1/cases/${id}/documents/${documentId}`, { accept: 'text/plain' });
    const bytes = await response.arrayBuffer();
    return { text: new TextDecoder('utf-8').decode(bytes), sha256: await sha256Hex(bytes) };
  }
  /** The document on paper; signed copies carry the signatures. */
  async documentPdf(id: string, documentId: string): Promise<Blob> {
    return (await this.send('GET', `/api/v1/cases/${id}/documents/${documentId}`, { accept: 'application/pdf' })).blob();
  }
  /** Sends a picture; progress runs from 0 to 1. */
  uploadPhoto(id: string, file: Blob, shot: string | null, key: string, onProgress: (share: number) => void, request?: string): Promise<{ still: Still }> {
    const query = new URLSearchParams({ ...(shot ? { shot } : {}), ...(request ? { request } : {}) }).toString();
    return this.upload(`/api/v1/cases/${id}/photos${query ? `?${query}` : ''}`, file, key, onProgress);
  }
  /** A picture that nobody asked for, instead of live ones; given up after `timeoutMs`. */
  sendLiveStill(id: string, still: Blob, timeoutMs: number) {
    return this.json<{ still: Still }>('POST', `/api/v1/cases/${id}/photos?live=true`, { raw: still, contentType: still.type, retries: 0, timeoutMs });
  }
  async liveStills(id: string) { return (await this.get<{ items: Still[] }>(`/api/v1/cases/${id}/live-stills`)).items; }
  async photoRequests(id: string) { return (await this.get<{ items: PhotoRequest[] }>(`/api/v1/cases/${id}/photo-requests`)).items; }
  askPhoto(id: string, partyId: string, shot?: string) {
    return this.json<{ photo_request: PhotoRequest }>('POST', `/api/v1/cases/${id}/photo-requests`, { body: { party_id: partyId, ...(shot ? { shot } : {}) } });
  }
  answerPhotoRequest(id: string, request: string, state: 'declined' | 'failed', reason: string | null) {
    return this.json<void>('PATCH', `/api/v1/cases/${id}/photo-requests/${request}`, { body: { state, reason }, retries: 5 });
  }
  private upload<T>(path: string, file: Blob, key: string, onProgress: (share: number) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open('POST', this.base + path);
      const headers = this.headers({ 'Content-Type': file.type || 'application/octet-stream', 'Idempotency-Key': key, Accept: 'application/json' });
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.timeout = 120000;
      request.upload.onprogress = (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); };
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) {
          onProgress(1);
          resolve(JSON.parse(request.responseText) as T);
        } else {
          reject(new ApiError(request.status, parseProblem(request.status, request.getResponseHeader('Content-Type'), request.responseText)));
        }
      };
      request.onerror = () => reject(new ApiError(0, { status: 0, title: 'network' }));
      request.ontimeout = () => reject(new ApiError(598, { status: 0, title: 'timeout' }));
      request.send(file);
    });
  }
  /** Bytes behind the bearer token as an object URL, for an <img>; revoke it when done. */
  async objectUrl(path: string): Promise<string> {
    const response = await this.send('GET', path, { accept: '*/*' });
    return URL.createObjectURL(await response.blob());
  }

  // The auditor's desk
  async compositions(id: string) { return (await this.get<{ items: Composition[] }>(`/api/v1/cases/${id}/compositions`)).items; }
  compose(id: string) { return this.json<{ composition: Composition }>('POST', `/api/v1/cases/${id}/compositions`, { body: {} }); }
  removeComposition(id: string, composition: string) { return this.json<void>('DELETE', `/api/v1/cases/${id}/compositions/${composition}`); }
  accesses(id: string) { return this.get<Looks>(`/api/v1/cases/${id}/accesses`); }
  statePurpose(id: string, purpose: Purpose, note: string | null) { return this.json<unknown>('POST', `/api/v1/cases/${id}/accesses`, { body: { purpose, note } }); }
  auditReviews(id: string) { return this.get<{ findings: Finding[]; scores: Score[] }>(`/api/v1/cases/${id}/reviews`); }
  samples() { return this.get<{ items: Sample[]; next: SamplePeriod | null }>('/api/v1/audit/samples'); }
  blindLooks() { return this.get<{ items: BlindLook[]; waiting: { first_look: number; anybody: number } }>('/api/v1/audit/blind-looks'); }
  blindLook(look: string) { return this.get<BlindSheet>(`/api/v1/audit/blind-looks/${look}`); }
  handInBlindLook(look: string, body: BlindAnswer) { return this.json<{ look: BlindLook }>('POST', `/api/v1/audit/blind-looks/${look}/answer`, { body, retries: 0 }); }
  giveBackBlindLook(look: string, reason: string) { return this.json<{ look: BlindLook }>('POST', `/api/v1/audit/blind-looks/${look}/return`, { body: { reason }, retries: 0 }); }
  async blindRates(by: 'month' | 'year') { return (await this.get<{ items: BlindRate[] }>(`/api/v1/audit/agreement?by=${by}`)).items; }
  async findings() { return (await this.get<{ items: Finding[] }>('/api/v1/findings')).items; }
  addFinding(id: string, body: { severity: Severity; criterion: Criterion; text: string; mark_at: string | null }) { return this.json<{ finding: Finding }>('POST', `/api/v1/cases/${id}/reviews`, { body: { kind: 'finding', ...body } }); }
  scoreCase(id: string, scores: { criterion: Criterion; score: number }[]) { return this.json<unknown>('POST', `/api/v1/cases/${id}/reviews`, { body: { kind: 'scores', scores } }); }
  answerFinding(id: string, finding: string, answer: 'accepted' | 'contested', text: string | null) { return this.json<{ finding: Finding }>('POST', `/api/v1/cases/${id}/reviews/${finding}/answer`, { body: { answer, text } }); }
  closeFinding(id: string, finding: string, closing: 'upheld' | 'withdrawn', text: string | null = null) { return this.json<{ finding: Finding }>('POST', `/api/v1/cases/${id}/reviews/${finding}/closing`, { body: { closing, text } }); }

  // A report made after the scene was cleared
  async lateReports() { return (await this.get<{ items: Case[] }>('/api/v1/late-reports')).items; }
  decideReport(id: string, body: { accepted: boolean; ground?: 'unproven' | 'not_ours'; reason?: string }) {
    return this.json<{ case: Case }>('POST', `/api/v1/cases/${id}/acceptance`, { body });
  }
  // The parties' own agreement
  putAgreement(id: string, body: Agreement, version: number) { return this.json<{ agreement: Agreement; missing: Missing[] }>('PUT', `/api/v1/cases/${id}/agreement`, { body, version }); }
  proposeAgreement(id: string, version: number) { return this.json<{ document: CaseDocument }>('POST', `/api/v1/cases/${id}/agreement/propose`, { version, retries: 0 }); }

  // A review by the next higher unit
  askReview(id: string, words: { request: string; reasons: string; evidence: string }, key: string) {
    return this.post<{ review: Review }>(`/api/v1/cases/${id}/review-requests`, words, { key });
  }
  async reviews() { return (await this.get<{ items: Review[] }>('/api/v1/review-requests')).items; }
  private reviewStep(id: string, review: string, step: string, body?: unknown, timeoutMs = 15000) {
    return this.json<{ review: Review }>('POST', `/api/v1/cases/${id}/review-requests/${review}/${step}`, { ...(body === undefined ? {} : { body }), timeoutMs });
  }
  /** Packs the whole case: takes as long as its pictures are many. */
  forwardReview(id: string, review: string) { return this.reviewStep(id, review, 'forward', undefined, 120000); }
  concludeReview(id: string, review: string, body: NewConclusion) { return this.reviewStep(id, review, 'conclude', body, 30000); }
  serveReview(id: string, review: string) { return this.reviewStep(id, review, 'serve'); }
  noteSuit(id: string, review: string, body: { court: string; accepted_on: string }) { return this.reviewStep(id, review, 'suit', body); }
  async reviewPacket(id: string, review: string): Promise<Blob> {
    return (await this.send('GET', `/api/v1/cases/${id}/review-requests/${review}/packet`, { accept: 'application/zip', timeoutMs: 120000 })).blob();
  }
  withdrawReview(id: string, review: string) { return this.json<{ review: Review }>('POST', `/api/v1/cases/${id}/review-requests/${review}/withdraw`); }

  // The call
  async messages(id: string, after: string | null = null) { return (await this.get<{ items: CallMessage[] }>(`/api/v1/cases/${id}/messages${after ? `?after=${after}` : ''}`)).items; }
  sendMessage(id: string, text: string, key: string) { return this.json<{ message: CallMessage }>('POST', `/api/v1/cases/${id}/messages`, { body: { text }, key }); }
  async offer(id: string, sdp: string, signal?: AbortSignal, listen = false): Promise<SdpAnswer> {
    const response = await this.send('POST', `/api/v1/cases/${id}/call${listen ? '?listen=true' : ''}`, {
      raw: sdp, contentType: 'application/sdp', accept: 'application/sdp', retries: 0, timeoutMs: 5000, ...(signal ? { signal } : {}),
    });
    const location = response.headers.get('Location') ?? '';
    return {
      sdp: await response.text(), location, legId: location.split('/').pop() ?? '', etag: response.headers.get('ETag'),
      links: response.headers.get('Link'),
    };
  }
  /** Hangs up; also works while the page is going away. */
  async hangUp(location: string): Promise<void> {
    await fetch(this.base + location, { method: 'DELETE', headers: this.headers(), keepalive: true }).catch(() => undefined);
  }
  async iceServers() { return (await this.get<{ ice_servers: RTCIceServer[] }>('/api/v1/ice-servers', { retries: 0, timeoutMs: 3000 })).ice_servers; }
  callStatus(id: string) { return this.get<CallStatus>(`/api/v1/cases/${id}/call`, { retries: 0, timeoutMs: 3000 }); }

  /** Which pictures are wanted large; the others come with fewer bits. */
  callView(id: string, large: string[], hidden: string[] = []) { return this.json<void>('PUT', `/api/v1/cases/${id}/call/view`, { body: { large, hidden } }); }

  /** Whether the own leg sends a picture or sound alone. */
  callMode(id: string, mode: 'video' | 'voice') { return this.json<void>('PUT', `/api/v1/cases/${id}/call/mode`, { body: { mode }, timeoutMs: 8000 }); }

  /** To a party its own requests. */
  async caseRecusals(id: string) { return (await this.get<{ items: Recusal[] }>(`/api/v1/cases/${id}/recusals`)).items; }
  async askRecusal(id: string, reason: string) { return (await this.json<{ recusal: Recusal }>('POST', `/api/v1/cases/${id}/recusals`, { body: { reason } })).recusal; }

  // A guest
  ownInvitation() { return this.get<OwnInvitation>('/api/v1/guest'); }

  // Staff
  signIn(username: string, password: string, code?: string) {
    return this.json<Session>('POST', '/api/v1/sessions', { body: { username, password, ...(code ? { code } : {}) } });
  }
  session() { return this.get<Session>('/api/v1/sessions/current'); }
  signOut() { return this.json<void>('DELETE', '/api/v1/sessions/current'); }
  queue() { return this.get<QueueView>('/api/v1/queue'); }
  async seats() { return (await this.get<{ items: SeatView[] }>('/api/v1/seats')).items; }
  async saySeat(status: SeatStatus) { return (await this.json<{ seat: SeatView }>('PUT', '/api/v1/seats/own', { body: { status }, retries: 3 })).seat; }
  async offers() { return (await this.get<{ items: Offer[] }>('/api/v1/offers')).items; }
  async offerCase(id: string, userId: string) { return (await this.json<{ offer: Offer }>('POST', `/api/v1/cases/${id}/offers`, { body: { user_id: userId } })).offer; }
  async acceptOffer(offerId: string) { return (await this.json<{ case: Case }>('POST', `/api/v1/offers/${offerId}/accept`)).case; }
  declineOffer(offerId: string) { return this.json<void>('POST', `/api/v1/offers/${offerId}/decline`); }
  withdrawOffer(offerId: string) { return this.json<void>('DELETE', `/api/v1/offers/${offerId}`); }
  async recusals() { return (await this.get<{ items: Recusal[] }>('/api/v1/recusals')).items; }
  async decideRecusal(recusalId: string, decision: 'upheld' | 'rejected', note: string | null) {
    return (await this.json<{ recusal: Recusal }>('POST', `/api/v1/recusals/${recusalId}/decision`, { body: { decision, note } })).recusal;
  }
  draws(query: Record<string, string>) { return this.get<{ items: Draw[]; next_cursor: string | null }>(`/api/v1/draws?${new URLSearchParams(query)}`); }
  nextDraw() { return this.get<NextDraw>('/api/v1/draws/next'); }
  deskDay() { return this.get<DeskDay>('/api/v1/seats/today'); }
  timeline(id: string) { return this.get<{ items: TimelineItem[] }>(`/api/v1/cases/${id}/timeline`); }
  claim(id: string) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/claim`); }
  release(id: string) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/release`); }
  /** More is known: only what is new is said. */
  assess(id: string, learned: Partial<Triage>, version?: number) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/eligibility`, learned, version === undefined ? {} : { version }); }
  patchPlace(id: string, place: PlaceChange, version: number) { return this.json<{ case: Case }>('PATCH', `/api/v1/cases/${id}`, { body: { place }, version }); }
  addParty(id: string, body: PartyParticulars & { label?: string }, key?: string) { return this.post<{ party: Party }>(`/api/v1/cases/${id}/parties`, body, key ? { key } : {}); }
  invite(id: string, partyId: string, samePhone = false) {
    return this.post<{ url: string; token: string }>(`/api/v1/cases/${id}/invitations`, { kind: 'party', party_id: partyId, ...(samePhone ? { same_phone: true } : {}) });
  }
  consent(id: string, partyId: string, kind: ConsentKind, given: boolean) { return this.json<{ case: Case }>('PUT', `/api/v1/cases/${id}/parties/${partyId}/consents`, { body: { kind, given }, retries: 3 }); }
  async consentLedger(id: string, partyId: string) { return (await this.get<{ items: ConsentEntry[] }>(`/api/v1/cases/${id}/parties/${partyId}/consents`)).items; }
  inviteGuest(id: string, kind: GuestKind, name: string, partyId: string | null) {
    return this.post<{ url: string; token: string; guest_id: string }>(`/api/v1/cases/${id}/invitations`, { kind, name, ...(partyId ? { party_id: partyId } : {}) });
  }
  async guests(id: string) { return (await this.get<{ items: Guest[] }>(`/api/v1/cases/${id}/guests`)).items; }
  revokeGuest(id: string, guestId: string) { return this.json<void>('DELETE', `/api/v1/cases/${id}/guests/${guestId}`); }
  /** With `stillId`: keeps that live still. */
  snapshot(id: string, partyId: string, shot?: string, stillId?: string) {
    return this.post<{ still: Still }>(`/api/v1/cases/${id}/snapshots`, { party_id: partyId, ...(shot ? { shot } : {}), ...(stillId ? { still_id: stillId } : {}) });
  }
  putDetermination(id: string, body: Determination, version: number) {
    return this.json<{ determination: Determination; missing: Missing[] }>('PUT', `/api/v1/cases/${id}/determination`, { body, version });
  }
  issueDetermination(id: string) { return this.post<{ document: CaseDocument }>(`/api/v1/cases/${id}/determination/issue`); }
  evacuate(id: string, reason?: string) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/evacuate`, reason ? { reason } : undefined); }
  closeCase(id: string, body: { closing_code: string; mediation_method?: string; mediation_result?: string }) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/close`, body); }
  reopen(id: string) { return this.post<{ case: Case }>(`/api/v1/cases/${id}/reopen`); }
  async approval(id: string) { return (await this.get<{ approval: Approval }>(`/api/v1/cases/${id}/determination/approval`)).approval; }
  async requestApproval(id: string) { return (await this.post<{ approval: Approval }>(`/api/v1/cases/${id}/determination/approval-request`)).approval; }
  async approve(id: string, draftSha256: string) { return (await this.post<{ approval: Approval }>(`/api/v1/cases/${id}/determination/approval`, { draft_sha256: draftSha256 })).approval; }
  async approvals() { return (await this.get<{ items: Approval[] }>('/api/v1/approvals')).items; }
  async wording(citation: string) { return (await this.get<{ items: Wording[] }>(`/api/v1/law/wording?citation=${encodeURIComponent(citation)}`)).items; }
  recordings(id: string) { return this.get<{ items: Recording[] }>(`/api/v1/cases/${id}/recordings`); }
  recordingIndex(id: string) { return this.get<RecordingIndex>(`/api/v1/recordings/${id}/index`); }
}

export async function sha256Hex(bytes: ArrayBuffer): Promise<string | null> {
  if (!crypto.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
