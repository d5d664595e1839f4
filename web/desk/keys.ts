// The keys of the desk, in one table: what listens and what the map shows are the same rows. A component that owns an
// action asks for its key by name; a test holds the table to it that every row is listened for, and nothing else listens.
import { useEffect, useRef } from 'preact/hooks';
import type { KeyWord } from './key_messages';
import type { TabName } from './tabs';

export type KeyGroup = 'groupQueue' | 'groupCall' | 'groupCase' | 'groupDesk';
interface KeyRow { combos: readonly string[]; shown: string; group: KeyGroup; what: KeyWord; /** Of a dialog that is open; the others rest meanwhile. */ dialog?: boolean; /** Where its owner is. */ tab?: TabName }

export const KEYS = {
  claim: { combos: ['a'], shown: 'A', group: 'groupQueue', what: 'claim' },
  decline: { combos: ['d'], shown: 'D', group: 'groupQueue', what: 'decline' },
  inHand: { combos: ['[', ']'], shown: '[ ]', group: 'groupQueue', what: 'inHand' },
  queue: { combos: ['q'], shown: 'Q', group: 'groupQueue', what: 'queue' },

  shot: { combos: ['ArrowLeft', 'ArrowRight'], shown: '← →', group: 'groupCall', what: 'shot' },
  freeze: { combos: [' '], shown: '␣', group: 'groupCall', what: 'freeze' },
  photo: { combos: ['p'], shown: 'P', group: 'groupCall', what: 'photo' },
  clear: { combos: ['e'], shown: 'E', group: 'groupCall', what: 'clear' },
  reason: { combos: ['1', '2', '3', '4', '5', '6'], shown: 'E 1–4', group: 'groupCall', what: 'reason', dialog: true },
  again: { combos: ['e'], shown: 'E E', group: 'groupCall', what: 'again', dialog: true },
  enlarge: { combos: ['1', '2', '3'], shown: '1–3', group: 'groupCall', what: 'enlarge' },
  full: { combos: ['f'], shown: 'F', group: 'groupCall', what: 'full' },
  chat: { combos: ['t'], shown: 'T', group: 'groupCall', what: 'chat' },
  mute: { combos: ['m'], shown: 'M', group: 'groupCall', what: 'mute' },
  camera: { combos: ['c'], shown: 'C', group: 'groupCall', what: 'camera' },
  join: { combos: ['j'], shown: 'J', group: 'groupCall', what: 'join' },
  handOver: { combos: ['h'], shown: 'H', group: 'groupCall', what: 'handOver' },
  release: { combos: ['r'], shown: 'R', group: 'groupCall', what: 'release' },
  scene: { combos: ['o'], shown: 'O', group: 'groupCall', what: 'scene' },

  tabs: { combos: ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4', 'Alt+5'], shown: 'Alt 1–5', group: 'groupCase', what: 'tabs' },
  party: { combos: ['Alt+n'], shown: 'Alt N', group: 'groupCase', what: 'party', tab: 'parties' },
  link: { combos: ['Alt+i'], shown: 'Alt I', group: 'groupCase', what: 'link', tab: 'parties' },
  guest: { combos: ['Alt+g'], shown: 'Alt G', group: 'groupCase', what: 'guest', tab: 'parties' },
  map: { combos: ['Alt+m'], shown: 'Alt M', group: 'groupCase', what: 'map', tab: 'facts' },
  learn: { combos: ['Alt+l'], shown: 'Alt L', group: 'groupCase', what: 'learn' },
  limits: { combos: ['Alt+t'], shown: 'Alt T', group: 'groupCase', what: 'limits' },
  violation: { combos: ['Alt+a', 'Alt+b', 'Alt+c'], shown: 'Alt A B C', group: 'groupCase', what: 'violation', tab: 'liability' },
  split: { combos: ['Alt+u'], shown: 'Alt U', group: 'groupCase', what: 'split', tab: 'liability' },
  ground: { combos: ['Alt+r'], shown: 'Alt R', group: 'groupCase', what: 'ground', tab: 'liability' },
  draft: { combos: ['Alt+d'], shown: 'Alt D', group: 'groupCase', what: 'draft', tab: 'facts' },
  next: { combos: ['Ctrl+Enter'], shown: 'Ctrl ⏎', group: 'groupCase', what: 'next' },

  away: { combos: ['w'], shown: 'W', group: 'groupDesk', what: 'away' },
  sound: { combos: ['s'], shown: 'S', group: 'groupDesk', what: 'sound' },
  language: { combos: ['l'], shown: 'L', group: 'groupDesk', what: 'language' },
  board: { combos: ['b'], shown: 'B', group: 'groupDesk', what: 'board' },
  help: { combos: ['?'], shown: '?', group: 'groupDesk', what: 'help' },
} as const satisfies Record<string, KeyRow>;
export type KeyName = keyof typeof KEYS;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'ctrlKey' | 'metaKey'>;

/** "a", "?", "Alt+u", "Ctrl+Enter". With Alt some layouts give another letter: there the place of the key counts. */
export function comboOf(event: Pressed): string {
  const place = /^(?:Key([A-Z])|Digit(\d))$/.exec(event.code);
  const name = event.altKey && place ? (place[1]?.toLowerCase() ?? place[2]!) : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${name}`;
}

const TYPED_IN = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"], [type="button"])';
/** What the space bar already does something to. */
const PRESSED = 'button, summary, a, input, [role="button"]';

function rests(row: KeyRow, combo: string, event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement;
  if ((document.querySelector('dialog[open]') !== null) !== (row.dialog ?? false)) return true;
  if (combo === ' ' && target.matches?.(PRESSED)) return true;
  return !combo.includes('+') && target.matches?.(TYPED_IN);
}

type Run = (at: number) => void;
const owners = new Map<string, { current: Run | null }[]>();
let toTab: ((tab: TabName, then: () => void) => void) | null = null;

const runOf = (name: string): Run | null => [...(owners.get(name) ?? [])].reverse().find((one) => one.current)?.current ?? null;

function onKey(event: KeyboardEvent): void {
  const combo = comboOf(event);
  for (const [name, row] of Object.entries(KEYS) as [string, KeyRow][]) {
    const at = row.combos.indexOf(combo);
    if (at < 0 || event.defaultPrevented || rests(row, combo, event)) continue;
    const run = runOf(name);
    if (run) run(at);
    else if (row.tab && toTab) toTab(row.tab, () => runOf(name)?.(at));
    else continue;
    event.preventDefault();
  }
}

/** The one listener of the page. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** Runs on the key of that name, with which of its keys it was; null: there is nothing to do now. */
export function useKey(name: KeyName, run: Run | null): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    owners.set(name, [...(owners.get(name) ?? []), latest]);
    return () => { owners.set(name, owners.get(name)!.filter((one) => one !== latest)); };
  }, [name]);
}

/** How to get to the tab of a key whose owner is not on the screen; `then` runs once it is. */
export function useTabs(go: (tab: TabName, then: () => void) => void): void {
  useEffect(() => {
    toTab = go;
    return () => { toTab = null; };
  }, []);
}
