// A figure that leads to its cases.
import type { Behind, FigureName } from './api';
import { t, type Key } from './messages';
import { count } from './words';

/** The address of the cases behind a figure; empty: it leads nowhere. */
export type LinkTo = (behind: Behind) => string;

export function Figure({ n, behind, link, what, class: extra, testid }: { n: number; behind: Behind; link: LinkTo; what: string; class?: string; testid?: string }) {
  if (n === 0) return <span class={`num ${extra ?? ''}`} data-testid={testid}>0</span>;
  return <a class={`num figure ${extra ?? ''}`} data-testid={testid} href={link(behind)} aria-label={t('figures', { what, n: count(n) })}>{count(n)}</a>;
}

export const figureName = (figure: FigureName) => t(figure as Key);
