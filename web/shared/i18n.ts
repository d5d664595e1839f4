// Languages. Each app has one catalogue; its English half must carry every key of its Chinese half, which the
// compiler checks, and a test checks the placeholders.
import { Store, useStore } from './store';

export type Lang = 'zh-CN' | 'en';
export interface Bilingual { zh: string; en: string }
export type Params = Record<string, string | number>;
export interface Catalogue<K extends string> { zh: Record<K, string>; en: Record<K, string> }

const STORAGE_KEY = 'kc.lang';

function initialLang(): Lang {
  if (typeof window === 'undefined') return 'zh-CN';
  // A link may say which language it wants; it then stays for the pages that follow.
  const wanted = new URLSearchParams(location.search).get('lang');
  try {
    if (wanted === 'en' || wanted === 'zh-CN') localStorage.setItem(STORAGE_KEY, wanted);
    const saved = localStorage.getItem(STORAGE_KEY);
    if (saved === 'zh-CN' || saved === 'en') return saved;
  } catch { /* private windows may forbid storage: the default will do */ }
  if (wanted === 'en' || wanted === 'zh-CN') return wanted;
  // Who reads no Chinese is better served by English, whatever else they read.
  return /^zh\b/i.test(navigator.languages?.find((one) => /^(zh|en)\b/i.test(one)) ?? navigator.language ?? 'zh') ? 'zh-CN' : 'en';
}

export const lang = new Store<Lang>(initialLang());

export function setLang(next: Lang): void {
  lang.set(next);
  try { localStorage.setItem(STORAGE_KEY, next); } catch { /* lasts for this page only */ }
  document.documentElement.lang = next;
}

/** Call once at start, so that screen readers speak the right language from the first word. */
export function applyLang(): void {
  document.documentElement.lang = lang.value;
}

export function otherLang(): Lang {
  return lang.value === 'en' ? 'zh-CN' : 'en';
}

/** Declares a catalogue; the types refuse a key that one language lacks. */
export function catalogue<K extends string>(zh: Record<K, string>, en: Record<NoInfer<K>, string>): Catalogue<K> {
  return { zh, en };
}

/** `{n}` is the parameter; `{n|case|cases}` the first word if it is 1, else the second. */
export function format(text: string, params?: Params): string {
  if (!params) return text;
  return text.replace(/\{(\w+)(?:\|([^|{}]*)\|([^|{}]*))?\}/g, (whole, name: string, one?: string, several?: string) => {
    if (!(name in params)) return whole;
    const value = String(params[name]);
    return one === undefined ? value : value === '1' ? one : several!;
  });
}

/** The translate function of a catalogue, in the language chosen now. */
export function translator<K extends string>(messages: Catalogue<K>) {
  return (key: K, params?: Params): string =>
    format((lang.value === 'en' ? messages.en : messages.zh)[key], params);
}

/** What the service said: it speaks Chinese and English at once, " / " between them. */
export function said(text: string): string {
  const [zh, en] = text.split(' / ');
  return lang.value === 'en' && en !== undefined ? en : zh!;
}

/** Hook: renders again when the language changes. */
export function useLang(): Lang {
  return useStore(lang);
}

/** Picks the half of a bilingual value from the service. */
export function pick(value: Bilingual | null | undefined): string {
  if (!value) return '';
  return lang.value === 'en' ? value.en || value.zh : value.zh || value.en;
}

/** The same for `x_zh` / `x_en` pairs. */
export function pickField<T extends string>(of: { [K in `${T}_zh` | `${T}_en`]?: string | null }, name: T): string {
  const fields = of as Record<string, string | null | undefined>;
  return pick({ zh: fields[`${name}_zh`] ?? '', en: fields[`${name}_en`] ?? '' });
}
