// The particulars of one party as they are typed: saved by themselves, merged with what the party or another window writes,
// kept over a reload. As the draft of the determination (draft.ts), but each field by itself: one that is not right yet
// waits in its field and holds up nothing else.
import { ApiError, errorText, type Api } from '@shared/api';
import { problemOf, type ParticularField } from '@shared/particulars';
import { Store } from '@shared/store';
import type { Case, Party, PartyParticulars } from '@shared/types';
import type { UnsentStore } from './unsent';

export type PartyKey = keyof PartyParticulars;
export type PartyForm = Record<PartyKey, string>;
export interface PartyClash { key: PartyKey; theirs: string }
export interface PartyState { form: PartyForm; saved: 'clean' | 'saving' | 'saved' | 'refused'; errors: Partial<Record<PartyKey, string>>; failure: string | null; clashes: PartyClash[] }

export const PARTY_KEYS: PartyKey[] = ['kind', 'name', 'phone', 'id_number', 'plate_number', 'plate_type', 'vehicle_type', 'licence_number', 'insurer', 'insurance_certificate'];
/** What only a motor vehicle has. */
export const MOTOR_KEYS: PartyKey[] = ['plate_number', 'plate_type', 'licence_number', 'insurer', 'insurance_certificate'];
const CHECKED: ParticularField[] = ['plate_number', 'phone', 'id_number', 'licence_number', 'insurer', 'insurance_certificate'];
const SAVE_AFTER_MS = 700;
const AGAIN_AFTER_MS = 3000;

export const formOf = (party: Partial<Party>): PartyForm => Object.fromEntries(PARTY_KEYS.map((key) => [key, party[key] ?? ''])) as PartyForm;
export const isMotor = (form: PartyForm) => form.kind === '' || form.kind === 'motor';
const same = (one: string, other: string) => one.trim() === other.trim();

/** Mine, and what only they changed; of a field that both changed mine stays on the screen and the clash is named. */
export function mergeForms(base: PartyForm, mine: PartyForm, theirs: PartyForm): { form: PartyForm; clashes: PartyClash[] } {
  const form = { ...theirs };
  const clashes: PartyClash[] = [];
  for (const key of PARTY_KEYS) {
    if (same(mine[key], base[key])) continue;
    form[key] = mine[key];
    if (!same(theirs[key], base[key]) && !same(theirs[key], mine[key])) clashes.push({ key, theirs: theirs[key] });
  }
  return { form, clashes };
}

/** Typed half-way: the service would refuse it, so it is not sent yet. An empty field takes its value away. */
function isHalf(form: PartyForm, key: PartyKey): boolean {
  const checked = CHECKED.find((one) => one === key);
  return checked !== undefined && form[key].trim() !== '' && problemOf(checked, form[key].trim(), form.plate_type || null) !== null;
}

export class PartyDraft extends Store<PartyState> {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private base: PartyForm;
  private version: number;
  private saving: Promise<boolean> = Promise.resolve(true);
  private inFlight = false;

  constructor(private readonly api: Pick<Api, 'patchParty' | 'getCase'>, private readonly caseId: string, readonly partyId: string, file: Case, private readonly unsent: UnsentStore<PartyForm>) {
    super({ form: formOf(partyIn(file, partyId)), saved: 'clean', errors: {}, failure: null, clashes: [] });
    this.base = this.value.form;
    this.version = file.version;
    const left = unsent.read(this.key);
    if (!left) return;
    this.base = left.base;
    this.patch({ form: left.body });
    this.meet(formOf(partyIn(file, partyId)));
    this.later(SAVE_AFTER_MS);
  }

  private get key(): string { return `${this.caseId}-${this.partyId}`; }

  follow(file: Case): void {
    if (this.inFlight || file.version < this.version) return;
    this.version = file.version;
    this.meet(formOf(partyIn(file, this.partyId)));
  }

  private meet(theirs: PartyForm): void {
    const { form, clashes } = mergeForms(this.base, this.value.form, theirs);
    const base = { ...theirs };
    for (const { key } of clashes) base[key] = this.base[key]; // a clash is not forgotten
    this.base = base;
    this.patch({ form, clashes });
  }

