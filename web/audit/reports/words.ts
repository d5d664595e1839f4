// How figures read.
import { pick, type Bilingual } from '@shared/i18n';
import type { By } from './api';
import { t } from './messages';

export const count = (n: number) => n.toLocaleString('en');
export const percent = (part: number, whole: number) => (whole > 0 ? `${((100 * part) / whole).toFixed(1)}%` : t('none'));

export function duration(s: number | null): string {
  if (s === null) return t('none');
  if (s < 60) return t('seconds', { s });
  return s % 60 === 0 ? t('minutes', { m: Math.floor(s / 60) }) : t('minutesSeconds', { m: Math.floor(s / 60), s: s % 60 });
}

/** A group's name: what the service calls it, or its key as people read it. */
export function nameOf(by: By, key: string, title: Bilingual | null): string {
  if (title) return pick(title);
  if (key === '') return by === 'officer' ? t('nobody') : t('unknown');
  return by === 'hour' ? t('clockOf', { h: Number(key) }) : key;
}
