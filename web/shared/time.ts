// Times as people read them. The service speaks UTC; a page shows the clock of the place, UTC+8 in every county.
import { lang } from './i18n';

const ZONE = 'Asia/Shanghai';

export function clock(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** mm:ss.mmm of a position in a recording. */
export function position(ms: number, withMs = false): string {
  const whole = Math.max(0, Math.floor(ms));
  const minutes = String(Math.floor(whole / 60000)).padStart(2, '0');
  const seconds = String(Math.floor(whole / 1000) % 60).padStart(2, '0');
  return withMs ? `${minutes}:${seconds}.${String(whole % 1000).padStart(3, '0')}` : `${minutes}:${seconds}`;
}

function shown(iso: string | null | undefined, options: Intl.DateTimeFormatOptions): string {
  if (!iso) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Intl.DateTimeFormat(lang.value === 'en' ? 'en-GB' : 'zh-CN', { timeZone: ZONE, hourCycle: 'h23', ...options }).format(date);
}

export const timeOfDay = (iso: string | null | undefined) => shown(iso, { hour: '2-digit', minute: '2-digit' });
export const timeWithSeconds = (iso: string | null | undefined) => shown(iso, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
export const day = (iso: string | null | undefined) => shown(iso, { year: 'numeric', month: 'short', day: 'numeric' });
/** Of a date (YYYY-MM-DD): "2026年10月10日星期六". */
export const dayInWords = (date: string) => shown(`${date}T04:00:00Z`, { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' });
export const dayAndTime = (iso: string | null | undefined) =>
  shown(iso, { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });

/** "2 minutes", rounded up, for waits. */
export function waitText(seconds: number): string {
  if (seconds < 60) return lang.value === 'en' ? 'under a minute' : '不到 1 分钟';
  const minutes = Math.ceil(seconds / 60);
  return lang.value === 'en' ? `about ${minutes} minutes` : `约 ${minutes} 分钟`;
}

/** ms since an RFC 3339 time; 0 for none. */
export function sinceMs(iso: string | null | undefined, now = Date.now()): number {
  if (!iso) return 0;
  const at = Date.parse(iso);
  return Number.isNaN(at) ? 0 : Math.max(0, now - at);
}

export function bytesText(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(0)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}
