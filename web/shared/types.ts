// The shapes of the HTTP contract, as the pages read them.
import type { Bilingual } from './i18n';

export type CaseState = 'triaged' | 'waiting' | 'in_call' | 'evidence_fixed' | 'determined' | 'agreed' | 'served'
  | 'closed' | 'on_scene' | 'abandoned' | 'expired' | 'reopened';
export type Liability = 'full' | 'primary' | 'equal' | 'secondary' | 'none' | 'undeterminable';
/** What an officer noted that a party refused (art. 24). */
export type Refusal = 'signature' | 'receipt';
export type Decision = 'signed' | 'refused' | 'objected';
export type Role = 'intake_operator' | 'officer' | 'supervisor' | 'auditor' | 'admin' | 'integration' | 'party' | 'guest';
export type Channel = 'web' | 'alarm_122' | 'app_12123' | 'desk' | 'kiosk';
export type ConsentKind = 'recording' | 'location' | 'electronic_service' | 'insurer' | 'face' | 'simplified_procedure';
export type PartyKind = 'motor' | 'non_motor' | 'pedestrian';
/** What a consent is for, and what follows when it is withdrawn. */
export interface ConsentRule { code: ConsentKind; title_zh: string; title_en: string; what_zh: string; what_en: string; after_zh: string; after_en: string; legal_basis: string }
export interface ConsentEntry { kind: ConsentKind; given: boolean; at: string; recorded_by: string | null }
export interface ConsentSaid { kind: ConsentKind; at: string; party_id?: string | null; recorded_by?: string | null }

export interface Place { text?: string | null; latitude?: number | null; longitude?: number | null; accuracy_m?: number | null }
/** What is not named stays as it is. */
export interface PlaceChange { text?: string | null; latitude?: number; longitude?: number; accuracy_m?: number | null }
export interface Triage {
  death: boolean; injury: 'none' | 'slight' | 'serious'; licence_problem: boolean; alcohol_or_drugs: boolean;
  overloaded_or_speeding_passenger_vehicle: boolean; plate_problem: boolean; cannot_move: boolean; party_left: boolean;
  intent: boolean; no_inspection_or_insurance_mark: boolean; facility_damage: boolean; hazardous_goods: boolean;
  /** What a driver may not know; the desk adds it. */
  all_parties_agree?: boolean; crime_suspected?: boolean; vehicles_moved?: boolean; late_report?: boolean; single_vehicle?: boolean;
  weather?: string | null; road_type?: string | null; loss_cny?: number | null;
}
export interface Ground { code: string; kind?: 'law' | 'local_policy'; legal_basis: string; title_zh?: string; title_en?: string }
export interface Hospital {
  code: string; name_zh: string; name_en: string; phone: string | null; distance_m: number | null; green_channel: boolean; example: boolean;
}
export interface Help { emergency_phone: string; hospital: Hospital | null }
export interface Eligibility { outcome: 'remote' | 'on_scene'; grounds: Ground[]; assessed_at?: string | null; help?: Help | null }
export interface Queue { position: number; expected_wait_s: number }
export interface OfficerRef { id: string; name: string; badge_number: string | null }

