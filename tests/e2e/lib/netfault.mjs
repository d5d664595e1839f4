// A bad network between a browser and the media workers: the suite's relay (tests/netfault), seeded and bounded in time.
//
//   const ways = { inner: { address: '127.0.0.1', port: 41000 }, outer: { address: '127.0.0.2', port: 41008 } };
//   const net = await new NetFault(ways).start();
//   const service = await new Service({ args: net.serviceArgs }).start();
//   await officer.page.addInitScript(...goodNetwork(ways));      // whoever is not to suffer goes past it
//   await net.set('both', { loss: 3, delay: 100 });              // for the `up` way from the browser, `down`, or `both`
//
// Settings: loss %, delay ms, jitter ms, reorder (0, 1), rate kbit/s (0: none), queue ms; those not named stay as they are.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from './service.mjs';

const CLEAR = { loss: 0, delay: 0, jitter: 0, reorder: 0, rate: 0, queue: 300 };

export class NetFault {
  #answers = [];

  constructor({ outer, inner, count = 2, seed = 1, seconds = 600 }) {
    Object.assign(this, { outer, inner, count, seed, seconds });
  }

  /** What the service is started with, so that phones are told the relay's ports. */
  get serviceArgs() {
    const { inner, outer, count } = this;
    return ['--media-ports', `${inner.port}-${inner.port + count - 1}`, '--media-offered', `${outer.address}:${outer.port}`];
  }

  async start() {
    const at = ({ address, port }) => `${address}:${port}`;
    this.process = spawn(join(build, 'tests/netfault/netfault'), ['--outer', at(this.outer), '--inner', at(this.inner),
      '--count', String(this.count), '--seed', String(this.seed), '--seconds', String(this.seconds)], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.exited = new Promise((done) => this.process.once('exit', done));
    this.process.stdin.on('error', () => {}); // it has ended; said where an answer is awaited
    const ready = this.#answer();
    createInterface({ input: this.process.stdout }).on('line', (line) => this.#answers.shift()?.(JSON.parse(line)));
    await ready;
    return this;
  }

  #answer() {
    const ended = this.exited.then((code) => { throw new Error(`netfault ended (${code})`); });
    ended.catch(() => {});
    return Promise.race([new Promise((done) => this.#answers.push(done)), ended]);
  }

  async #command(line) {
    const answer = this.#answer();
    this.process.stdin.write(`${line}\n`);
    const said = await answer;
    if (said.error) throw new Error(`netfault: ${line}: ${said.error}`);
    return said;
  }

  async set(way, settings) {
    const words = Object.entries(settings).map(([name, value]) => `${name}=${Number(value)}`);
    if (words.length > 0) await this.#command(`set ${way} ${words.join(' ')}`);
  }

  clear() { return this.set('both', CLEAR); }

  /** Nothing passes either way from now on for so long; 0 ends it. */
  blackout(ms) { return this.#command(`blackout ${ms}`); }

  /** The browser comes from another port, and address, from now on. */
  rebind(address) { return this.#command(address ? `rebind ${address}` : 'rebind'); }

  /** {up, down: {came, cameBytes, passed, passedBytes, lost, overflowed, blackedOut, longestWaitMs}, flows, rebinds}, since the start. */
  stats() { return this.#command('stats'); }

  async stop() {
    this.process?.stdin.end();
    await this.exited;
  }
}

/** Arguments of addInitScript for a page that goes past the relay: answers name the ports that are bound. */
export const goodNetwork = ({ inner, outer }) => [({ from, to, shift }) => {
  const real = RTCPeerConnection.prototype.setRemoteDescription;
  const candidate = new RegExp(`${from.replaceAll('.', '\\.')} (\\d+) typ`, 'g');
  RTCPeerConnection.prototype.setRemoteDescription = function direct({ type, sdp }) {
    return real.call(this, { type, sdp: sdp.replace(candidate, (_, port) => `${to} ${Number(port) - shift} typ`) });
  };
}, { from: outer.address, to: inner.address, shift: outer.port - inner.port }];
