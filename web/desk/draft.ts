// The draft of a determination: begun from what the case knows, saved as it is typed, checked by the service's domain.
//
// `base` is what the service had when both sides last agreed, `theirs` what it has now, the body what is on the screen. What
// another window changes is taken over as it comes (`follow`); a field that both changed keeps the text that is on the
// screen, is saved as the other window left it, and is put to the officer.
import { ApiError, errorText, type Api } from '@shared/api';
import { Store } from '@shared/store';
import type { Case, Codes, Determination, DeterminationParty, Missing } from '@shared/types';
import { firstDraft, firstReason, untyped, type Texts } from './draft_text';
import { merge, rebase, same, withFields, withTheirs, type Clash } from './merge';
import type { UnsentStore } from './unsent';

export interface DraftState { body: Determination; saved: 'clean' | 'saving' | 'saved' | 'refused'; missing: Missing[]; errors: Missing[]; failure: string | null; clashes: Clash[] }
const SAVE_AFTER_MS = 500;

function partyDraft(file: Case, id: string): DeterminationParty {
  const party = file.parties.find((one) => one.id === id)!;
  return {
    party_id: id, vehicle_type: party.vehicle_type ?? null, plate_number: party.plate_number ?? null, plate_type: party.plate_type ?? null,
    insurer: party.insurer ?? null, insurance_certificate: party.insurance_certificate ?? null, licence_number: party.licence_number ?? null,
    collision_part: null, violations: [], liability: null,
  };
}

export function begin(file: Case): Determination {
  const kept = file.determination;
  const body: Determination = kept ?? {
    occurred_at: file.occurred_at ?? file.created_at, place_text: file.place.text ?? null, weather: null, accident_form: null, collision_type: null,
    collision_object: null, road_type: null, road_class: null, scene: null, facts: null, cause: null, injured: 0, damage_cny: null, parties: [], reasons: [],
  };
  const known = new Map(body.parties.map((one) => [one.party_id, one]));
  return { ...body, parties: file.parties.map((party) => particularsOf(file, known.get(party.id) ?? partyDraft(file, party.id))) };
}

/** What is known of the party by now, where the draft says nothing; the plate always. */
function particularsOf(file: Case, one: DeterminationParty): DeterminationParty {
  const fresh = partyDraft(file, one.party_id);
  return {
    ...one, plate_number: fresh.plate_number ?? one.plate_number, vehicle_type: one.vehicle_type ?? fresh.vehicle_type, insurer: one.insurer ?? fresh.insurer,
    plate_type: one.plate_type ?? fresh.plate_type, licence_number: one.licence_number ?? fresh.licence_number, insurance_certificate: one.insurance_certificate ?? fresh.insurance_certificate,
  };
}

export class Draft extends Store<DraftState> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private version: number;
  private base: Determination;
  /** What was drafted last, to know it from what was typed. */
  private drafted: Texts | null = null;
  private saving: Promise<boolean> = Promise.resolve(true);
  /** A save is on its way: what comes meanwhile may or may not hold it. */
  private inFlight = false;

  constructor(private readonly api: Pick<Api, 'putDetermination' | 'getCase'>, readonly caseId: string, file: Case, private readonly unsent: UnsentStore,
    /** Who only collects writes for the parties' own agreement: it goes out with that one. */
    private readonly saves = true) {
    super({ body: begin(file), saved: 'clean', missing: [], errors: [], failure: null, clashes: [] });
    this.version = file.version;
    this.base = this.value.body;
    const left = ['in_call', 'evidence_fixed'].includes(file.state) ? unsent.read(caseId) : null;
    if (!left) return;
    this.base = left.base;
    this.patch({ body: left.body });
    this.meet(begin(file));
    this.later();
  }

  /** Another party joined, particulars changed, another window typed: keep what is typed, take the rest. */
  follow(file: Case): void {
    if (this.inFlight || file.version < this.version) return; // the save asks for the case itself when it is through
    this.version = file.version;
    this.meet(begin(file));
  }

  private meet(theirs: Determination): void {
    const { body, clashes } = merge(this.base, this.value.body, theirs);
    this.base = rebase(this.base, theirs, clashes);
    this.patch({ body, clashes });
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  edit(part: Partial<Determination>): void {
    this.patch({ body: { ...this.value.body, ...part } });
    this.unsent.write(this.caseId, this.base, this.value.body);
    this.later();
  }

  /** Ends a clash by what the officer chose: the text here, the text there, or one made of both. */
  settle(pointer: string, value: unknown): void {
    const clash = this.value.clashes.find((one) => one.pointer === pointer);
    if (!clash) return;
    this.base = withFields(this.base, new Map([[pointer, clash.theirs]]));
    this.patch({ clashes: this.value.clashes.filter((one) => one !== clash) });
    this.edit(withFields(this.value.body, new Map([[pointer, value]])));
  }

  /** Puts the first draft into what nobody has typed in, and a first reason where there is none; resolves to whether all
   * was free. */
  draftTexts(file: Case, codes: Codes): boolean {
    const { body } = this.value;
    const fresh = firstDraft(body, file, codes);
    const free = untyped(fresh, body, this.drafted);
    const reason = body.reasons.length === 0 ? firstReason(body, file, codes) : null;
    this.drafted = { ...(this.drafted ?? { facts: '', cause: '' }), ...free };
    this.edit({ ...free, ...(reason ? { reasons: [reason] } : {}) });
    return 'facts' in free && 'cause' in free;
  }

  editParty(id: string, part: Partial<DeterminationParty>): void {
    this.edit({ parties: this.value.body.parties.map((one) => (one.party_id === id ? { ...one, ...part } : one)) });
  }

  /** Saves now; resolves with whether the service took it. Saves never overlap. */
  save(): Promise<boolean> {
    clearTimeout(this.timer);
    if (!this.saves) return Promise.resolve(true);
    this.saving = this.saving.then(() => this.saveOnce(2));
    return this.saving;
  }

  private async saveOnce(tries: number): Promise<boolean> {
    const sent = withTheirs(this.value.body, this.value.clashes);
    this.patch({ saved: 'saving', failure: null });
    this.inFlight = true;
    try {
      const { missing } = await this.api.putDetermination(this.caseId, sent, this.version);
      this.base = rebase(this.base, sent, this.value.clashes);
      await this.catchUp();
      this.patch({ saved: 'saved', missing, errors: [] });
      this.forgetUnsent(sent);
      return this.value.clashes.length === 0;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412 && tries > 0) {
        await this.catchUp();
        return await this.saveOnce(tries - 1);
      }
      const errors = error instanceof ApiError && error.status === 422 ? error.problem.errors ?? [] : [];
      this.patch({ saved: 'refused', errors, failure: errors.length ? null : errorText(error) });
      return false;
    } finally {
      this.inFlight = false;
    }
  }

  private async catchUp(): Promise<void> {
    const file = await this.api.getCase(this.caseId);
    this.version = file.version;
    this.meet(begin(file));
  }

  /** What was typed while the save was on its way, or is still in clash, stays kept. */
  private forgetUnsent(sent: Determination): void {
    if (same(this.value.body, sent)) this.unsent.drop(this.caseId);
    else this.unsent.write(this.caseId, this.base, this.value.body);
  }
}
