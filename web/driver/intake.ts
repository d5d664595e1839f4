// The steps before a case exists: which screen comes next, and what has been filled in. The draft lives in the tab's
// storage, so that a reload or a crash takes up where it stopped. Pure but for load and save.
import { newKey } from '@shared/api';
import { isPlate, plateTypeOf } from '@shared/plate';
import { normalise, problemOf } from '@shared/particulars';
import type { ConsentKind, NewCase, PartyKind } from '@shared/types';
import { cleanPhone, isName, isPhone } from '@shared/validate';
import { isGrave, QUESTIONS, saysAgreed, toTriage, type Answers } from './triage';

export type Step = { kind: 'safety' } | { kind: 'question'; index: number } | { kind: 'place' } | { kind: 'who' } | { kind: 'consents' };
export interface Draft {
  step: Step; answers: Answers;
  latitude: number | null; longitude: number | null; accuracyM: number | null; placeText: string; locationConsent: boolean;
  kind: PartyKind; alone: boolean; plate: string; noPlate: boolean; idNumber: string; phone: string; name: string;
  recordingConsent: boolean; serviceConsent: boolean;
  /** "Send an officer to me" before there is a case: only what is needed to find the person is asked. */
  wantsOfficer: boolean; reason: string;
  occurredAt: string; key: string;
}

export function newDraft(now = new Date()): Draft {
  return {
    step: { kind: 'safety' }, answers: {}, latitude: null, longitude: null, accuracyM: null, placeText: '', locationConsent: false,
    kind: 'motor', alone: false, plate: '', noPlate: false, idNumber: '', phone: '', name: '', recordingConsent: false, serviceConsent: false, wantsOfficer: false, reason: '',
    occurredAt: now.toISOString(), key: newKey(),
  };
}

/** Help is what counts now: fewer questions, no consent to a recording that won't happen. */
export const isUrgent = (draft: Draft) => draft.wantsOfficer || isGrave(draft.answers);

export function nextStep(draft: Draft): Step | 'submit' {
  const { step } = draft;
  switch (step.kind) {
    case 'safety': return { kind: 'question', index: 0 };
    case 'question': return isUrgent(draft) || step.index + 1 >= QUESTIONS.length ? { kind: 'place' } : { kind: 'question', index: step.index + 1 };
    case 'place': return { kind: 'who' };
    case 'who': return isUrgent(draft) ? 'submit' : { kind: 'consents' };
    case 'consents': return 'submit';
  }
}

export function previousStep(draft: Draft): Step | null {
  const { step } = draft;
  switch (step.kind) {
    case 'safety': return null;
    case 'question': return step.index === 0 ? { kind: 'safety' } : { kind: 'question', index: step.index - 1 };
    case 'place': {
      const answered = QUESTIONS.filter((question) => draft.answers[question.id] !== undefined).length;
      return answered === 0 ? { kind: 'safety' } : { kind: 'question', index: Math.min(answered, QUESTIONS.length) - 1 };
    }
    case 'who': return { kind: 'place' };
    case 'consents': return { kind: 'who' };
  }
}

/** 1-based place in the whole way, for the dots at the top. */
export function progress(step: Step): { at: number; of: number } {
  const at = step.kind === 'safety' ? 1 : step.kind === 'question' ? 2 : step.kind === 'place' ? 3 : step.kind === 'who' ? 4 : 5;
  return { at, of: 6 };
}

export const hasPlace = (draft: Draft) => draft.latitude !== null || draft.placeText.trim().length >= 2;

export type WhoError = 'plate' | 'id-number' | 'phone' | 'name';
/** Fields that need another look; in an emergency a phone number will do. */
export function whoErrors(draft: Draft): WhoError[] {
  const errors: WhoError[] = [];
  const urgent = isUrgent(draft);
  const motor = draft.kind === 'motor';
  if (motor && !draft.noPlate && !isPlate(draft.plate) && !(urgent && draft.plate === '')) errors.push('plate');
  if (!motor && draft.idNumber !== '' && problemOf('id_number', normalise('id_number', draft.idNumber))) errors.push('id-number');
  if (!isPhone(draft.phone)) errors.push('phone');
  if (!isName(draft.name) && !(urgent && draft.name.trim() === '')) errors.push('name');
  return errors;
}

export function consentsOf(draft: Draft): ConsentKind[] {
  const consents: ConsentKind[] = [];
  if (draft.recordingConsent) consents.push('recording');
  if (draft.locationConsent && draft.latitude !== null) consents.push('location');
  if (draft.serviceConsent) consents.push('electronic_service');
  if (saysAgreed(draft.answers)) consents.push('simplified_procedure');
  return consents;
}

export function toNewCase(draft: Draft): NewCase {
  const text = draft.placeText.trim();
  const located = draft.locationConsent && draft.latitude !== null && draft.longitude !== null;
  const name = draft.name.trim();
  const phone = cleanPhone(draft.phone);
  return {
    channel: 'web', reporter_phone: phone, occurred_at: draft.occurredAt,
    place: {
      ...(text ? { text } : {}),
      ...(located ? { latitude: draft.latitude!, longitude: draft.longitude! } : {}),
      ...(located && draft.accuracyM !== null ? { accuracy_m: Math.round(draft.accuracyM) } : {}),
    },
    triage: { ...toTriage(draft.answers), single_vehicle: draft.kind === 'motor' && draft.alone }, consents: consentsOf(draft),
    party: {
      kind: draft.kind, phone, ...(name ? { name } : {}),
      ...(draft.kind !== 'motor' && draft.idNumber ? { id_number: normalise('id_number', draft.idNumber) } : {}),
      ...(draft.kind !== 'motor' || draft.noPlate || !draft.plate ? {} : { plate_number: draft.plate, plate_type: plateTypeOf(draft.plate) }),
    },
  };
}

const KEY = 'kc.draft';
export function loadDraft(): Draft {
  try {
    const saved = sessionStorage.getItem(KEY);
    if (saved) return { ...newDraft(), ...(JSON.parse(saved) as Draft) };
  } catch { /* no storage, or an older page's draft: begin anew */ }
  return newDraft();
}
export function saveDraft(draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(KEY, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY);
  } catch { /* the draft then lasts as long as the page */ }
}