export interface PartyParticulars {
  kind?: PartyKind | null; name?: string | null; phone?: string | null; id_number?: string | null; plate_number?: string | null; plate_type?: string | null;
  vehicle_type?: string | null; licence_number?: string | null; insurer?: string | null; insurance_certificate?: string | null;
}
export interface Party extends PartyParticulars {
  id: string; label: string; shares_phone_with?: string | null; is_reporter?: boolean; connected?: boolean; last_seen_at?: string | null; decision?: Decision | null;
}
export interface Still {
  id: string; kind: 'snapshot' | 'photo' | 'live_still'; shot: string | null; party_id: string | null; taken_at: string; media_time_ms?: number | null;
  width: number; height: number; bytes: number; sha256: string; content_type: string; url: string;
}
/** What is to be photographed of this accident, by its form. */
export interface ShotItem { code: string; required: boolean; taken: boolean }
export interface ShotList { accident_form: string | null; gate: boolean; items: ShotItem[] }
export interface Signature {
  party_id: string; label: string; decision: Decision; refusal: Refusal | null; statement: string | null; signed_at: string;
  signature_object_id: string | null; document_sha256: string; pdf_sha256?: string | null;
}
export type PauseReason = 'other_party' | 'officer' | 'hurry' | 'not_understood' | 'other';
export type PauseOutcome = 'goes_on' | 'officer_sent' | 'document_withdrawn';
/** Written to everybody in a call. */
export interface CallMessage {
  id: string; from: { kind: 'party' | 'user' | 'guest'; label: string | null; name: string | null; guest_kind: GuestKind | null }; text: string; sent_at: string; own: boolean;
}
/** A party feels pressed to sign; only it, whoever has the case and who oversees it are told. */
export interface Pause {
  id: string; case_id: string; case_number: string; document_id: string; party_id: string; party_label: string | null; reason: PauseReason | null; words: string | null; said_at: string;
  outcome: PauseOutcome | 'taken_back' | 'lapsed' | null; note: string | null; ended_at: string | null; ended_by: string | null;
}
/** How far the service of a document on a party is; on_paper: it has not agreed to anything else. */
export interface ServiceOn {
  party_id: string; label: string | null; state: 'served' | 'to_confirm' | 'on_paper'; way: 'electronic' | 'paper' | 'refused' | null; delivery: 'handed' | 'posted' | null;
  served_at: string | null; sha256: string | null; pdf_sha256: string | null; recorded_by: string | null; note: string | null; opened_at: string | null; opened_sha256: string | null;
}
export interface NewService { document_sha256?: string; party_id?: string; way?: 'paper' | 'refused'; delivery?: 'handed' | 'posted'; served_at?: string; note?: string }
/** What became of an agreement that was proposed. */
export interface Proposal {
  status: 'open' | 'agreed' | 'withdrawn'; reason: 'refused' | 'objected' | 'changed' | 'determination' | 'on_scene' | null; ended_at: string | null; party_id: string | null;
}
export interface CaseDocument {
  id: string; kind: 'determination' | 'agreement' | 'review_conclusion' | 'correction'; revoked_at: string | null; replaced_by: string | null; proposal: Proposal | null; number: string; sha256: string; pdf_sha256?: string | null; issued_at: string; url: string; signatures: Signature[]; services?: ServiceOn[];
}
export interface DeterminationParty {
  party_id: string; vehicle_type: string | null; plate_number: string | null; plate_type: string | null; insurer: string | null;
  insurance_certificate: string | null; licence_number: string | null; collision_part: string | null; violations: string[];
  liability: Liability | null;
}
export interface AgreementParty extends Omit<DeterminationParty, 'party_id'> {
  party_id: string | null; name: string | null; phone: string | null; id_number: string | null; damage_cny: number | null;
}
export type Compensation = 'insurance' | 'private' | 'none';
/** The parties' own agreement; of another party a party sees what stands on the road. */
export interface Agreement {
  occurred_at: string | null; place_text: string | null; weather: string | null; accident_form: string | null; collision_type: string | null;
  collision_object: string | null; facts: string | null; parties: AgreementParty[]; compensation: Compensation | null;
  payments: { from_party_id: string | null; to_party_id: string | null; amount_cny: number | null }[];
}
export interface Settlement {
  status: 'none' | 'draft' | 'proposed' | 'agreed'; allowed: boolean; grounds: Ground[]; draft: Agreement; missing: Missing[];
  document_id: string | null; updated_at: string | null; agreed_at: string | null;
}
export interface Reason { text: string; evidence: { kind: 'still' | 'recording' | 'statement'; id: string; at_ms?: number | null }[] }
export interface Determination {
  occurred_at: string | null; place_text: string | null; weather: string | null; accident_form: string | null;
  collision_type: string | null; collision_object: string | null; road_type?: string | null; road_class?: string | null; scene?: string | null; facts: string | null; cause: string | null; injured: number;
  damage_cny: number | null; mediation?: 'agreed' | 'declined' | null; mediation_result?: string | null; parties: DeterminationParty[]; reasons: Reason[];
}
export interface CaseSummary {
  id: string; number: string; state: CaseState; version: number; rules_number: number; county: string | null; county_name?: string | Bilingual | null;
  channel: Channel; occurred_at: string | null; created_at: string; queued_at: string | null; claimed_at: string | null;
  evacuated_at: string | null; determined_at: string | null; served_at: string | null; closed_at: string | null;
  closing_code: string | null; mediation_method: string | null; mediation_result: string | null; on_scene_at: string | null; on_scene_reason: string | null; place: Place; triage: Triage; eligibility: Eligibility;
  consents: ConsentSaid[]; officer: OfficerRef | null; parties: Party[];
  call?: { live: boolean; participants: CallParticipant[] } | null; queue?: Queue | null;
}
export type Purpose = 'complaint' | 'review' | 'sample' | 'court' | 'training' | 'other';
/** A look at evidence, or a stated purpose; to a party without names of staff. */
export interface Look { at: string; what: string; kind: string; role: Role | null; name: string | null; badge_number: string | null; label: string | null; purpose: string | null; note: string | null }
export interface Looks { items: Look[]; purpose_needed: boolean; stated: { id: string; purpose: Purpose; note: string | null; stated_at: string; until: string } | null }
export type Severity = 'note' | 'minor' | 'major' | 'critical';
export type Criterion = 'safety' | 'evidence' | 'procedure' | 'determination' | 'documents' | 'manner' | 'other';
export interface Finding {
  id: string; case_id: string; case_number: string; severity: Severity; criterion: Criterion; mark_at: string | null; text: string | null; by: string | null; at: string; officer: string | null; officer_id: string | null;
  answer: { answer: 'accepted' | 'contested'; text: string | null; by: string | null; at: string } | null; closing: { closing: 'upheld' | 'withdrawn'; text: string | null; by: string | null; at: string } | null;
}
export interface SamplePeriod { number: number; from: string; to: string; percent: number; commitment: string; committed_at: string }
export interface Sample extends SamplePeriod { seed: string; candidates: number; drawn_at: string; cases: { case_id: string; case_number: string; county: string | null; reason: 'random' | 'refused' | 'objected' | 'review'; judged: boolean }[] }
export type BlindQuestion = 'liability' | 'accident_form' | 'safety' | 'evidence' | 'procedure' | 'manner';
/** A second look at a sampled case, by who is blind to the first; `differing` is null before it was handed in. */
export interface BlindLook {
  id: string; case_id: string; case_number: string; county: string | null; sample: number; turn: number; state: 'open' | 'handed_in' | 'given_back'; by: string | null;
  own: boolean; late: boolean; assigned_at: string; due_at: string; ended_at: string | null; differing: number | null;
}
export interface BlindScene {
  occurred_at: string | null; place: Place; channel: Channel; triage: Triage; stills: Still[];
  parties: { id: string; label: string; kind: PartyKind | null; plate_number: string | null; plate_type: string | null; vehicle_type: string | null }[];
}
export interface BlindComparison { answers: { question: BlindQuestion; first: string | null; second: string; differs: boolean | null }[]; first_by: string | null; officer: string | null }
export interface BlindSheet { look: BlindLook; text: string | null; scene: BlindScene | null; comparison: BlindComparison | null }
export interface BlindAnswer { liability: { party_id: string; liability: Liability }[]; accident_form: string | null; scores: { criterion: BlindQuestion; score: number }[]; text: string | null }
/** `period` null: of all. Shares from 0 to 1. */
export interface BlindRate { period: string | null; question: BlindQuestion; count: number; agreed: number; share: number; low: number; high: number; kappa: number | null }
export interface Score { criterion: Criterion; score: number; by: string | null; at: string; own: boolean }
/** Where what was asked for stands in a case; start and length in characters. */
export interface CaseFound { field: string; label: string | null; text: string; start: number; length: number; begins_within: boolean; ends_within: boolean }
export interface CaseList {
  items: CaseSummary[]; next_cursor: string | null; total: { count: number; exact: boolean } | null; searched_to: string | null; complete: boolean;
  asked: { words: string[]; days: { text: string; from: string | null; to: string | null } | null }; found: Record<string, CaseFound[]>;
}
export interface Case extends CaseSummary {
  agreement: Settlement;
  stills: Still[]; shot_list: ShotList; determination: Determination | null; documents: CaseDocument[]; late_report: LateReport | null; review: Review | null; deadlines: Deadline[]; pauses?: Pause[];
}
/** Of a report made after the scene was cleared (art. 18); accepted is null while it is not decided. */
export interface LateReport { reported_at: string; accepted: boolean | null; ground: 'unproven' | 'not_ours' | null; reason: string | null; decided_at: string | null }
/** A review by the next higher unit (arts. 71-79); `request` is null to the other parties. */
export interface Review {
  id: string; case_id: string; case_number: string; party_id: string; party_label: string | null; document_id: string; document_number: string | null;
  state: 'asked' | 'forwarded' | 'concluded' | 'served' | 'withdrawn';
  asked_at: string; forwarded_at: string | null; withdrawn_at: string | null; served_at: string | null; packet_sha256: string | null;
  request: { request: string; reasons: string; evidence: string } | null; conclusion: ReviewConclusion | null;
  suit: { court: string; accepted_on: string; told_by: string } | null;
}
export type ReviewOutcome = 'upheld' | 'upheld_corrected' | 'anew';
export type ReviewGround = 'facts_unclear' | 'evidence_insufficient' | 'law_wrong' | 'liability_unfair' | 'procedure_unlawful';
export interface ReviewConclusion {
  outcome: ReviewOutcome; unit: string; reviewers: { name: string; badge_number: string }[]; grounds: ReviewGround[]; findings: string;
  correction: string | null; concluded_at: string; document_id: string | null; correction_document_id: string | null;
}
export interface NewConclusion {
  outcome: ReviewOutcome; unit: string; reviewers: { name: string; badge_number: string }[]; grounds?: ReviewGround[]; findings: string; correction?: string;
}
/** What runs out. due_on is a day in China, YYYY-MM-DD; days_left are working days where it is counted so. */
export interface Deadline {
  code: string; title_zh: string; title_en: string; how_zh: string | null; how_en: string | null; legal_basis: string; kind: 'law' | 'local_policy';
  bound: 'unit' | 'higher_unit' | 'party' | 'parties' | 'insurer'; party_id: string | null; starts: string; started_at: string; count: number;
  unit: 'at_once' | 'working_day' | 'calendar_day' | 'month' | 'year'; due_on: string; days_left: number;
  state: 'running' | 'due_soon' | 'past' | 'ended' | 'ended_late'; provisional: boolean; ended_at: string | null;
}
export type GuestKind = 'emergency' | 'interpreter' | 'insurer' | 'supervisor';
export interface Guest { id: string; kind: GuestKind; name: string | null; party_id: string | null; invited_at: string; revoked_at: string | null }
/** What a guest's own link is for. */
export interface OwnInvitation {
  guest: Guest & { party_label: string | null }; case: { id: string; number: string; state: CaseState };
  officer: { name: string; badge_number: string | null } | null;
  documents: { id: string; number: string; sha256: string; issued_at: string }[]; stills: Still[];
}
/** Whose packets come through which sections of the own offer. */
export interface Slot { audio_mid: string | null; video_mid: string | null; participant_id: string | null }
export interface CallStatus { participants: CallParticipant[]; slots: Slot[] }
export interface CallParticipant {
  leg_id: string; kind: 'party' | 'user' | 'guest'; party_id?: string | null; user_id?: string | null; guest_id?: string | null; guest_kind?: GuestKind; name: string | null; label?: string | null;
  /** A supervisor who hears and sees the call, and is neither heard, seen nor recorded. */
  listens?: boolean;
  joined_at: string; media: 'connecting' | 'connected' | 'warning' | 'gone'; recording: 'live' | 'stopped' | 'failed';
  /** voice: its network carries only sound; stills come by themselves, live_still is the newest. */
  mode?: 'video' | 'voice'; mode_since?: string | null; live_still?: { id: string; taken_at: string; width: number; height: number } | null;
  bitrate_in_bps: number; bitrate_out_bps: number; loss_in: number; loss_out: number; rtt_ms: number | null;
  age_last_packet_ms: number | null; width: number | null; height: number | null;
  nacks_sent: number; nacks_answered: number; plis_sent: number; recorded_bytes: number;
}
export interface PhotoRequest {
  id: string; party_id: string; shot: string | null; state: 'pending' | 'arrived' | 'declined' | 'failed'; reason: string | null;
  still_id: string | null; requested_at: string;
}
export interface Recording {
  id: string; case_id: string; party_id?: string | null; user_id?: string | null; guest_id?: string | null; guest_kind?: GuestKind; label: string | null; name: string | null;
  kind: 'track'; segment: number; started_at: string; ended_at: string | null; duration_ms: number; bytes: number;
  status: 'live' | 'complete' | 'recovered'; sha256: string | null; gaps: { from_ms: number; to_ms: number }[];
  has_audio: boolean; has_video: boolean; url: string;
}
export interface RecordingIndex { duration_ms: number; keyframes: { at_ms: number; offset: number }[]; width: number; height: number }
export interface RecordingReceipt { recording_id: string; sha256: string; head: string; media_from: number; size: number; entry: string | null; salt: string | null; leaf: number | null; checked_at: string | null }
/** One video of a case's recordings. */
export interface Composition {
  id: string; state: 'queued' | 'making' | 'done' | 'failed' | 'stopped' | 'erased'; reason: string | null; asked_by: string | null; asked_at: string;
  started_at: string | null; ended_at: string | null; permille: number | null; ahead: number | null; duration_ms: number | null; bytes: number | null; sha256: string | null;
  sources: number | null; url: string | null;
}
export interface TimelineItem {
  seq: number; at: string; kind: string; actor: { kind: string; id: string | null; name: string | null }; data: Record<string, unknown>;
}
export interface User { id: string; name: string; role: Role; badge_number: string | null; username?: string; counties?: string[] }
export interface Session { token?: string; csrf_token: string; expires_at: string; user: User }
export interface QueueItem { case: CaseSummary; waiting_s: number; position: number }
export interface QueueView { items: QueueItem[]; seats: Record<string, number> }
export type SeatStatus = 'free' | 'busy' | 'away';
/** A case that one seat is asked to take; from null: drawn by lot. */
export interface Offer {
  id: string; kind: 'hand_over' | 'draw' | 'assign'; case_id: string; case_number: string; case_state: CaseState;
  from: { id: string; name: string } | null; to: { id: string; name: string }; offered_at: string; expires_at: string;
}
/** A case that came to a seat by lot, with all that is needed to draw it again; outcome null: not answered yet. */
export interface Draw {
  number: number; commitment: string; committed_at: string; seed: string; drawn_at: string; case_id: string; case_number: string;
  candidates: { id: string; name: string }[]; chosen: { id: string; name: string }; outcome: 'accepted' | 'declined' | 'lapsed' | 'withdrawn' | null; right: boolean;
}
export interface NextDraw { assignment: 'pick' | 'draw'; next: { number: number; commitment: string; committed_at: string } | null }
/** asked_by: the label of the party; null when the person declared it. */
export interface Recusal {
  id: string; case_id: string; case_number: string; user: { id: string; name: string }; asked_by: string | null; reason: string; asked_at: string;
  decision: 'upheld' | 'rejected' | null; note: string | null; decided_by: string | null; decided_at: string | null;
}
export interface SeatView {
  user: OfficerRef; role: 'intake_operator' | 'officer' | 'supervisor'; counties: string[]; status: SeatStatus; said: SeatStatus | null;
  since: string | null; last_seen_at: string | null; in_call: boolean;
  case: { id: string; number: string; state: CaseState; claimed_at: string | null } | null;
}
/** Times of the day's cases; null: there is none yet. */
export interface Spread { target_s: number; count: number; within_target: number; median_s: number | null; p90_s: number | null }
export interface DeskDay { day: string; waiting: number; longest_wait_s: number; answer: Spread; clear: Spread; close: Spread }
export interface Law { id: string; name: string; title: string; dated: string; sha256: string; articles: number; imported_at: string }
/** The official wording of one place that a legal basis names. */
export interface Wording {
  citation: string; status: 'found' | 'absent' | 'not_imported'; law: Law | null; passages: { paragraph: number; item: number; text: string }[];
}
/** A supervisor's second pair of eyes on the draft as it is now. */
export interface Approval {
  case_id: string; case_number: string; needed: boolean; grounds: { code: string; title_zh: string; title_en: string }[]; draft_sha256: string | null;
  requested_at: string | null; requested_by: string | null; approved_at: string | null; approved_by: OfficerRef | null;
}
export interface Code { code: string; zh: string; en: string; class?: string; needs_collision_object?: boolean }
/** Codes that usually go with a scenario, to be proposed; `own_part` is that of who did it. */
export interface UsualFacts { accident_form: string | null; collision_type: string | null; own_part: string | null; other_part: string | null }
export interface Scenario {
  code: string; title_zh: string; title_en: string; legal_basis: string; summary_zh: string; summary_en: string; usual_split?: unknown;
  usual: UsualFacts;
}
export interface Codes {
  weather: Code[]; accident_form: Code[]; collision_type: Code[]; collision_object: Code[]; vehicle_type: Code[]; plate_type: Code[];
  collision_part: Code[]; road_type: Code[]; road_class: Code[]; scene: Code[]; closing_code: Code[]; mediation_method: Code[]; liability: Code[]; scenarios: Scenario[]; shots: Code[]; shot_reasons: Code[];
  counties: { code: string; name: string | Bilingual; latitude: number; longitude: number }[];
  hospitals: { code: string; zh: string; en: string; phone: string | null; latitude: number; longitude: number; example: boolean }[]; insurers: (string | Code)[]; consents: ConsentRule[]; draft_texts: Record<string, string>;
}
export interface Config {
  demo: boolean; rules_number: number; centre_name: Bilingual; emergency?: Record<string, string>;
  assignment?: 'pick' | 'draw'; targets?: { answer_s: number; clear_s: number; close_s: number };
  map?: { tiles: string | null; attribution: string | null }; retention_text?: Bilingual; [more: string]: unknown;
}
export interface Missing { pointer: string; message: string }
export interface NewCase {
  channel: Channel; reporter_phone?: string; occurred_at?: string; place: Place; triage: Triage; consents: ConsentKind[];
  party: PartyParticulars;
}
export interface CaseCreated { case: Case; party: Party; token: string; url: string; eligibility: Eligibility }

/** What the event stream carries; data never holds personal data, so a page fetches the case again. */
export type EventType = 'hello' | 'case.created' | 'case.updated' | 'case.assessed' | 'queue.changed' | 'message.sent' | 'call.joined' | 'call.left' | 'call.lost'
  | 'call.replaced' | 'call.media' | 'call.mode' | 'call.slots' | 'guest.invited' | 'guest.revoked' | 'still.created' | 'determination.approval_requested' | 'determination.approved' | 'agreement.proposed' | 'agreement.withdrawn' | 'agreement.agreed' | 'document.issued' | 'document.signed' | 'document.opened' | 'document.served' | 'case.evacuate' | 'case.on_scene' | 'seat.changed' | 'offer.changed' | 'draw.made' | 'recusal.asked' | 'recusal.decided';
export interface KcEvent {
  type: EventType | string; seq: string | null; case_id?: string; at?: string; state?: CaseState; version?: number;
  leg_id?: string; leg_ids?: string[]; reason?: string; media?: string; recording?: string; still_id?: string;
  document_id?: string; party_id?: string; decision?: Decision; [more: string]: unknown;
}
