// Where a participant sent sound alone, and the still that stands for its picture there. Pure.
import type { Still, TimelineItem } from '@shared/types';
import type { Lane } from './player';

export interface VoiceSpan { fromMs: number; toMs: number }

/** By participant, in order. A span ends with the picture's return, or with its leg. */
export function voiceSpans(timeline: TimelineItem[], originMs: number, lengthMs: number): Map<string, VoiceSpan[]> {
  const spans = new Map<string, VoiceSpan[]>();
  const open = new Map<string, { span: VoiceSpan; legId: string }>();
  const end = (key: string, atMs: number) => {
    const one = open.get(key);
    if (one) one.span.toMs = atMs;
    open.delete(key);
  };
  for (const { at, kind, actor, data } of timeline) {
    const atMs = Date.parse(at) - originMs;
    const key = actor.id ?? '';
    if (kind === 'call.mode' && data.mode === 'voice') {
      const span = { fromMs: atMs, toMs: lengthMs };
      spans.set(key, [...spans.get(key) ?? [], span]);
      open.set(key, { span, legId: String(data.leg_id) });
    } else if (kind === 'call.mode' || (kind === 'call.left' && open.get(key)?.legId === data.leg_id)) {
      end(key, atMs);
    } else if (kind === 'call.joined') {
      const one = open.get(key); // a leg that takes over goes on as the older was
      if (one) one.legId = String(data.leg_id);
    } else if (kind === 'call.lost') {
      for (const [who, one] of open) if ((data.leg_ids as string[] | undefined)?.includes(one.legId)) end(who, atMs);
    }
  }
  return spans;
}

/** Of a lane at a moment: whether it had sound alone, and the newest still of that time. */
export function stillAt(lane: Lane, spans: Map<string, VoiceSpan[]>, stills: Still[], originMs: number, atMs: number): { voice: boolean; still: Still | null } {
  const span = spans.get(lane.key)?.find((one) => atMs >= one.fromMs && atMs < one.toMs);
  if (!span) return { voice: false, still: null };
  const taken = (still: Still) => Date.parse(still.taken_at) - originMs;
  const still = stills.filter((one) => one.party_id === lane.key && taken(one) >= span.fromMs - 1000 && taken(one) <= atMs).sort((a, b) => taken(a) - taken(b)).at(-1);
  return { voice: true, still: still ?? null };
}
