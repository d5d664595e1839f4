// What the service says of reports, and the addresses that ask for it.
import type { Bilingual } from '@shared/i18n';
import { api } from '@shared/staff';
import type { Range } from './periods';

export type By = 'county' | 'channel' | 'form' | 'scenario' | 'officer' | 'hour' | 'day' | 'week' | 'month' | 'outcome' | 'closing_code' | 'ground';
export type Outcome = 'open' | 'determined' | 'agreed' | 'on_scene' | 'abandoned' | 'declined';
export type FigureName =
  | 'cases' | 'remote' | 'determined' | 'agreed' | 'on_scene' | 'abandoned' | 'declined' | 'open' | 'closed'
  | 'answered' | 'answered_in_time' | 'cleared' | 'cleared_in_time' | 'ended' | 'ended_in_time'
  | 'review_asked' | 'review_concluded' | 'review_overturned' | 'shots_listed' | 'shots_complete' | 'called' | 'recorded' | 'with_gaps';
export type TimeName = 'answer' | 'clear' | 'close';
export interface TimeFigures { median_s: number | null; p90_s: number | null; target_s: number; count: number; within: number }
export interface Group {
  key: string; title: Bilingual | null; figures: Record<FigureName, number>; times: Record<TimeName, TimeFigures>;
  shots: { asked: number; taken: number }; people: { called: number; recorded: number }; gaps: { count: number; ms: number };
}
export interface Report { from: string | null; to: string | null; through_seq: number; total: Group; breakdowns: { by: By; groups: Group[] }[] }
export interface Key { key: string; title: Bilingual | null }
export interface ReportCase {
  id: string; number: string; opened_at: string; outcome: Outcome; closed: boolean; review: string;
  county: Key | null; channel: Key | null; officer: Key | null; form: Key | null; closing_code: Key | null;
  answer_s: number | null; clear_s: number | null; close_s: number | null;
}
export interface Part { text: string; figure?: FigureName; by?: By; key?: string; before?: boolean }
export interface Prose { title: string; paragraphs: { heading: boolean; parts: Part[] }[] }
export interface Year { year: number; zh: Prose; en: Prose; now: Report; before: Report }

/** The cases behind a figure: of all, or of one group. */
export interface Behind { figure: FigureName; by?: By | undefined; key?: string | undefined }

const query = (fields: Record<string, string | undefined>) =>
  new URLSearchParams(Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined)).toString();

export const summaryPath = (range: Range, by: By[], more: Record<string, string> = {}) =>
  `/api/v1/reports/summary?${query({ ...range, ...(by.length > 0 ? { by: by.join(',') } : {}), ...more })}`;
export const casesPath = (range: Range, behind: Behind, cursor?: string) =>
  `/api/v1/reports/cases?${query({ ...range, figure: behind.figure, by: behind.by, key: behind.key, limit: '50', cursor })}`;
export const yearPath = (year: number, format?: string) => `/api/v1/reports/year?${query({ year: String(year), format })}`;

export const loadSummary = (range: Range, by: By[], signal?: AbortSignal) => api.get<Report>(summaryPath(range, by), signal ? { signal } : {});
export const loadCases = (range: Range, behind: Behind, cursor?: string) =>
  api.get<{ items: ReportCase[]; next_cursor: string | null }>(casesPath(range, behind, cursor));
export const loadYear = (year: number) => api.get<Year>(yearPath(year));

export const groupsOf = (report: Report, by: By): Group[] => report.breakdowns.find((one) => one.by === by)?.groups ?? [];
