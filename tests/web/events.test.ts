import { createSseParser, EventStream, type RawEvent } from '@shared/events';
import type { KcEvent } from '@shared/types';

function parse(...chunks: string[]): RawEvent[] {
  const seen: RawEvent[] = [];
  const feed = createSseParser((event) => seen.push(event));
  chunks.forEach(feed);
  return seen;
}

test.each<[string, string[], RawEvent[]]>([
  ['one event', ['id: 1\nevent: a\ndata: {}\n\n'], [{ id: '1', event: 'a', data: '{}' }]],
  ['cut anywhere', ['id: 1\nev', 'ent: a\nda', 'ta: {"x"', ':1}\n', '\n'], [{ id: '1', event: 'a', data: '{"x":1}' }]],
  ['CRLF, also cut between', ['data: a\r', '\n\r', '\ndata: b\r\n\r\n'], [{ id: null, event: 'message', data: 'a' }, { id: null, event: 'message', data: 'b' }]],
  ['heartbeats are swallowed', [': hi\n\n: again\n\n'], []],
  ['several data lines', ['data: a\ndata: b\n\n'], [{ id: null, event: 'message', data: 'a\nb' }]],
  ['the id stays for later events', ['id: 7\ndata: a\n\ndata: b\n\n'], [{ id: '7', event: 'message', data: 'a' }, { id: '7', event: 'message', data: 'b' }]],
  ['an event without data is none', ['event: a\nid: 3\n\n'], []],
  ['a field without a colon, and no blank after one', ['data\n\n', 'data:x\n\n'], [{ id: null, event: 'message', data: '' }, { id: null, event: 'message', data: 'x' }]],
])('%s', (_name, chunks, expected) => expect(parse(...chunks)).toEqual(expected));

test('retry is told', () => {
  let told = 0;
  createSseParser(() => undefined, (ms) => { told = ms; })('retry: 1500\n\n');
  expect(told).toBe(1500);
});

const stream = (...chunks: string[]) => new Response(new ReadableStream({
  start(controller) { for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk)); controller.close(); } }));
const hanging = () => new Response(new ReadableStream({ start() { /* stays open */ } }));

test('a broken stream is lost at once, comes back within a second and resumes after the last id', async () => {
  vi.useFakeTimers();
  const asked: Headers[] = [];
  const answers = [stream('id: 41\nevent: case.updated\ndata: {"type":"case.updated","case_id":"c"}\n\n'), new Error('down'), hanging()];
  const states: string[] = [];
  const events = new EventStream({ credentials: { token: () => 'T' }, fetcher: (async (_url: string, init: RequestInit) => {
    asked.push(new Headers(init.headers));
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  }) as typeof fetch });
  events.state.subscribe((state) => states.push(state));
  const seen: KcEvent[] = [];
  let connections = 0;
  events.on((event) => seen.push(event));
  events.onConnect(() => { connections += 1; });
  events.start();
  await vi.advanceTimersByTimeAsync(10);
  expect(states).toEqual(['open', 'lost']);
  await vi.advanceTimersByTimeAsync(1500);
  expect(states).toEqual(['open', 'lost', 'open']);
  expect(seen).toMatchObject([{ type: 'case.updated', case_id: 'c', seq: '41' }]);
  expect(connections).toBe(2);
  expect(asked[0]!.get('Authorization')).toBe('Bearer T');
  expect(asked[2]!.get('Last-Event-ID')).toBe('41');
  events.stop();
  vi.useRealTimers();
});

test('a refused token ends it', async () => {
  let told = 0;
  const events = new EventStream({ credentials: { token: () => 'x', onUnauthorized: () => { told += 1; } }, fetcher: (async () => new Response(null, { status: 401 })) as typeof fetch });
  events.start();
  await vi.waitFor(() => expect(events.state.value).toBe('refused'));
  expect(told).toBe(1);
  events.stop();
});
