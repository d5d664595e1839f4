// How a party is called: 甲, 乙, 丙 in Chinese, A, B, C in English; the service knows them as A, B, C.
import { lang, type Lang } from './i18n';

const STEMS = [...'甲乙丙丁戊己庚辛'];

export function partyMark(label: string | null | undefined, language: Lang = lang.value): string {
  const at = (label ?? '').charCodeAt(0) - 65;
  return language === 'en' ? label ?? '' : STEMS[at] ?? label ?? '';
}
