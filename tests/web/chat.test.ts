// What is written in a call, on one side of it: nothing is lost, nothing is said twice, and what was not read is counted.
import { ApiError } from '@shared/api';
import { Chat, MESSAGE_MAX, cleanText, lengthOf } from '@shared/chat';
import { DESK_PHRASES, DRIVER_PHRASES, newsLine, writerName } from '@shared/chat_messages';
import { lang } from '@shared/i18n';
import { messageMarks } from '@web/audit/marks';
import type { CallMessage, KcEvent } from '@shared/types';

class Store {
  readonly kept = new Map<string, string>();
  getItem = (key: string) => this.kept.get(key) ?? null;
  setItem = (key: string, value: string) => void this.kept.set(key, value);
}

/** The service: takes a key once, and fails while it is told to. */
class Service {
  readonly messages: CallMessage[] = [];
  readonly keys = new Map<string, CallMessage>();
  failing: ApiError | null = null;
  asked: (string | null)[] = [];
  private events = new Set<(event: KcEvent) => void>();
  private connects = new Set<() => void>();
  readonly stream = {
    on: (listener: (event: KcEvent) => void) => { this.events.add(listener); return () => this.events.delete(listener); },
    onConnect: (listener: () => void) => { this.connects.add(listener); return () => this.connects.delete(listener); },
  };
  add(text: string, own = false): CallMessage {
    const n = this.messages.length + 1;
    const one: CallMessage = { id: `m${n}`, from: { kind: own ? 'party' : 'user', label: own ? 'A' : null, name: null, guest_kind: null }, text, own, sent_at: new Date(Date.UTC(2026, 10, 30, 2, 0, n)).toISOString() };
    this.messages.push(one);
    return one;
  }
  tell = () => { for (const one of this.events) one({ type: 'message.sent', seq: '1', case_id: 'c' }); };
  reconnect = () => { for (const one of this.connects) one(); };
  async read(_id: string, after: string | null = null) {
    if (this.failing) throw this.failing;
    this.asked.push(after);
    return this.messages.slice(after ? this.messages.findIndex((one) => one.id === after) + 1 : 0);
  }
  async send(_id: string, text: string, key: string) {
    const message = this.keys.get(key) ?? this.add(text, true);
    this.keys.set(key, message);
    if (this.failing) throw this.failing; // taken, and the answer was lost
    return { message };
  }
}

const settled = () => new Promise((done) => setTimeout(done, 0));
const open = (service: Service, storage: Store | null = new Store(), onNews = (_: CallMessage) => undefined as void) =>
  new Chat({ api: { messages: (...a) => service.read(...a), sendMessage: (...a) => service.send(...a) }, caseId: 'c', events: service.stream, self: 'p', storage, onNews }).start();
const texts = (chat: Chat) => chat.value.messages.map((one) => one.text);

test('what comes is fetched on from the last, told once, and counted until it is looked at', async () => {
  const service = new Service();
  const news: string[] = [];
  service.add('earlier');
  const chat = open(service, new Store(), (one) => { news.push(one.text); });
  await settled();
  expect([texts(chat), chat.unread, news]).toEqual([['earlier'], 1, []]);
  service.add('now');
  service.tell();
  await settled();
  expect([texts(chat), chat.unread, news]).toEqual([['earlier', 'now'], 2, ['now']]);
  expect(service.asked).toEqual([null, 'm1']);
  chat.setOpen(true);
  expect(chat.unread).toBe(0);
  service.add('read at once');
  service.tell();
  await settled();
  expect([chat.unread, news]).toEqual([0, ['now']]);
  chat.setOpen(false);
  chat.stop();
  service.add('nobody listens');
  service.tell();
  await settled();
  expect(texts(chat)).not.toContain('nobody listens');
});

test('of another case nothing is fetched; a connection that is back asks', async () => {
  const service = new Service();
  const chat = open(service);
  await settled();
  service.add('missed');
  service.reconnect();
  await settled();
  expect(texts(chat)).toEqual(['missed']);
});

