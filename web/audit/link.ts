// The address of a case, and of a moment in it: #case=ID&t=SECONDS. Whoever opens one stands at that moment, paused.
export interface Moment { caseId: string | null; atMs: number | null }

export function momentOf(hash: string): Moment {
  const query = new URLSearchParams(hash.replace(/^#/, ''));
  const seconds = Number(query.get('t') ?? NaN);
  return { caseId: query.get('case'), atMs: Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds * 1000) : null };
}

export const hashOf = (caseId: string, atMs: number) => `#case=${encodeURIComponent(caseId)}&t=${(Math.round(atMs) / 1000).toFixed(3)}`;

/** For a colleague: whole, with the page. */
export const linkTo = (caseId: string, atMs: number) => `${location.origin}${location.pathname}${hashOf(caseId, atMs)}`;
