import { describe, expect, it } from 'vitest';
import { readAddress, writeAddress } from '@web/audit/reports/address';
import { before, isDate, lengthOf, rangeOf, stepOf, stepsOf, todayThere } from '@web/audit/reports/periods';
import { duration, percent } from '@web/audit/reports/words';
import { messages } from '@web/audit/reports/messages';

describe('periods', () => {
  it('are days of the place, up to today', () => {
    expect(todayThere(Date.parse('2026-11-29T16:00:00Z'))).toBe('2026-11-30');
    expect(rangeOf('today', '2026-11-29')).toEqual({ from: '2026-11-29', to: '2026-11-29' });
    expect(rangeOf('week', '2026-11-29')).toEqual({ from: '2026-11-23', to: '2026-11-29' });
    expect(rangeOf('week', '2026-11-23').from).toBe('2026-11-23');
    expect(rangeOf('month', '2026-11-29').from).toBe('2026-11-01');
    expect(rangeOf('year', '2026-11-29').from).toBe('2026-01-01');
  });
  it('are compared with as much of the one before', () => {
    expect(before('today', { from: '2026-11-29', to: '2026-11-29' })).toEqual({ from: '2026-11-28', to: '2026-11-28' });
    expect(before('week', { from: '2026-11-23', to: '2026-11-25' })).toEqual({ from: '2026-11-16', to: '2026-11-18' });
    expect(before('month', { from: '2026-03-01', to: '2026-03-31' })).toEqual({ from: '2026-02-01', to: '2026-02-28' });
    expect(before('year', { from: '2026-01-01', to: '2026-02-01' })).toEqual({ from: '2025-01-01', to: '2025-02-01' });
    expect(before('custom', { from: '2026-01-10', to: '2026-01-19' })).toEqual({ from: '2025-12-31', to: '2026-01-09' });
  });
  it('are drawn in some dozen steps, the empty ones too', () => {
    expect(stepOf({ from: '2026-11-29', to: '2026-11-29' })).toBe('hour');
    expect(stepOf(rangeOf('month', '2026-11-29'))).toBe('day');
    expect(stepOf({ from: '2026-01-01', to: '2026-04-30' })).toBe('week');
    expect(stepOf(rangeOf('year', '2026-11-29'))).toBe('month');
    expect(stepsOf({ from: '2026-02-27', to: '2026-03-02' }, 'day')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02']);
    expect(stepsOf({ from: '2026-11-29', to: '2026-12-01' }, 'week')).toEqual(['2026-11-23', '2026-11-30']);
    expect(stepsOf({ from: '2025-12-31', to: '2026-01-01' }, 'month')).toEqual(['2025-12', '2026-01']);
    expect(stepsOf({ from: '2026-01-01', to: '2026-01-01' }, 'hour')).toHaveLength(24);
    expect(lengthOf({ from: '2024-02-28', to: '2024-03-01' })).toBe(3);
  });
  it('know a day from what is none', () => {
    expect(isDate('2024-02-29')).toBe(true);
    for (const none of ['2026-02-29', '2026-2-1', '', 'x', '2026-13-01']) expect(isDate(none)).toBe(false);
  });
});

describe('the address', () => {
  it('is read back as it was written', () => {
    for (const shown of [
      { period: 'month', range: null, by: 'county', compare: false, behind: null, year: null, listRange: null },
      { period: 'custom', range: { from: '2026-01-01', to: '2026-01-31' }, by: 'hour', compare: true, behind: null, year: null, listRange: null },
      { period: 'year', range: null, by: 'county', compare: false, behind: { figure: 'on_scene', by: 'county', key: '' }, year: 2026, listRange: { from: '2026-01-01', to: '2026-12-31' } },
      { period: 'week', range: null, by: 'form', compare: false, behind: { figure: 'cases', by: undefined, key: undefined }, year: null, listRange: { from: '2026-01-01', to: '2026-01-01' } },
    ] as Parameters<typeof writeAddress>[0][]) expect(readAddress(writeAddress(shown))).toEqual(shown);
  });
  it('takes nothing odd', () => {
    expect(readAddress('#tab=reports&period=aeon&from=x&to=2026-01-01&year=12')).toMatchObject({ period: 'month', range: null, year: null });
  });
});

describe('words', () => {
  it('read well in both languages', () => {
    expect(percent(1, 3)).toBe('33.3%');
    expect(percent(0, 0)).toBe('—');
    expect(duration(null)).toBe('—');
    for (const key of Object.keys(messages.zh) as (keyof typeof messages.zh)[]) {
      const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
      expect(places(messages.en[key]), key).toEqual(places(messages.zh[key]));
    }
  });
});
