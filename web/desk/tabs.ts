// The tabs of a case, and which of them a JSON pointer of the draft is filled in on.
export const TABS = ['parties', 'facts', 'liability', 'agreement', 'document'] as const;
export type TabName = (typeof TABS)[number];

export function tabOf(pointer: string): TabName {
  if (/^\/parties\/\d+\/(liability|violations|collision_part)/.test(pointer) || pointer.startsWith('/reasons')) return 'liability';
  return pointer.startsWith('/parties') ? 'parties' : 'facts';
}
