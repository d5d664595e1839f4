// What is written in the call, on one side of it. What was said and not yet taken by the service is kept by this window
// until it is: a reload or a lost network costs no word.
//
// Invariants: each text keeps one idempotency key until the service has it, so that sending it again never says it twice; what
// is shown as sent is what the service gave back.
import { ApiError, newKey, type Api } from './api';
import type { EventStream } from './events';
import { Store } from './store';
import type { CallMessage } from './types';

export const MESSAGE_MAX = 500;

/** `id`: the service has it, and it stands here until it is in the list. */
export interface Unsent { key: string; text: string; at: number; state: 'sending' | 'failed'; error: unknown; id: string | null }
export interface ChatState {
  messages: CallMessage[]; unsent: Unsent[]; draft: string;
  /** It is looked at: what comes is read. */
  open: boolean;
  /** The last one of others that was read; null: none. */
  read: string | null;
  loaded: boolean;
}
interface Kept { draft: string; read: string | null; unsent: Pick<Unsent, 'key' | 'text' | 'at'>[] }
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem'>;

/** In characters as people count them; the service counts code points too. */
export const lengthOf = (text: string) => [...text].length;

/** What the service takes: no control characters but line ends, nothing blank around it. */
export const cleanText = (text: string) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '').trim();

export interface ChatOptions {
  api: Pick<Api, 'messages' | 'sendMessage'>; caseId: string; events: Pick<EventStream, 'on' | 'onConnect'>;
  /** Whose words they are: two parties may share a phone. */
  self: string;
  storage?: Storage | null;
  /** Something came while nobody looked. */
  onNews?: (message: CallMessage) => void;
}

export class Chat extends Store<ChatState> {
  private ends: (() => void)[] = [];
  private refreshing: Promise<void> | null = null;
  private again = false;
  private readonly kept: string;

  constructor(private readonly options: ChatOptions) {
    super({ messages: [], unsent: [], draft: '', open: false, read: null, loaded: false });
    this.kept = `kc.chat.${options.caseId}.${options.self}`;
    const kept = this.recall();
    // Whether the last try arrived nobody knows: its key makes another harmless.
    this.patch({ draft: kept.draft, read: kept.read, unsent: kept.unsent.map((one) => ({ ...one, state: 'failed' as const, error: null, id: null })) });
    this.subscribe(() => this.keep());
  }

  start(): this {
    const { events, caseId } = this.options;
    this.ends.push(events.on((event) => { if (event.type === 'message.sent' && event.case_id === caseId) void this.refresh(); }));
    this.ends.push(events.onConnect(() => void this.refresh()));
    void this.refresh();
    return this;
  }

  stop(): void {
    for (const end of this.ends.splice(0)) end();
  }

  /** Fetches what came since; calls while one is under way lead to one more, not to many. */
  refresh(): Promise<void> {
    if (this.refreshing) { this.again = true; return this.refreshing; }
    this.refreshing = this.fetchNew().finally(() => {
      this.refreshing = null;
      if (this.again) { this.again = false; void this.refresh(); }
    });
    return this.refreshing;
  }

  private async fetchNew(): Promise<void> {
    const last = this.value.messages.at(-1)?.id ?? null;
    try {
      const fresh = await this.options.api.messages(this.options.caseId, last);
      this.take(fresh);
    } catch { /* the next event, or the next connection, asks again */ }
  }

  private take(fresh: CallMessage[]): void {
    const known = new Set(this.value.messages.map((one) => one.id));
    const added = fresh.filter((one) => !known.has(one.id));
    const first = !this.value.loaded;
    const messages = [...this.value.messages, ...added];
    const there = new Set(messages.map((one) => one.id));
    this.patch({ messages, loaded: true, unsent: this.value.unsent.filter((one) => one.id === null || !there.has(one.id)) });
    const theirs = added.filter((one) => !one.own);
    if (this.value.open) this.markRead();
    else if (!first) for (const one of theirs) this.options.onNews?.(one);
  }

  get unread(): number {
    const { messages, read } = this.value;
    const at = messages.findIndex((one) => one.id === read);
    return messages.slice(at + 1).filter((one) => !one.own).length;
  }

  setOpen(open: boolean): void {
    this.patch({ open });
    if (open) this.markRead();
  }

  private markRead(): void {
    const last = this.value.messages.at(-1);
    if (last && last.id !== this.value.read) this.patch({ read: last.id });
  }

  setDraft(draft: string): void {
    this.patch({ draft });
  }

  /** What was typed; the field is empty from then on, since the words stand in the list. */
  async sendDraft(): Promise<void> {
    const text = cleanText(this.value.draft);
    if (!text || lengthOf(text) > MESSAGE_MAX) return;
    this.patch({ draft: '' });
    await this.say(text);
  }

  async say(text: string): Promise<void> {
    const one: Unsent = { key: newKey(), text, at: Date.now(), state: 'sending', error: null, id: null };
    this.patch({ unsent: [...this.value.unsent, one] });
    await this.send(one);
  }

  async sendAgain(key: string): Promise<void> {
    const one = this.value.unsent.find((other) => other.key === key);
    if (!one || one.state === 'sending') return;
    this.change(key, { state: 'sending', error: null });
    await this.send(one);
  }

  /** Not to be sent any more. */
  discard(key: string): void {
    this.patch({ unsent: this.value.unsent.filter((one) => one.key !== key) });
  }

  private change(key: string, part: Partial<Unsent>): void {
    this.patch({ unsent: this.value.unsent.map((one) => (one.key === key ? { ...one, ...part } : one)) });
  }

  private async send({ key, text }: Unsent): Promise<void> {
    try {
      const { message } = await this.options.api.sendMessage(this.options.caseId, text, key);
      // Not put into the list by itself: others may have written before it, and would be missed.
      this.change(key, { id: message.id });
      await this.refresh();
    } catch (error) {
      this.change(key, { state: 'failed', error: error instanceof ApiError ? error : null });
    }
  }

  private recall(): Kept {
    const none: Kept = { draft: '', read: null, unsent: [] };
    try {
      return { ...none, ...(JSON.parse(this.storage?.getItem(this.kept) ?? '{}') as Partial<Kept>) };
    } catch {
      return none;
    }
  }

  private keep(): void {
    const { draft, read, unsent } = this.value;
    try {
      this.storage?.setItem(this.kept, JSON.stringify({ draft, read, unsent: unsent.map(({ key, text, at }) => ({ key, text, at })) } satisfies Kept));
    } catch { /* a full or forbidden storage keeps nobody from writing */ }
  }

  private get storage(): Storage | null {
    if (this.options.storage !== undefined) return this.options.storage;
    try { return sessionStorage; } catch { return null; }
  }
}
