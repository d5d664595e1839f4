// The real service in a folder of its own: start, kill -9, start again on the same data.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const build = process.env.KUAICHU_BUILD ?? fileURLToPath(new URL('../../../build', import.meta.url));
/**
 * How many times longer than promised a sanitized build may take, in the gate, whose machines are shared and now and then
 * ten times slower than they should be: there a limit only says that something hangs. A build without sanitizers has the
 * promised times, and tests/bench/promises.sh holds it to them.
 */
export const patience = JSON.parse(readFileSync(join(build, 'meson-info/intro-buildoptions.json'), 'utf8'))
  .find((option) => option.name === 'b_sanitize').value.length > 0 ? 8 : 1;

export class Service {
  constructor({ port = 18400 + (process.pid % 500), workers = 2, mediaAddress = '127.0.0.1', args = [] } = {}) {
    this.mediaAddress = mediaAddress;
    this.args = ['--media-workers', String(workers), ...args];
    this.port = port;
    this.data = mkdtempSync(join(tmpdir(), 'kuaichu-e2e-'));
    this.log = '';
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  async start() {
    const args = ['--data', this.data, '--demo', '--listen', `127.0.0.1:${this.port}`, '--media-address', this.mediaAddress, '--media-ports', '40000-40199', ...this.args];
    this.process = spawn(join(build, 'src/daemon/kuaichud'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.process.stderr.on('data', (text) => { this.log += text; });
    this.exited = new Promise((done) => this.process.once('exit', (code, signal) => done({ code, signal })));
    this.closed = new Promise((done) => this.process.once('close', done)); // its workers have ended too
    const lines = createInterface({ input: this.process.stdout });
    const ready = new Promise((done) => lines.on('line', (line) => line.startsWith('kuaichud ready') && done()));
    const early = this.exited.then(({ code, signal }) => { throw new Error(`kuaichud ended (${code ?? signal}): ${this.log.slice(-2000)}`); });
    early.catch(() => {});
    await Promise.race([ready, early]);
    return this;
  }

  /** Process ids of the media workers, children of the daemon. */
  workers() {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return stat.includes('(kuaichu-media') && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === this.process.pid;
      } catch {
        return false;
      }
    });
  }

  /** SIGKILL to the daemon, to its workers, or to both at once. */
  async kill(what = 'daemon') {
    const workers = this.workers();
    if (what !== 'daemon') workers.forEach((pid) => process.kill(pid, 'SIGKILL'));
    if (what === 'workers') return;
    this.process.kill('SIGKILL');
    await this.exited;
  }

  /** Ends it as Ctrl-C does, and keeps its folder for the next start. */
  async halt() {
    this.process.kill('SIGTERM');
    await this.closed;
  }

  /** Ends it as Ctrl-C does. Throws when that failed, or a sanitizer said anything of the daemon or a worker. */
  async stop() {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGTERM');
    const { code, signal } = await this.exited;
    await this.closed;
    if (process.env.KUAICHU_KEEP) writeFileSync(join(this.data, 'daemon.log'), this.log);
    else rmSync(this.data, { recursive: true, force: true });
    const finding = this.log.search(/Sanitizer|runtime error:/);
    if (finding >= 0) throw new Error(`a sanitizer's finding:\n${this.log.slice(Math.max(0, finding - 200), finding + 4000)}`);
    if (code !== 0) throw new Error(`kuaichud ended with ${code ?? signal}:\n${this.log.slice(-2000)}`);
  }

  /** A JSON request; throws on a status that was not expected. */
  async api(method, path, { token, body, expect = [200, 201, 204], headers = {} } = {}) {
    const reply = await fetch(this.url + path, {
      method,
      headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body && { 'content-type': 'application/json' }), ...headers },
      body: body && JSON.stringify(body),
    });
    const text = await reply.text();
    if (!expect.includes(reply.status)) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 500)}`);
    return text && reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text;
  }

  async signIn(username) {
    return (await this.api('POST', '/api/v1/sessions', { body: { username, password: 'kuaichu-demo' } })).token;
  }
}

/** What ffprobe says of a file: {duration, streams, packets}. */
export function probe(file) {
  const show = (...args) => JSON.parse(execFileSync('ffprobe', ['-v', 'error', '-of', 'json', ...args, file], { maxBuffer: 1 << 28 }));
  const { format, streams } = show('-show_format', '-show_streams', '-count_packets');
  return { duration: Number(format.duration), streams };
}
