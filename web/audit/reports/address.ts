// What of the reports is shown stands in the address, so that it can be sent to a colleague and the way back works.
import type { Behind, By, FigureName } from './api';
import { isDate, type PeriodName, type Range } from './periods';

export interface Shown { period: PeriodName; range: Range | null; by: By; compare: boolean; behind: Behind | null; year: number | null; listRange: Range | null }
const PERIODS: PeriodName[] = ['today', 'week', 'month', 'year', 'custom'];

const rangeIn = (fields: URLSearchParams, from: string, to: string): Range | null => {
  const range = { from: fields.get(from) ?? '', to: fields.get(to) ?? '' };
  return isDate(range.from) && isDate(range.to) && range.from <= range.to ? range : null;
};

export function readAddress(hash: string): Shown {
  const fields = new URLSearchParams(hash.replace(/^#/, ''));
  const period = fields.get('period') as PeriodName | null;
  const year = Number(fields.get('year'));
  const figure = fields.get('figure') as FigureName | null;
  return {
    period: period && PERIODS.includes(period) ? period : 'month',
    range: rangeIn(fields, 'from', 'to'),
    by: (fields.get('by') as By | null) ?? 'county',
    compare: fields.get('compare') === '1',
    year: Number.isInteger(year) && year >= 1970 && year <= 9998 ? year : null,
    behind: figure ? { figure, by: (fields.get('of') as By | null) ?? undefined, key: fields.get('key') ?? undefined } : null,
    listRange: rangeIn(fields, 'lfrom', 'lto'),
  };
}

export function writeAddress(shown: Shown): string {
  const fields = new URLSearchParams({ tab: 'reports', period: shown.period });
  if (shown.period === 'custom' && shown.range) { fields.set('from', shown.range.from); fields.set('to', shown.range.to); }
  if (shown.by !== 'county') fields.set('by', shown.by);
  if (shown.compare) fields.set('compare', '1');
  if (shown.year !== null) fields.set('year', String(shown.year));
  if (shown.behind) {
    fields.set('figure', shown.behind.figure);
    if (shown.behind.by !== undefined && shown.behind.key !== undefined) { fields.set('of', shown.behind.by); fields.set('key', shown.behind.key); }
    if (shown.listRange) { fields.set('lfrom', shown.listRange.from); fields.set('lto', shown.listRange.to); }
  }
  return `#${fields.toString()}`;
}
