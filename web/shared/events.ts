// The event stream (text/event-stream) read through fetch, because EventSource can't carry a bearer token. Says "lost"
// at once when the stream breaks and, with a probe, within two seconds when the network just goes silent.
import { Store } from './store';
import type { Credentials } from './api';
import type { KcEvent } from './types';

export interface RawEvent { id: string | null; event: string; data: string }

/** Cuts a byte stream into events; feed it text as it arrives. Comments (heartbeats) are swallowed. */
export function createSseParser(onEvent: (event: RawEvent) => void, onRetry: (ms: number) => void = () => undefined) {
  let buffer = '';
  let id: string | null = null;
  let event = '';
  let data: string[] = [];
  const dispatch = () => {
    if (data.length > 0) onEvent({ id, event: event || 'message', data: data.join('\n') });
    event = '';
    data = [];
  };
  const line = (text: string) => {
    if (text === '') { dispatch(); return; }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
    else if (name === 'retry' && /^\d+$/.test(value)) onRetry(Number(value));
  };
  return (chunk: string) => {
    buffer += chunk;
    for (;;) {
      const match = /\r\n|\n|\r/.exec(buffer);
      if (!match) return;
      // A lone CR at the end may be half of a CRLF: wait for the rest.
      if (match[0] === '\r' && match.index === buffer.length - 1) return;
      line(buffer.slice(0, match.index));
      buffer = buffer.slice(match.index + match[0].length);
    }
  };
}

export type StreamState = 'connecting' | 'open' | 'lost' | 'refused';

export interface EventStreamOptions {
  credentials: Credentials;
  url?: string;
  /** Asks the service every so many ms whether it is there; for desks, where a silent cable must show in 2 s. 0: never. */
  probeMs?: number;
  fetcher?: typeof fetch;
}

const SILENCE_MS = 20000; // the service sends a heartbeat every 15 s
const MAX_WAIT_MS = 1000;

export class EventStream {
  readonly state = new Store<StreamState>('connecting');
  private listeners = new Set<(event: KcEvent) => void>();
  private reconnects = new Set<() => void>();
  private lastId: string | null = null;
  private abort: AbortController | null = null;
  private stopped = false;
  private silence: ReturnType<typeof setTimeout> | undefined;
  private probe: ReturnType<typeof setInterval> | undefined;
  private wake: (() => void) | null = null;

  constructor(private readonly options: EventStreamOptions) {}

  start(): void {
    this.stopped = false;
    if (typeof window !== 'undefined') {
      window.addEventListener('offline', this.onOffline);
      window.addEventListener('online', this.onOnline);
    }
    if (this.options.probeMs) this.probe = setInterval(() => void this.probeOnce(), this.options.probeMs);
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.abort?.abort();
    this.wake?.();
    clearTimeout(this.silence);
    clearInterval(this.probe);
    if (typeof window !== 'undefined') {
      window.removeEventListener('offline', this.onOffline);
      window.removeEventListener('online', this.onOnline);
    }
  }

  on(listener: (event: KcEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Called on every (re)connection: the time to fetch again what may have changed meanwhile. */
  onConnect(listener: () => void): () => void {
    this.reconnects.add(listener);
    return () => this.reconnects.delete(listener);
  }

  private onOffline = () => { this.state.set('lost'); this.abort?.abort(); };
  private onOnline = () => { this.wake?.(); };

  private async probeOnce(): Promise<void> {
    if (this.state.value !== 'open') return;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 1000);
    try {
      await (this.options.fetcher ?? fetch)('/api/v1/config', { method: 'GET', cache: 'no-store', signal: abort.signal });
    } catch {
      this.state.set('lost');
      this.abort?.abort();
    } finally {
      clearTimeout(timer);
    }
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.stopped) {
      const outcome = await this.connectOnce();
      if (this.stopped) return;
      if (outcome === 'refused') { this.state.set('refused'); return; }
      failures = outcome === 'was-open' ? 0 : failures + 1;
      this.state.set('lost');
      await this.pause(Math.min(MAX_WAIT_MS, 200 * 2 ** failures));
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wake = () => { clearTimeout(timer); resolve(); };
    });
  }

  private async connectOnce(): Promise<'was-open' | 'failed' | 'refused'> {
    const abort = new AbortController();
    this.abort = abort;
    const token = this.options.credentials.token();
    const headers: Record<string, string> = { Accept: 'text/event-stream' };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (this.lastId !== null) headers['Last-Event-ID'] = this.lastId;
    let opened = false;
    try {
      const opening = setTimeout(() => abort.abort(), 5000);
      const response = await (this.options.fetcher ?? fetch)(this.options.url ?? '/api/v1/events',
        { headers, signal: abort.signal, cache: 'no-store', credentials: 'same-origin' });
      clearTimeout(opening);
      if (response.status === 401 || response.status === 403) {
        this.options.credentials.onUnauthorized?.();
        return 'refused';
      }
      if (!response.ok || !response.body) return 'failed';
      opened = true;
      this.state.set('open');
      for (const listener of [...this.reconnects]) listener();
      await this.read(response.body.getReader(), abort);
    } catch { /* a broken stream is answered by connecting again */ }
    return opened ? 'was-open' : 'failed';
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>, abort: AbortController): Promise<void> {
    const decoder = new TextDecoder();
    const feed = createSseParser((raw) => this.deliver(raw));
    for (;;) {
      clearTimeout(this.silence);
      this.silence = setTimeout(() => abort.abort(), SILENCE_MS);
      const { done, value } = await reader.read();
      if (done) break;
      feed(decoder.decode(value, { stream: true }));
    }
    clearTimeout(this.silence);
  }

  private deliver(raw: RawEvent): void {
    if (raw.id !== null) this.lastId = raw.id;
    let data: Record<string, unknown> = {};
    try { data = JSON.parse(raw.data) as Record<string, unknown>; } catch { return; }
    const event = { ...data, type: (data.type as string) ?? raw.event, seq: raw.id } as KcEvent;
    for (const listener of [...this.listeners]) listener(event);
  }
}
