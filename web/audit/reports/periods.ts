// Periods as people choose them. Dates are those of the place (UTC+8), both counted in. Pure.
export type PeriodName = 'today' | 'week' | 'month' | 'year' | 'custom';
export type Range = { from: string; to: string };

const DAY_MS = 86_400_000;
/** A date as a number of days, and back; no clock and no zone. */
const daysOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
const dateOf = (days: number) => new Date(days * DAY_MS).toISOString().slice(0, 10);

export const isDate = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text) && Number.isFinite(daysOf(text)) && dateOf(daysOf(text)) === text;
/** The day there now. */
export const todayThere = (now = Date.now()) => new Date(now + 8 * 3_600_000).toISOString().slice(0, 10);
export const lengthOf = (range: Range) => daysOf(range.to) - daysOf(range.from) + 1;

/** Up to `today`: a week begins on its Monday. */
export function rangeOf(period: Exclude<PeriodName, 'custom'>, today: string): Range {
  const days = daysOf(today);
  if (period === 'today') return { from: today, to: today };
  if (period === 'week') return { from: dateOf(days - ((new Date(days * DAY_MS).getUTCDay() + 6) % 7)), to: today };
  return { from: period === 'month' ? `${today.slice(0, 7)}-01` : `${today.slice(0, 4)}-01-01`, to: today };
}

/** What it is compared with: as many days of the week, month or year before, or else the days just before it. */
export function before(period: PeriodName, range: Range): Range {
  const length = lengthOf(range);
  const shifted = (from: string): Range => ({ from, to: dateOf(Math.min(daysOf(from) + length - 1, daysOf(range.from) - 1)) });
  if (period === 'week') return shifted(dateOf(daysOf(range.from) - 7));
  if (period === 'year') return shifted(`${Number(range.from.slice(0, 4)) - 1}-01-01`);
  if (period === 'month') return shifted(`${dateOf(daysOf(range.from) - 1).slice(0, 7)}-01`);
  return shifted(dateOf(daysOf(range.from) - length));
}

/** By what the course of a period is drawn: some dozen steps, not hundreds. */
export function stepOf(range: Range): 'hour' | 'day' | 'week' | 'month' {
  const length = lengthOf(range);
  return length <= 1 ? 'hour' : length <= 45 ? 'day' : length <= 200 ? 'week' : 'month';
}

/** Every step of a period, those without cases too. */
export function stepsOf(range: Range, step: 'hour' | 'day' | 'week' | 'month'): string[] {
  if (step === 'hour') return Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
  const steps: string[] = [];
  for (let days = daysOf(range.from); days <= daysOf(range.to); days += 1) {
    const date = dateOf(days);
    const key = step === 'day' ? date : step === 'month' ? date.slice(0, 7) : rangeOf('week', date).from;
    if (steps[steps.length - 1] !== key) steps.push(key);
  }
  return steps;
}
