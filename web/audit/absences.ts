// Where a participant was not recorded, and why. Pure.
import type { TimelineItem } from '@shared/types';
import { tr, type ReplayWord } from './replay_messages';
import type { Lane } from './player';

export interface Absence { fromMs: number; toMs: number; reason: ReplayWord; /** Within a segment: media was lost on the way. */ inside: boolean }

const LEFT: Record<string, ReplayWord> = {
  'hangup': 'leftHangup', 'left': 'leftHangup', 'replaced': 'leftReplaced', 'handed-over': 'leftHandedOver', 'closed': 'leftClosed', 'consent-withdrawn': 'leftConsent',
  'account-disabled': 'leftDisabled',
};
const NEAR_MS = 4000;

/** What the timeline says of the end of a leg at that moment. */
function reasonOfEnd(lane: Lane, endMs: number, recovered: boolean, timeline: TimelineItem[], originMs: number): ReplayWord {
  const near = timeline.filter((item) => Math.abs(Date.parse(item.at) - originMs - endMs) < NEAR_MS);
  if (recovered || near.some((item) => item.kind === 'call.lost')) return 'leftCrash';
  const left = near.find((item) => item.kind === 'call.left' && item.actor.id === lane.key);
  return left ? LEFT[String(left.data.reason)] ?? 'leftNetwork' : 'leftUnknown';
}

/** In order; from the first recorded moment of the case to the last. */
export function absencesOf(lane: Lane, timeline: TimelineItem[], originMs: number, lengthMs: number): Absence[] {
  const found: Absence[] = [];
  let covered = 0;
  let reason: ReplayWord = 'notYetJoined';
  for (const segment of lane.segments) {
    if (segment.fromMs > covered) found.push({ fromMs: covered, toMs: segment.fromMs, reason, inside: false });
    for (const gap of segment.gaps) found.push({ fromMs: segment.fromMs + gap.from_ms, toMs: segment.fromMs + gap.to_ms, reason: 'lostOnTheWay', inside: true });
    covered = Math.max(covered, segment.toMs);
    reason = reasonOfEnd(lane, segment.toMs, segment.recording.status === 'recovered', timeline, originMs);
  }
  if (covered < lengthMs) found.push({ fromMs: covered, toMs: lengthMs, reason, inside: false });
  return found;
}

export const absenceAt = (absences: Absence[], atMs: number): Absence | null => absences.find((one) => atMs >= one.fromMs && atMs < one.toMs) ?? null;

export const reasonText = (absence: Absence) => tr(absence.reason);
