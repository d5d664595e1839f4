// coturn with the packaged settings, on loopback; and a client that asks it for one allocation (RFC 8656) by hand.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packaged = fileURLToPath(new URL('../../../packaging/coturn/turnserver.conf', import.meta.url));

export class TurnServer {
  secret = randomBytes(24).toString('base64');

  /** Relays to `peer` alone. */
  constructor(port, peer) {
    this.port = port;
    this.dir = mkdtempSync(join(tmpdir(), 'kuaichu-turn-'));
    this.secretFile = join(this.dir, 'secret');
    writeFileSync(this.secretFile, `${this.secret}\n`, { mode: 0o600 });
    const here = {
      'listening-ip': '127.0.0.1', 'relay-ip': '127.0.0.1', 'listening-port': port, 'tls-listening-port': port + 1,
      'static-auth-secret': this.secret, 'allowed-peer-ip': peer, 'min-port': 52000, 'max-port': 52999,
    };
    const lines = readFileSync(packaged, 'utf8').split('\n').filter((line) => !/^(cert|pkey|syslog)\b/.test(line)).map((line) => {
      const [key] = line.split('=');
      return key in here ? `${key}=${here[key]}` : line;
    });
    lines.push('no-tls', 'no-dtls', 'allow-loopback-peers', 'log-file=stdout', 'simple-log', 'verbose',
      `pidfile=${join(this.dir, 'pid')}`, `userdb=${join(this.dir, 'turndb')}`);
    this.conf = join(this.dir, 'turnserver.conf');
    writeFileSync(this.conf, lines.join('\n'), { mode: 0o600 });
    this.log = '';
  }

  async start() {
    this.process = spawn('turnserver', ['-c', this.conf], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => { this.log += text; });
    this.exited = once(this.process, 'exit');
    for (let tries = 0; tries < 50; tries += 1) {
      if (this.process.exitCode !== null) break;
      if (await new Client(this.port).alive()) return this;
    }
    throw new Error(`coturn does not answer: ${this.log.slice(-2000)}`);
  }

  credentials(expires, name = 'somebody') {
    const username = `${expires}:${name}`;
    return { username, credential: createHmac('sha1', this.secret).update(username).digest('base64') };
  }

  async stop() {
    if (this.process?.exitCode === null) {
      this.process.kill('SIGTERM');
      await this.exited;
    }
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const METHOD = { binding: 0x001, allocate: 0x003, permit: 0x008 };
const ATTRIBUTE = { username: 0x0006, integrity: 0x0008, error: 0x0009, peer: 0x0012, realm: 0x0014, nonce: 0x0015, transport: 0x0019 };
const COOKIE = 0x2112a442;

const attribute = (type, value) => {
  const bytes = Buffer.from(value), head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([head, bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
};

function attributesOf(reply) {
  const found = new Map();
  for (let at = 20; at + 4 <= reply.length;) {
    const length = reply.readUInt16BE(at + 2);
    found.set(reply.readUInt16BE(at), reply.subarray(at + 4, at + 4 + length));
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return found;
}

export class Client {
  #socket = createSocket('udp4');
  #nonce = null;

  constructor(port) { this.port = port; }

  close() { this.#socket.close(); }

  async #ask(method, attributes, key) {
    const head = Buffer.alloc(20), body = Buffer.concat(attributes);
    head.writeUInt16BE(method, 0);
    head.writeUInt16BE(body.length + (key ? 24 : 0), 2);
    head.writeUInt32BE(COOKIE, 4);
    randomBytes(12).copy(head, 8);
    const plain = Buffer.concat([head, body]);
    const message = key ? Buffer.concat([plain, attribute(ATTRIBUTE.integrity, createHmac('sha1', key).update(plain).digest())]) : plain;
    this.#socket.send(message, this.port, '127.0.0.1');
    const [reply] = await Promise.race([once(this.#socket, 'message'), new Promise((done) => setTimeout(done, 500, [null]))]);
    return reply;
  }

  async alive() {
    const reply = await this.#ask(METHOD.binding, []);
    this.close();
    return reply !== null;
  }

  /** 0 when it was granted, else the error code. */
  async #ordered(method, attributes, { username, credential }) {
    for (let tries = 0; tries < 2; tries += 1) {
      const realm = this.#nonce?.realm ?? Buffer.alloc(0);
      const key = this.#nonce && createHash('md5').update(`${username}:${realm}:${credential}`).digest();
      const proof = this.#nonce ? [attribute(ATTRIBUTE.username, username), attribute(ATTRIBUTE.realm, realm), attribute(ATTRIBUTE.nonce, this.#nonce.nonce)] : [];
      const reply = await this.#ask(method, [...attributes, ...proof], key);
      if (reply === null) return 'silence';
      if ((reply.readUInt16BE(0) & 0x110) === 0x100) return 0;
      const said = attributesOf(reply), error = said.get(ATTRIBUTE.error);
      const code = error[2] * 100 + error[3];
      if (code !== 438 && (this.#nonce || code !== 401)) return code; // else: with the nonce that it tells now
      this.#nonce = { realm: said.get(ATTRIBUTE.realm), nonce: said.get(ATTRIBUTE.nonce) };
    }
    return 401;
  }

  allocate(credentials) { return this.#ordered(METHOD.allocate, [attribute(ATTRIBUTE.transport, [17, 0, 0, 0])], credentials); }

  permit(credentials, address) {
    const plain = Buffer.from([0, 1, 0, 0, ...address.split('.').map(Number)]), mask = Buffer.from([0, 0, 0x21, 0x12, 0x21, 0x12, 0xa4, 0x42]);
    return this.#ordered(METHOD.permit, [attribute(ATTRIBUTE.peer, plain.map((byte, i) => byte ^ mask[i]))], credentials);
  }
}
