// The messages of a call, and the field under them: a log that a screen reader follows, and a field in which Enter sends.
import { useEffect, useRef, useState } from 'preact/hooks';
import { errorText } from '../api';
import { MESSAGE_MAX, cleanText, lengthOf, type Chat, type Unsent } from '../chat';
import { tm, writerName } from '../chat_messages';
import { useLang } from '../i18n';
import { useStore } from '../store';
import { timeOfDay } from '../time';
import { Button, Field } from './index';

/** How near the end of the list still counts as its end. */
const END_PX = 40;

function UnsentItem({ chat, one }: { chat: Chat; one: Unsent }) {
  return (
    <li class="chat__one chat__one--own" data-testid="chat-unsent" data-state={one.state}>
      <p class="chat__text">{one.text}</p>
      {one.state === 'sending' ? <small class="chat__who">{tm('sending')}</small> : (
        <div class="chat__failed" role="alert">
          <small>{tm('failed')}{one.error ? ` · ${errorText(one.error)}` : ''}</small>
          <Button size="s" icon="refresh" testid="chat-again" onClick={() => void chat.sendAgain(one.key)}>{tm('again')}</Button>
          <Button size="s" kind="quiet" testid="chat-drop" onClick={() => chat.discard(one.key)}>{tm('drop')}</Button>
        </div>
      )}
    </li>
  );
}

/** Follows what comes, unless somebody reads further up. */
function List({ chat }: { chat: Chat }) {
  const { messages, unsent } = useStore(chat);
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [later, setLater] = useState(false);
  const toEnd = () => { if (box.current) box.current.scrollTop = box.current.scrollHeight; atEnd.current = true; setLater(false); };
  useEffect(() => {
    if (atEnd.current || messages.at(-1)?.own) toEnd();
    else setLater(true);
  }, [messages.length, unsent.length]);
  const onScroll = () => {
    const list = box.current!;
    atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < END_PX;
    if (atEnd.current) setLater(false);
  };
  return (
    <div class="chat__frame">
      <div ref={box} class="chat__log" role="log" aria-live="polite" aria-label={tm('list')} tabIndex={0} data-testid="chat-log" onScroll={onScroll}>
        {messages.length + unsent.length === 0 && <p class="chat__none">{tm('none')}</p>}
        <ol class="chat__list">
          {messages.map((one) => (
            <li key={one.id} class={`chat__one${one.own ? ' chat__one--own' : ''}`} data-testid="chat-message" data-own={one.own}>
              <small class="chat__who"><b>{one.own ? tm('own') : writerName(one)}</b> <time class="num" dateTime={one.sent_at}>{timeOfDay(one.sent_at)}</time></small>
              <p class="chat__text">{one.text}</p>
            </li>
          ))}
          {unsent.map((one) => <UnsentItem key={one.key} chat={chat} one={one} />)}
        </ol>
      </div>
      {later && <Button size="s" class="chat__later" icon="down" testid="chat-later" onClick={toEnd}>{tm('later')}</Button>}
    </div>
  );
}

function Writing({ chat, autofocus }: { chat: Chat; autofocus: boolean }) {
  const { draft } = useStore(chat);
  const length = lengthOf(cleanText(draft));
  const over = length > MESSAGE_MAX;
  const send = () => void chat.sendDraft();
  const onKey = (event: KeyboardEvent) => {
    // Enter that ends an input method's composition chooses a word; 229 is what older browsers say instead.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  return (
    <form class="chat__form" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Field label={<span class="visually-hidden">{tm('field')}</span>} error={over ? tm('tooLong', { max: MESSAGE_MAX }) : null} class="chat__field"
        hint={<span class="chat__hint"><span>{tm('hint')}</span><span class="num" data-testid="chat-count">{tm('count', { n: length, max: MESSAGE_MAX })}</span></span>}>
        {(a) => <textarea {...a} class="input" rows={2} value={draft} autofocus={autofocus} placeholder={tm('field')} enterkeyhint="send" data-testid="chat-field"
          onInput={(event) => chat.setDraft(event.currentTarget.value)} onKeyDown={onKey} />}
      </Field>
      <Button type="submit" kind="primary" testid="chat-send" disabled={length === 0 || over}>{tm('send')}</Button>
    </form>
  );
}

/** `autofocus`: the field is what one came for; on a phone the keyboard would hide what was written. */
export function ChatPanel({ chat, phrases, autofocus = false }: { chat: Chat; phrases: readonly string[]; autofocus?: boolean }) {
  useLang();
  useEffect(() => { chat.setOpen(true); return () => chat.setOpen(false); }, [chat]);
  return (
    <div class="chat" data-testid="chat">
      <List chat={chat} />
      <div class="chat__phrases" role="group" aria-label={tm('phrases')}>
        {phrases.map((one, index) => <button key={one} type="button" class="chat__phrase" data-testid={`chat-phrase-${index + 1}`} onClick={() => void chat.say(one)}>{one.split(' / ').map((half) => <span key={half}>{half}</span>)}</button>)}
      </div>
      <Writing chat={chat} autofocus={autofocus} />
    </div>
  );
}

/** How many were not read, in words too. */
export function UnreadBadge({ chat }: { chat: Chat }) {
  useStore(chat);
  const { unread } = chat;
  return unread > 0 ? <span class="unread" data-testid="chat-unread"><span aria-hidden="true">{unread > 99 ? '99+' : unread}</span><span class="visually-hidden">{tm('unread', { n: unread })}</span></span> : null;
}