test('a message that was not answered stays, and is said once when it is sent again', async () => {
  const service = new Service();
  const chat = open(service);
  await settled();
  service.failing = new ApiError(0, { status: 0 });
  chat.setDraft('  我听不见  ');
  await chat.sendDraft();
  expect(chat.value.draft).toBe('');
  expect(chat.value.unsent.map((one) => [one.text, one.state])).toEqual([['我听不见', 'failed']]);
  service.failing = null;
  await chat.sendAgain(chat.value.unsent[0]!.key);
  await settled();
  expect(chat.value.unsent).toEqual([]);
  expect(texts(chat)).toEqual(['我听不见']);
  expect(chat.unread).toBe(0);
});

test('one that was taken stands until the list has it, and those before it too', async () => {
  const service = new Service();
  const chat = open(service);
  await settled();
  service.add('theirs');
  const read = service.read.bind(service);
  service.read = async () => { throw new ApiError(0, { status: 0 }); };
  await chat.say('mine');
  expect([texts(chat), chat.value.unsent.map((one) => one.state)]).toEqual([[], ['sending']]);
  service.read = read;
  service.tell();
  await settled();
  expect([texts(chat), chat.value.unsent]).toEqual([['theirs', 'mine'], []]);
});

test('a reload loses neither what was typed nor what was not sent, nor what was read', async () => {
  const service = new Service();
  const storage = new Store();
  service.add('read');
  const before = open(service, storage);
  await settled();
  before.setOpen(true);
  before.setOpen(false);
  service.failing = new ApiError(0, { status: 0 });
  await before.say('not sent');
  before.setDraft('half a');
  before.stop();
  service.failing = null;
  const after = open(service, storage);
  await settled();
  expect([after.value.draft, after.unread]).toEqual(['half a', 0]);
  expect(after.value.unsent.map((one) => [one.text, one.state])).toEqual([['not sent', 'failed']]);
  await after.sendAgain(after.value.unsent[0]!.key);
  await settled();
  expect(texts(after)).toEqual(['read', 'not sent']);
  const other = new Chat({ api: { messages: (...a) => service.read(...a), sendMessage: (...a) => service.send(...a) }, caseId: 'c', events: service.stream, self: 'q', storage });
  expect(other.value.draft).toBe('');
});

test('what is refused says so and can be dropped; what is empty or too long is not sent', async () => {
  const service = new Service();
  const chat = open(service, null);
  await settled();
  service.failing = new ApiError(409, { status: 409, code: 'wrong-state' });
  await chat.say('late');
  expect((chat.value.unsent[0]!.error as ApiError).status).toBe(409);
  chat.discard(chat.value.unsent[0]!.key);
  expect(chat.value.unsent).toEqual([]);
  for (const draft of ['', ' \n ', '路'.repeat(MESSAGE_MAX + 1)]) {
    chat.setDraft(draft);
    await chat.sendDraft();
    expect(chat.value.unsent).toEqual([]);
    expect(chat.value.draft).toBe(draft);
  }
});

test('characters are counted as people count them, and control characters go', () => {
  expect(lengthOf('🚗路')).toBe(2);
  expect(cleanText(' a\u0007b\r\n\u200dc\u0085 ')).toBe('ab\r\n\u200dc');
});

test('phrases speak both languages and fit; each writer has a name', () => {
  for (const one of [...DRIVER_PHRASES, ...DESK_PHRASES]) {
    expect(one).toMatch(/^.+ \/ .+$/);
    expect(lengthOf(one)).toBeLessThanOrEqual(MESSAGE_MAX);
  }
  const from = { kind: 'party' as const, label: 'B', name: null, guest_kind: null };
  expect(writerName({ from })).toMatch(/乙/);
  expect(newsLine({ from, text: '停' })).toMatch(/乙.*停$/);
  expect(newsLine({ from, text: '停'.repeat(61) })).toMatch(/停{60}…$/);
  lang.set('en');
  expect(writerName({ from })).toMatch(/B/);
  expect(writerName({ from: { kind: 'guest', label: null, name: 'Wang', guest_kind: 'interpreter' } })).toMatch(/.+ Wang$/);
  lang.set('zh-CN');
});

test('each is a mark at its moment', () => {
  const service = new Service();
  const one = service.add('停车');
  expect(messageMarks([one], Date.parse(one.sent_at) - 2500)).toEqual([{ key: 'm1', kind: 'message', atMs: 2500, text: expect.stringContaining('停车') }]);
});
