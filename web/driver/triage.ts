// The six questions. "No" is always the answer that needs nothing more; a "yes" asks which, so that the service gets
// each circumstance of the regulation by itself. Pure: tested by table.
import type { Triage } from '@shared/types';
import type { DriverKey } from './messages';

/** A yes or no of the triage, or an answer of the driver's that stands for a code of the record. */
export type Flag = Exclude<keyof Triage, 'injury' | 'weather' | 'road_type' | 'loss_cny' | 'all_parties_agree' | 'single_vehicle' | 'crime_suspected'> | 'injury_slight' | 'injury_slight_agreed' | 'injury_serious' | 'expressway' | 'thick_fog';
export interface Detail { flag: Flag; text: DriverKey; hint?: DriverKey; exclusive?: boolean }
export type PictureName = 'injury' | 'move' | 'driver' | 'left' | 'papers' | 'other';
export interface Question { id: PictureName; title: DriverKey; hint: DriverKey; details: Detail[] }

export const QUESTIONS: readonly Question[] = [
  { id: 'injury', title: 'qInjury', hint: 'qInjuryHint', details: [
    { flag: 'injury_slight_agreed', text: 'injurySlightAgreed', hint: 'injurySlightAgreedHint', exclusive: true },
    { flag: 'injury_slight', text: 'injurySlight', hint: 'injurySlightHint', exclusive: true },
    { flag: 'injury_serious', text: 'injurySerious', hint: 'injurySeriousHint', exclusive: true },
    { flag: 'death', text: 'injuryDeath', exclusive: true }] },
  { id: 'move', title: 'qMove', hint: 'qMoveHint', details: [{ flag: 'cannot_move', text: 'cannotMove' }] },
  { id: 'driver', title: 'qDriver', hint: 'qDriverHint', details: [
    { flag: 'alcohol_or_drugs', text: 'alcohol' }, { flag: 'licence_problem', text: 'licence' }] },
  { id: 'left', title: 'qLeft', hint: 'qLeftHint', details: [
    { flag: 'party_left', text: 'partyLeft' }, { flag: 'intent', text: 'intent' }, { flag: 'vehicles_moved', text: 'vehiclesMoved', hint: 'vehiclesMovedHint' },
    { flag: 'late_report', text: 'lateReport', hint: 'lateReportHint' }] },
  { id: 'papers', title: 'qPapers', hint: 'qPapersHint', details: [
    { flag: 'plate_problem', text: 'plateProblem' }, { flag: 'no_inspection_or_insurance_mark', text: 'noMark' }] },
  { id: 'other', title: 'qOther', hint: 'qOtherHint', details: [
    { flag: 'facility_damage', text: 'facility' }, { flag: 'hazardous_goods', text: 'hazardous' },
    { flag: 'overloaded_or_speeding_passenger_vehicle', text: 'overloaded' }, { flag: 'expressway', text: 'expressway' }, { flag: 'thick_fog', text: 'thickFog' }] },
];

/** What was answered, question by question: the flags that hold; an empty list is "no", absent is not asked yet. */
export type Answers = Partial<Record<PictureName, Flag[]>>;

export function answer(answers: Answers, id: PictureName, flags: Flag[]): Answers {
  return { ...answers, [id]: [...flags] };
}

/** Takes one flag in or out; of exclusive ones (how bad an injury is) only one holds. */
export function toggle(question: Question, flags: Flag[], flag: Flag): Flag[] {
  const detail = question.details.find((one) => one.flag === flag);
  if (!detail) return flags;
  if (flags.includes(flag)) return flags.filter((one) => one !== flag);
  return detail.exclusive ? [flag] : [...flags, flag];
}

/** A "yes" with a single meaning needs no second question. */
export const onlyDetail = (question: Question): Flag | null => question.details.length === 1 ? question.details[0]!.flag : null;

/** With a life at risk nothing more is asked: help comes first. */
export const isGrave = (answers: Answers): boolean =>
  (answers.injury ?? []).some((flag) => flag === 'injury_serious' || flag === 'death');

/** A slight injury, and everybody agrees to the simple procedure (art. 23): the driver's own consent, and word for the others. */
export const saysAgreed = (answers: Answers): boolean => (answers.injury ?? []).includes('injury_slight_agreed');

const EXPRESSWAY = '10';
const FOG = '5';

export function toTriage(answers: Answers): Triage {
  const flags = new Set(Object.values(answers).flat());
  const injury = flags.has('injury_serious') || flags.has('death') ? 'serious' : flags.has('injury_slight') || saysAgreed(answers) ? 'slight' : 'none';
  return {
    death: flags.has('death'), injury, licence_problem: flags.has('licence_problem'), alcohol_or_drugs: flags.has('alcohol_or_drugs'),
    overloaded_or_speeding_passenger_vehicle: flags.has('overloaded_or_speeding_passenger_vehicle'),
    plate_problem: flags.has('plate_problem'), cannot_move: flags.has('cannot_move'), party_left: flags.has('party_left'),
    intent: flags.has('intent'), no_inspection_or_insurance_mark: flags.has('no_inspection_or_insurance_mark'),
    facility_damage: flags.has('facility_damage'), hazardous_goods: flags.has('hazardous_goods'),
    all_parties_agree: saysAgreed(answers), vehicles_moved: flags.has('vehicles_moved'), late_report: flags.has('late_report'),
    ...(flags.has('expressway') ? { road_type: EXPRESSWAY } : {}), ...(flags.has('thick_fog') ? { weather: FOG } : {}),
  };
}
