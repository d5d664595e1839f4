// What is being edited: texts beside those of the newest version, of as many files as one likes.
import type { RulesEdit } from './rules_api';

/** `text` null: to be taken out; `was` null: it is new. */
export interface DraftFile { was: string | null; text: string | null }
export type Drafts = Record<string, DraftFile>;

export const isChanged = (file: DraftFile | undefined) => !!file && file.text !== file.was;

export function editsOf(drafts: Drafts): RulesEdit[] {
  return Object.entries(drafts).filter(([, file]) => isChanged(file)).map(([name, file]) => (file.text === null ? { name, remove: true } : { name, text: file.text }));
}

/** The next year's calendar, to be filled in: what it is called, without a day that nobody has decreed. */
export function calendarOf(year: number): string {
  return `{
  "about": "Holidays and make-up days of ${year}. A festival's days are all of those that are off, weekends among them; a make-up day is a weekend that is worked.",
  "year": ${year},
  "kind": "law",
  "legal_basis": "国务院办公厅关于${year}年部分节假日安排的通知",
  "festivals": [
    {"zh": "元旦", "en": "New Year", "from": "${year}-01-01", "to": "${year}-01-01", "make_up": []}
  ]
}
`;
}

/** The year after the last that there is. */
export function nextYear(names: string[]): number {
  const years = names.map((name) => /^calendars\/(\d{4})\.json$/.exec(name)).filter((found) => found !== null).map((found) => Number(found![1]));
  return years.length ? Math.max(...years) + 1 : new Date().getFullYear();
}

/** Where a line begins and ends in a text; lines count from 1. */
export function lineSpan(text: string, line: number): [number, number] {
  let from = 0;
  for (let at = 1; at < line; at += 1) {
    const end = text.indexOf('\n', from);
    if (end < 0) break;
    from = end + 1;
  }
  const to = text.indexOf('\n', from);
  return [from, to < 0 ? text.length : to];
}
