// Text in the call, on a phone: a button that counts what was not read, and the sheet behind it.
import { useState } from 'preact/hooks';
import type { Chat } from '@shared/chat';
import { DRIVER_PHRASES, newsLine, tm } from '@shared/chat_messages';
import { ts } from '@shared/messages';
import type { CallMessage } from '@shared/types';
import { Button, Dialog, Icon, toast } from '@shared/ui';
import { ChatPanel, UnreadBadge } from '@shared/ui/chat';
import { buzz } from './buzz';

/** Who can't hear feels it, and sees the words. */
export function tellMessage(message: CallMessage): void {
  buzz([80, 60, 80]);
  toast(newsLine(message), null, 8000);
}

/** `strip`: small, above a document; else one of the controls of the call. */
export function TalkButton({ chat, strip }: { chat: Chat; strip?: boolean }) {
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      {strip ? <button type="button" class="strip__talk" data-testid="chat-open" onClick={() => setOpen(true)}><Icon name="chat" size="s" />{tm('open')}<UnreadBadge chat={chat} /></button> : (
        <button type="button" class="control" data-testid="chat-open" aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <span class="control__disc"><Icon name="chat" /><UnreadBadge chat={chat} /></span><span class="control__text">{tm('open')}</span>
        </button>
      )}
      {open && (
        <Dialog sheet title={<span class="talk__head">{tm('title')}<Button kind="quiet" icon="cross" label={ts('close')} testid="chat-close" onClick={close} /></span>} onClose={close} testid="chat-sheet">
          <ChatPanel chat={chat} phrases={DRIVER_PHRASES} />
        </Dialog>
      )}
    </>
  );
}