  private later(afterMs: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.save(), afterMs);
  }

  edit(key: PartyKey, value: string): void {
    const { [key]: _, ...errors } = this.value.errors;
    this.patch({ form: { ...this.value.form, [key]: value }, errors });
    this.unsent.write(this.key, this.base, this.value.form);
    this.later(SAVE_AFTER_MS);
  }

  /** Ends a clash by what was chosen. */
  settle(key: PartyKey, value: string): void {
    const clash = this.value.clashes.find((one) => one.key === key);
    if (!clash) return;
    this.base = { ...this.base, [key]: clash.theirs };
    this.patch({ clashes: this.value.clashes.filter((one) => one !== clash) });
    this.edit(key, value);
  }

  /** Whether everything on the screen is with the service. */
  get isClean(): boolean {
    return PARTY_KEYS.every((key) => same(this.value.form[key], this.base[key]));
  }

  /** Saves now; with `all` also what looks half typed, so that the service says what it thinks of it. */
  save(all = false): Promise<boolean> {
    clearTimeout(this.timer);
    this.saving = this.saving.then(() => this.saveOnce(all, 3));
    return this.saving;
  }

  /** What differs and may go out now. */
  private changes(all: boolean, without: readonly PartyKey[]): PartyParticulars {
    const { form, clashes } = this.value;
    const motor = isMotor(form);
    const keys = PARTY_KEYS.filter((key) => !same(form[key], this.base[key]) && !without.includes(key) && !clashes.some((one) => one.key === key)
      && (motor || !MOTOR_KEYS.includes(key)) && (all || !isHalf(form, key)));
    return Object.fromEntries(keys.map((key) => [key, form[key].trim() || null])) as PartyParticulars;
  }

  private async saveOnce(all: boolean, tries: number, without: readonly PartyKey[] = []): Promise<boolean> {
    const body = this.changes(all, without);
    const sent = Object.keys(body) as PartyKey[];
    if (sent.length === 0) { this.keepRest(); return this.isClean; }
    this.patch({ saved: 'saving', failure: null });
    this.inFlight = true;
    try {
      await this.api.patchParty(this.caseId, this.partyId, body, this.version);
      for (const key of sent) this.base = { ...this.base, [key]: body[key] ?? '' };
      await this.catchUp();
      this.patch({ saved: without.length > 0 ? 'refused' : 'saved' });
      this.keepRest();
      return this.isClean;
    } catch (error) {
      return await this.refused(error, all, tries, sent, without);
    } finally {
      this.inFlight = false;
    }
  }

  private async refused(error: unknown, all: boolean, tries: number, sent: PartyKey[], without: readonly PartyKey[]): Promise<boolean> {
    if (error instanceof ApiError && error.status === 412 && tries > 0) {
      await this.catchUp();
      return await this.saveOnce(all, tries - 1, without);
    }
    const wrong = error instanceof ApiError && error.status === 422 ? error.problem.errors ?? [] : [];
    const bad = sent.filter((key) => wrong.some((one) => one.pointer === `/${key}`));
    const errors = Object.fromEntries(bad.map((key) => [key, wrong.find((one) => one.pointer === `/${key}`)!.message]));
    this.patch({ saved: 'refused', errors: { ...this.value.errors, ...errors }, failure: bad.length ? null : errorText(error) });
    if (bad.length > 0 && bad.length < sent.length) return await this.saveOnce(all, tries, [...without, ...bad]);
    if (error instanceof ApiError && error.isNetwork) this.later(AGAIN_AFTER_MS);
    return false;
  }

  private async catchUp(): Promise<void> {
    const file = await this.api.getCase(this.caseId);
    this.version = file.version;
    this.meet(formOf(partyIn(file, this.partyId)));
  }

  /** What is not with the service yet stays kept in this window. */
  private keepRest(): void {
    if (this.isClean && this.value.clashes.length === 0) this.unsent.drop(this.key);
    else this.unsent.write(this.key, this.base, this.value.form);
  }
}

const partyIn = (file: Case, id: string): Partial<Party> => file.parties.find((one) => one.id === id) ?? {};

/** Those of a case, for as long as it is on the screen: a tab that is left takes no text with it. */
export class PartyDrafts {
  private readonly all = new Map<string, PartyDraft>();
  constructor(private readonly api: Pick<Api, 'patchParty' | 'getCase'>, private readonly caseId: string, private readonly unsent: UnsentStore<PartyForm>) {}

  of(file: Case, partyId: string): PartyDraft {
    const known = this.all.get(partyId) ?? new PartyDraft(this.api, this.caseId, partyId, file, this.unsent);
    this.all.set(partyId, known);
    return known;
  }

  follow(file: Case): void {
    for (const draft of this.all.values()) draft.follow(file);
  }
}
