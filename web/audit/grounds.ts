// The reasons of a determination, each with the moment of what it rests on. Pure.
import type { Determination, Still } from '@shared/types';
import type { Lane } from './player';

export interface Grounds { key: string; text: string; /** null: it rests on nothing that was recorded. */ atMs: number | null }

export function groundsOf(determination: Determination | null, lanes: Lane[], stills: Still[], originMs: number): Grounds[] {
  const segments = lanes.flatMap((lane) => lane.segments);
  const momentOf = (one: { kind: string; id: string; at_ms?: number | null }): number | null => {
    const segment = segments.find((other) => other.id === one.id);
    if (one.kind === 'recording') return segment ? segment.fromMs + (one.at_ms ?? 0) : null;
    const still = stills.find((other) => other.id === one.id);
    return still ? Math.max(0, Date.parse(still.taken_at) - originMs) : null;
  };
  return (determination?.reasons ?? []).flatMap((reason, n) => {
    const moments = reason.evidence.map(momentOf).filter((ms): ms is number => ms !== null);
    return (moments.length ? moments : [null]).map((atMs, m) => ({ key: `${n}-${m}`, text: reason.text, atMs }));
  });
}
