// Text in the call, at the desk: a panel beside the picture; what is recorded, and who is seen, stays in sight.
import { useEffect, useRef } from 'preact/hooks';
import type { Chat } from '@shared/chat';
import { DESK_PHRASES, tm } from '@shared/chat_messages';
import { ts } from '@shared/messages';
import { useStore } from '@shared/store';
import { Button, Icon } from '@shared/ui';
import { ChatPanel, UnreadBadge } from '@shared/ui/chat';
import { useKey } from './keys';
import type { Room } from './room';

export function TalkButton({ room, chat }: { room: Room; chat: Chat }) {
  const { talking } = useStore(room);
  const toggle = () => room.patch({ talking: !talking });
  useKey('chat', toggle);
  return (
    <button type="button" class="btn btn--stage" aria-expanded={talking} aria-controls="talk" title={tm('title')} data-testid="chat-open" onClick={toggle}>
      <Icon name="chat" size="s" /><span class="actions__word">{tm('open')}</span><UnreadBadge chat={chat} /><kbd aria-hidden="true">T</kbd>
    </button>
  );
}

export function Talk({ room, chat }: { room: Room; chat: Chat }) {
  const { talking } = useStore(room);
  return talking ? <Panel room={room} chat={chat} /> : null;
}

function Panel({ room, chat }: { room: Room; chat: Chat }) {
  const box = useRef<HTMLElement>(null);
  const close = () => room.patch({ talking: false });
  useEffect(() => {
    box.current?.querySelector('textarea')?.focus();
    return () => { document.querySelector<HTMLElement>('[data-testid="chat-open"]')?.focus(); };
  }, []);
  return (
    <aside ref={box} id="talk" class="talk" aria-label={tm('title')} data-testid="talk" onKeyDown={(event) => { if (event.key === 'Escape' && !event.isComposing) { event.stopPropagation(); close(); } }}>
      <header class="talk__head"><h2>{tm('title')}</h2><Button size="s" kind="quiet" icon="cross" label={ts('close')} testid="chat-close" onClick={close} /></header>
      <ChatPanel chat={chat} phrases={DESK_PHRASES} />
    </aside>
  );
}
