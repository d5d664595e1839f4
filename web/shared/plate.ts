// Chinese number plates: one province character, a letter for the city, then five (six for new energy) signs.
import { normalise, problemOf } from './particulars';

export const PROVINCES = [...'陕京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏甘青宁新'];

export interface Plate { province: string; rest: string }

/** Splits what was typed or pasted; spaces, dots and small letters don't matter. */
export function parsePlate(text: string, province = '陕'): Plate {
  const clean = normalise('plate_number', text);
  const signs = [...clean];
  if (signs[0] && PROVINCES.includes(signs[0])) return { province: signs[0], rest: signs.slice(1).join('') };
  return { province, rest: [...normalise('plate_number', province + clean)].slice(1).join('') };
}

export const plateText = (plate: Plate) => plate.rest ? plate.province + plate.rest : '';

/** 陕H12345 as people write it: 陕H·12345. */
export function showPlate(text: string | null | undefined): string {
  if (!text) return '';
  const signs = [...text];
  return signs.length > 2 && PROVINCES.includes(signs[0]!) ? `${signs[0]}${signs[1]}·${signs.slice(2).join('')}` : text;
}

/** True of every plate a motor vehicle may carry: no I and no O, special last signs, six signs for new energy. */
export function isPlate(text: string): boolean {
  return PROVINCES.includes([...text][0] ?? '') && problemOf('plate_number', text, plateTypeOf(text)) === null;
}

/** 02 small car, 51 and 52 large and small new-energy car, 16 learner, 15 trailer: what the plate itself tells. */
export function plateTypeOf(text: string): string {
  const signs = [...text];
  const last = signs[signs.length - 1];
  if (last === '学') return '16';
  if (last === '挂') return '15';
  if (last === '警') return '23';
  if (last === '港') return '26';
  if (last === '澳') return '27';
  if (signs.length !== 8) return '02';
  return /[A-Z]/.test(last!) ? '51' : '52';
}
