// Deadlines as people read them: the last day in words, what is left of it, how urgent it is, whose it is.
import { ts } from './messages';
import { dayInWords } from './time';
import { partyMark } from './party';
import type { Deadline, Party } from './types';

export const isOver = (one: Deadline) => one.ended_at !== null;
/** Of a right that has run out nothing is left to do; a duty that has run out still has to be done. */
const isDuty = (one: Deadline) => one.bound === 'unit' || one.bound === 'higher_unit';

export function toneOf(one: Deadline): 'ok' | 'warn' | 'bad' | undefined {
  if (isOver(one)) return one.state === 'ended_late' ? 'warn' : 'ok';
  if (one.state === 'past') return isDuty(one) ? 'bad' : undefined;
  return one.state === 'due_soon' ? 'warn' : undefined;
}

/** "3 working days left", "today is the last day", "the time is over". */
export function leftText(one: Deadline): string {
  if (one.state === 'ended') return ts('limitDone');
  if (one.state === 'ended_late') return ts('limitDoneLate');
  if (one.unit === 'at_once') return ts(one.days_left < 0 ? 'limitAtOnceLate' : 'limitAtOnce');
  if (one.days_left === 0) return ts('limitToday');
  const working = one.unit === 'working_day';
  if (one.days_left > 0) {
    if (one.days_left === 1) return ts(working ? 'limitLeftWorkingOne' : 'limitLeftOne');
    return ts(working ? 'limitLeftWorking' : 'limitLeft', { n: one.days_left });
  }
  return ts(isDuty(one) ? 'limitOverdue' : 'limitOver');
}

export const dueText = (one: Deadline) => dayInWords(one.due_on);

/** What is the same for several parties is one line, with all of their names. */
export interface Limit { deadline: Deadline; whose: string }
export function limitsOf(deadlines: Deadline[], parties: Party[]): Limit[] {
  const lines = new Map<string, { deadline: Deadline; of: Set<string> }>();
  for (const one of deadlines) {
    const key = [one.code, one.due_on, one.state, one.party_id ? '' : one.started_at].join(' ');
    const line = lines.get(key) ?? { deadline: one, of: new Set() };
    if (one.party_id) line.of.add(one.party_id);
    lines.set(key, line);
  }
  const name = (party: Party) => ts('roleParty', { label: partyMark(party.label) });
  return [...lines.values()].map(({ deadline, of }) => ({ deadline, whose: parties.filter((party) => of.has(party.id)).map(name).join(' ') }));
}
