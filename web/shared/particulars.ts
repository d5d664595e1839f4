// Particulars of a party as they are typed: what they become, and what is kindly said of them. The service does the same
// (src/domain/particulars.c); both are held to tests/vectors/particulars.json.
import { ts, type SharedKey } from './messages';

export type ParticularField = 'plate_number' | 'phone' | 'id_number' | 'licence_number' | 'insurer' | 'insurance_certificate';
export type ParticularProblem = 'plate_missing' | 'plate_not_empty' | 'plate_long' | 'plate_form' | 'phone_form' | 'id_form' | 'id_date' | 'id_check'
  | 'licence_form' | 'insurer_form' | 'certificate_form';

const DASHES = '\\-\\u2010\\u2013\\u2014';

/** Full-width signs become half-width ones, small letters capitals, and what only separates goes. */
function squeeze(text: string, separators: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[a-z]/g, (sign) => sign.toUpperCase())
    .replace(new RegExp(`[\\s\\u3000${separators}]`, 'gu'), '');
}

/** Where only digits can stand, letters that look like them are slips of the finger. */
const digits = (text: string) => text.replace(/O/g, '0').replace(/I/g, '1');

function normaliseId(text: string): string {
  const plain = squeeze(text, DASHES).replace(/[×*]/g, 'X');
  return plain.length === 18 ? digits(plain.slice(0, 17)) + plain.slice(17) : plain;
}

export function normalise(field: ParticularField, text: string): string {
  switch (field) {
    case 'plate_number': {
      const plain = squeeze(text, `·•.${DASHES}`);
      return new RegExp(`^${P}[A-Z]`).test(plain) ? plain.slice(0, 2) + digits(plain.slice(2)) : plain;
    }
    case 'phone': return digits(squeeze(text, `()${DASHES}`)).replace(/^(?:\+86|0086)/, '');
    case 'id_number':
    case 'licence_number': return normaliseId(text);
    case 'insurer': return text.trim();
    case 'insurance_certificate': return squeeze(text, DASHES);
  }
}

const P = '[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]';
const C = '[A-HJ-NP-Z0-9]';
const TEMPORARY = `^临?${P}[A-Z]${C}{4,6}临?$`;

/** The form of a plate by its type, and one that looks right; '' stands for every type not named. */
const PLATES: Record<string, { form: string; example: string }> = {
  '': { form: `^${P}[A-Z]${C}{5}$`, example: '陕H12345' },
  '03': { form: '^(?:使[0-9]{6}|[0-9]{6}使)$', example: '使123456' }, '04': { form: `^${P}[A-Z]${C}{4,5}领$`, example: '沪A1234领' },
  14: { form: `^${P}(?:[0-9]{2}|[A-Z])${C}{5}$`, example: '陕0112345' }, 15: { form: `^${P}[A-Z]${C}{4}挂$`, example: '陕H1234挂' },
  16: { form: `^${P}[A-Z]${C}{4}学$`, example: '陕H1234学' }, 20: { form: TEMPORARY, example: '陕H12345临' }, 22: { form: TEMPORARY, example: '陕H12345临' },
  23: { form: `^${P}[A-Z]${C}{4}警$`, example: '陕H1234警' }, 26: { form: `^粤Z${C}{4}港$`, example: '粤Z1234港' }, 27: { form: `^粤Z${C}{4}澳$`, example: '粤Z1234澳' },
  31: { form: `^WJ${P}?[0-9]{4,5}[A-Z]?$`, example: 'WJ陕1234X' }, 32: { form: '^[A-Z\\p{Script=Han}]{2}[A-Z0-9]{5}$', example: 'VA12345' },
  51: { form: `^${P}[A-Z][0-9]{5}[A-HJK]$`, example: '陕H12345D' }, 52: { form: `^${P}[A-Z][A-HJK]${C}[0-9]{4}$`, example: '陕HD12345' },
};
/** Types whose number has no form that is known, or that can't be trusted to have any. */
const FREE_FORM = ['09', '10', '11', '12', '17', '18', '19', '21', '24', '25', '42', '43', '99'];
const NO_PLATE = '41';

const plateOf = (plateType: string) => PLATES[plateType] ?? PLATES['']!;
const fits = (form: string, text: string) => new RegExp(form, 'u').test(text);

function plateProblem(plate: string, plateType: string | null): ParticularProblem | null {
  if (plateType === NO_PLATE) return plate === '' ? null : 'plate_not_empty';
  if (plate === '') return 'plate_missing';
  if ([...plate].length > 12) return 'plate_long';
  if (plateType !== null && FREE_FORM.includes(plateType)) return null;
  const good = plateType === null ? Object.values(PLATES).some((one) => fits(one.form, plate)) : fits(plateOf(plateType).form, plate);
  return good ? null : 'plate_form';
}

/** ISO 7064 MOD 11-2, as GB 11643 applies it. */
function checkDigit(id: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  return '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(id[at]), 0) % 11]!;
}

function idProblem(id: string): ParticularProblem | null {
  if (/^[A-Z]{1,2}[0-9]{7,8}$/.test(id)) return null; // a passport
  if (!/^[1-9][0-9]{16}[0-9X]$/.test(id)) return 'id_form';
  const [year, month, day] = [Number(id.slice(6, 10)), Number(id.slice(10, 12)), Number(id.slice(12, 14))];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (year < 1900 || year > 2099 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return 'id_date';
  return id[17] === checkDigit(id) ? null : 'id_check';
}

/** What is wrong with a normalised text; null: nothing. */
export function problemOf(field: ParticularField, text: string, plateType: string | null = null): ParticularProblem | null {
  switch (field) {
    case 'plate_number': return plateProblem(text, plateType);
    case 'phone': return /^(?:1[3-9][0-9]{9}|0[1-9][0-9]{1,2}[2-8][0-9]{6,7}|\+[1-9][0-9]{7,14})$/.test(text) ? null : 'phone_form';
    case 'id_number': return idProblem(text);
    case 'licence_number':
      if (!/^[A-Z0-9]{6,20}$/.test(text)) return 'licence_form';
      return /^[0-9]{17}[0-9X]$/.test(text) ? idProblem(text) : null;
    case 'insurer': return [...text].length >= 2 && [...text].length <= 40 && !/^[0-9]*$/.test(text) ? null : 'insurer_form';
    case 'insurance_certificate': return /^[A-Z0-9]{10,30}$/.test(text) && /(?:[0-9].*){6}/.test(text) ? null : 'certificate_form';
  }
}

/** In words, with an example of that type of plate. */
export function problemText(problem: ParticularProblem, plateType: string | null = null): string {
  return ts(problem satisfies SharedKey, { example: plateOf(plateType ?? '').example });
}

/** What is said of a text that somebody has typed and left; nothing of an empty one. */
export function kindWord(field: ParticularField, text: string, plateType: string | null = null): string | null {
  const problem = text.trim() === '' ? null : problemOf(field, normalise(field, text), plateType);
  return problem && problemText(problem, plateType);
}
