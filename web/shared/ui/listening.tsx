// The standing notice that a supervisor hears and sees the call: for as long as it is so, on the page of everybody in it.
import type { Call } from '../call';
import { ts } from '../messages';
import { useStore } from '../store';
import { Icon } from './icons';

export function ListeningNotice({ call, class: extra }: { call: Call; class?: string }) {
  const { listeners } = useStore(call);
  if (listeners.length === 0) return null;
  return <p class={`listening ${extra ?? ''}`} role="status" data-testid="listening-notice"><Icon name="sound" size="s" />{ts('listening', { who: listeners.map((one) => one.name).join('、') })}</p>;
}
