// The keys of the replay, in one table: what listens and what the map shows are the same rows.
import { useEffect, useRef } from 'preact/hooks';
import type { ReplayWord } from './replay_messages';

interface KeyRow { keys: readonly string[]; shown: string; group: 'groupTime' | 'groupView'; what: ReplayWord }

export const KEYS = {
  play: { keys: [' ', 'k'], shown: '␣ K', group: 'groupTime', what: 'keyPlay' },
  small: { keys: ['ArrowLeft', 'ArrowRight'], shown: '← →', group: 'groupTime', what: 'keySmall' },
  large: { keys: ['j', 'l'], shown: 'J L', group: 'groupTime', what: 'keyLarge' },
  frame: { keys: [',', '.'], shown: ', .', group: 'groupTime', what: 'keyFrame' },
  mark: { keys: ['p', 'n'], shown: 'P N', group: 'groupTime', what: 'keyMark' },
  ends: { keys: ['Home', 'End'], shown: 'Home End', group: 'groupTime', what: 'keyEnds' },
  speed: { keys: ['[', ']'], shown: '[ ]', group: 'groupTime', what: 'keySpeed' },
  normal: { keys: ['\\'], shown: '\\', group: 'groupTime', what: 'keyNormal' },
  enlarge: { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], shown: '1–9', group: 'groupView', what: 'keyEnlarge' },
  full: { keys: ['f'], shown: 'F', group: 'groupView', what: 'keyFull' },
  mute: { keys: ['m'], shown: 'M', group: 'groupView', what: 'keyMute' },
  copy: { keys: ['c'], shown: 'C', group: 'groupView', what: 'keyCopy' },
  help: { keys: ['?'], shown: '?', group: 'groupView', what: 'keyHelp' },
} as const satisfies Record<string, KeyRow>;
export type KeyName = keyof typeof KEYS;
export type Runs = { [name in KeyName]: (at: number) => void };

const TYPED_IN = 'textarea, select, [contenteditable], input:not([type="range"], [type="checkbox"], [type="radio"], [type="button"])';
/** What the space bar already does something to. */
const PRESSED = 'button, summary, a, input:not([type="range"])';

/** The row and which of its keys it was; null where the key is somebody else's. */
export function keyOf(event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>, target: Element | null): { name: KeyName; at: number } | null {
  if (event.ctrlKey || event.metaKey || event.altKey || target?.matches(TYPED_IN)) return null;
  if (event.key === ' ' && target?.matches(PRESSED)) return null;
  const pressed = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  for (const [name, row] of Object.entries(KEYS) as [KeyName, KeyRow][]) {
    const at = row.keys.indexOf(pressed);
    if (at >= 0) return { name, at };
  }
  return null;
}

/** The one listener of the replay; it rests while a dialog is open. */
export function useKeys(runs: Runs): void {
  const latest = useRef(runs);
  latest.current = runs;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const found = event.defaultPrevented || document.querySelector('dialog[open]') ? null : keyOf(event, event.target as Element | null);
      if (!found) return;
      event.preventDefault();
      latest.current[found.name](found.at);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
