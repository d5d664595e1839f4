// Words of what is written in a call. A phrase is sent in both languages: nobody knows which one the other reads.
import { catalogue, translator } from './i18n';
import { guestWord } from './people';
import { ts } from './messages';
import { partyMark } from './party';
import type { CallMessage } from './types';

export const chatMessages = catalogue({
  open: '文字', title: '文字消息', unread: '{n} 条未读', list: '消息记录', none: '还没有消息。听不清、说不了时，可以在这里打字，通话中的每个人都看得到，并随案保存。', field: '输入消息', send: '发送', count: '{n}/{max}', tooLong: '最多 {max} 字',
  phrases: '常用语', sending: '发送中', failed: '没有发出', again: '重新发送', drop: '不发了', own: '我', officer: '民警', someone: '参与人', hint: '回车发送，Shift+回车换行', news: '{who}：{text}', later: '下面有新消息',
}, {
  open: 'Text', title: 'Text messages', unread: '{n} unread', list: 'Messages', none: 'Nothing was written yet. If you can’t hear or speak, type here: everybody in the call reads it, and it is kept with the case.', field: 'Your message', send: 'Send', count: '{n}/{max}', tooLong: 'At most {max} characters',
  phrases: 'Phrases', sending: 'Sending', failed: 'Not sent', again: 'Send again', drop: 'Drop it', own: 'Me', officer: 'Officer', someone: 'Participant', hint: 'Enter sends, Shift+Enter breaks the line', news: '{who}: {text}', later: 'New messages below',
});
export type ChatKey = keyof typeof chatMessages.zh;
export const tm = translator(chatMessages);

export const DRIVER_PHRASES = [
  '我听不见，请打字 / I can’t hear, please write', '我说不了话 / I can’t speak', '请稍等 / One moment, please', '请再说一遍 / Please say that again', '好的 / OK', '我没看懂 / I don’t understand',
] as const;
export const DESK_PHRASES = [
  '请稍等 / One moment, please', '您听得见吗？ / Can you hear me?', '请把手机对准车辆 / Please point the phone at the vehicle', '请站到安全的地方 / Please stand where it is safe', '请看屏幕上的文书 / Please read the document on your screen', '请打字回答 / Please answer in writing',
] as const;

const NEWS_CHARS = 60;
/** Who wrote what, in a line: of a long text the beginning. */
export function newsLine(message: Pick<CallMessage, 'from' | 'text'>): string {
  const all = [...message.text];
  return tm('news', { who: writerName(message), text: all.length > NEWS_CHARS ? `${all.slice(0, NEWS_CHARS).join('')}…` : message.text });
}

/** Who wrote it, as everybody in the call is called: 甲方, 警官 and guests by role and name. */
export function writerName({ from }: Pick<CallMessage, 'from'>): string {
  const role = from.kind === 'party' ? ts('roleParty', { label: partyMark(from.label) }) : from.kind === 'guest' ? guestWord(from.guest_kind ?? undefined) : ts('roleOfficer');
  return [role, from.name].filter(Boolean).join(' ');
}
