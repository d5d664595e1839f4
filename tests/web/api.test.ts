import { Api, ApiError, backoffMs, errorText, newKey, parseProblem, sha256Hex } from '@shared/api';

const reply = (status: number, body: unknown, headers: Record<string, string> = {}) => new Response(body === null ? null : JSON.stringify(body), {
  status, headers: { 'Content-Type': status >= 400 ? 'application/problem+json' : 'application/json', ...headers } });

function stub(...answers: (Response | Error)[]) {
  const calls: { url: string; init: RequestInit }[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    calls.push({ url, init });
    const next = answers.shift()!;
    if (next instanceof Error) throw next;
    return next;
  });
  return calls;
}
const header = (call: { init: RequestInit }, name: string) => (call.init.headers as Record<string, string>)[name];

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); vi.unstubAllGlobals(); });

test('a problem document becomes an ApiError with its fields', async () => {
  stub(reply(422, { title: 'Unprocessable', detail: '有字段错误', errors: [{ pointer: '/party/phone', message: '手机号不对' }] }));
  const error = await new Api().createCase({} as never, 'k').catch((one: unknown) => one) as ApiError;
  expect(error).toBeInstanceOf(ApiError);
  expect(error.status).toBe(422);
  expect(error.field('/party/phone')).toBe('手机号不对');
  expect(error.field('/party/name')).toBeNull();
  expect(errorText(error)).toContain('手机号不对');
});

test.each([
  ['not JSON at all', 'application/problem+json', '<html>'], ['another type', 'text/html', '{"title":"x"}'], ['no type', null, ''],
])('a broken problem body is no second error: %s', (_name, type, body) => expect(parseProblem(500, type, body)).toEqual({ status: 500, title: 'HTTP 500' }));

test('the status of the reply wins over the one in the body', () => expect(parseProblem(409, 'application/problem+json', '{"status":200}').status).toBe(409));

test('a creation is tried again on a dead network with the same key', async () => {
  const calls = stub(new TypeError('failed'), reply(503, { title: 'busy' }, { 'Retry-After': '1' }), reply(201, { ok: true }));
  const done = new Api({ token: () => 'T' }).post('/api/v1/x', { a: 1 });
  await vi.runAllTimersAsync();
  await expect(done).resolves.toEqual({ ok: true });
  expect(calls).toHaveLength(3);
  expect(new Set(calls.map((call) => header(call, 'Idempotency-Key'))).size).toBe(1);
  expect(header(calls[0]!, 'Authorization')).toBe('Bearer T');
});

test('an update carries the version as an ETag', async () => {
  const calls = stub(reply(200, { determination: {}, missing: [] }));
  await new Api().putDetermination('c', {} as never, 7);
  expect(header(calls[0]!, 'If-Match')).toBe('"v7"');
});

test('a refusal is not tried again', async () => {
  const calls = stub(reply(409, { title: 'wrong state', detail: 'closed' }));
  await expect(new Api().claim('c')).rejects.toMatchObject({ status: 409 });
  expect(calls).toHaveLength(1);
});

test('a write without a key is not repeated', async () => {
  const calls = stub(new TypeError('failed'));
  await expect(new Api().signIn('a', 'b')).rejects.toMatchObject({ status: 0, isNetwork: true });
  expect(calls).toHaveLength(1);
});

test('401 tells the page; the cookie brings its CSRF token', async () => {
  let told = 0;
  const calls = stub(reply(401, { title: 'no' }));
  await new Api({ token: () => null, csrf: () => 'C', onUnauthorized: () => { told += 1; } }).claim('c').catch(() => undefined);
  expect(told).toBe(1);
  expect(header(calls[0]!, 'X-CSRF-Token')).toBe('C');
});

test('an offer is posted as SDP and its leg is read from the Location', async () => {
  const calls = stub(new Response('v=0 answer', { status: 201, headers: { Location: '/api/v1/cases/c/call/L1', ETag: '"e"' } }));
  await expect(new Api().offer('c', 'v=0')).resolves.toMatchObject({ sdp: 'v=0 answer', legId: 'L1', location: '/api/v1/cases/c/call/L1' });
  expect(header(calls[0]!, 'Content-Type')).toBe('application/sdp');
});

test('waits grow and stay under four and a half seconds', () => {
  expect(backoffMs(0, 0.5)).toBe(300);
  expect(backoffMs(1, 0.5)).toBe(600);
  expect(backoffMs(20, 1)).toBeLessThanOrEqual(4400);
});

test('keys differ', () => expect(newKey()).not.toBe(newKey()));
test('SHA-256 of nothing', async () => expect(await sha256Hex(new ArrayBuffer(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'));

test('a PDF is asked for as one, with the token of the link', async () => {
  const calls = stub(new Response('%PDF-1.5', { status: 200, headers: { 'Content-Type': 'application/pdf' } }));
  const blob = await new Api({ token: () => 'T' }).documentPdf('c1', 'd1');
  expect(await blob.text()).toBe('%PDF-1.5');
  expect(calls[0]!.url).toBe('/api/v1/cases/c1/documents/d1');
  expect(header(calls[0]!, 'Accept')).toBe('application/pdf');
  expect(header(calls[0]!, 'Authorization')).toBe('Bearer T');
});
