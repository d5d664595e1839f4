// The draft of a determination: begun from what the case knows, saved as it is typed, checked by the service's domain.
import { ApiError, errorText } from '@shared/api';
import { api } from '@shared/staff';
import { Store } from '@shared/store';
import type { Case, Codes, Determination, DeterminationParty, Missing } from '@shared/types';
import { firstDraft, untyped, type Texts } from './draft_text';

export interface DraftState { body: Determination; saved: 'clean' | 'saving' | 'saved' | 'refused'; missing: Missing[]; errors: Missing[]; failure: string | null }
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
  return { ...body, parties: file.parties.map((party) => known.get(party.id) ?? partyDraft(file, party.id)) };
}

export class Draft extends Store<DraftState> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private version: number;
  /** What was drafted last, to know it from what was typed. */
  private drafted: Texts | null = null;
  private saving: Promise<boolean> = Promise.resolve(true);

  constructor(readonly caseId: string, file: Case) {
    super({ body: begin(file), saved: 'clean', missing: [], errors: [], failure: null });
    this.version = file.version;
  }

  /** Another party joined, particulars changed, the case moved on: keep what is typed, take the rest. */
  follow(file: Case): void {
    this.version = file.version;
    const { body } = this.value;
    const have = new Set(body.parties.map((one) => one.party_id));
    const added = file.parties.filter((party) => !have.has(party.id)).map((party) => partyDraft(file, party.id));
    const filled = body.parties.map((one) => {
      const fresh = partyDraft(file, one.party_id);
      return { ...one, plate_number: fresh.plate_number ?? one.plate_number, vehicle_type: one.vehicle_type ?? fresh.vehicle_type, insurer: one.insurer ?? fresh.insurer,
        plate_type: one.plate_type ?? fresh.plate_type, licence_number: one.licence_number ?? fresh.licence_number, insurance_certificate: one.insurance_certificate ?? fresh.insurance_certificate };
    });
    this.patch({ body: { ...body, parties: [...filled, ...added] } });
  }

  edit(part: Partial<Determination>): void {
    this.patch({ body: { ...this.value.body, ...part } });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), SAVE_AFTER_MS);
  }

  /** Puts the first draft into what nobody has typed in; resolves to whether everything was free. */
  draftTexts(file: Case, codes: Codes): boolean {
    const fresh = firstDraft(this.value.body, file, codes);
    const free = untyped(fresh, this.value.body, this.drafted);
    this.drafted = { ...(this.drafted ?? { facts: '', cause: '' }), ...free };
    this.edit(free);
    return 'facts' in free && 'cause' in free;
  }

  editParty(id: string, part: Partial<DeterminationParty>): void {
    this.edit({ parties: this.value.body.parties.map((one) => (one.party_id === id ? { ...one, ...part } : one)) });
  }

  /** Saves now; resolves with whether the service took it. Saves never overlap. */
  save(): Promise<boolean> {
    clearTimeout(this.timer);
    this.saving = this.saving.then(() => this.saveOnce(2));
    return this.saving;
  }

  private async saveOnce(tries: number): Promise<boolean> {
    this.patch({ saved: 'saving', failure: null });
    try {
      const { missing } = await api.putDetermination(this.caseId, this.value.body, this.version);
      this.version = (await api.getCase(this.caseId)).version;
      this.patch({ saved: 'saved', missing, errors: [] });
      return true;
    } catch (error) {
      if (error instanceof ApiError && error.status === 412 && tries > 0) {
        this.version = (await api.getCase(this.caseId)).version;
        return this.saveOnce(tries - 1);
      }
      const errors = error instanceof ApiError && error.status === 422 ? error.problem.errors ?? [] : [];
      this.patch({ saved: 'refused', errors, failure: errors.length ? null : errorText(error) });
      return false;
    }
  }
}
