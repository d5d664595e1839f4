// Chinese number plates: one province character, a letter for the city, then five (six for new energy) signs.
export const PROVINCES = [...'陕京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏甘青宁新'];

export interface Plate { province: string; rest: string }

/** Splits what was typed or pasted; spaces, dots and small letters don't matter. */
export function parsePlate(text: string, province = '陕'): Plate {
  const clean = [...text.normalize('NFKC').toUpperCase()].filter((sign) => !/[\s·.\-•]/.test(sign));
  const first = clean[0];
  if (first && PROVINCES.includes(first)) return { province: first, rest: clean.slice(1).join('') };
  return { province, rest: clean.join('') };
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
  return /^[\u4e00-\u9fa5][A-Z](?:[A-HJ-NP-Z0-9]{5}|[A-HJ-NP-Z0-9]{4}[学警挂港澳领试超]|[A-HJ-NP-Z0-9]{6})$/.test(text)
    && PROVINCES.includes([...text][0]!);
}

/** 02 small car, 52 small new-energy car, 16 learner, 15 trailer: what the plate itself tells. */
export function plateTypeOf(text: string): string {
  const signs = [...text];
  const last = signs[signs.length - 1];
  if (last === '学') return '16';
  if (last === '挂') return '15';
  if (last === '警') return '23';
  if (last === '港') return '26';
  if (last === '澳') return '27';
  return signs.length === 8 ? '52' : '02';
}
