// A port forwarder as a NAT with a one-to-one mapping has it: datagrams to an outer address and port go to an inner one,
// and what comes back leaves from the outer one.
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';

const bound = async (address, port = 0) => {
  const socket = createSocket('udp4');
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket;
};

export class Forward {
  /** `packets`: how many went in and out, by outer port. */
  packets = new Map();
  #sockets = [];

  /** Maps `count` ports from `outer` = {address, port} to those from `inner`. */
  async start(outer, inner, count) {
    for (let i = 0; i < count; i++) await this.#map(outer.address, outer.port + i, inner.address, inner.port + i);
    return this;
  }

  async #map(address, port, innerAddress, innerPort) {
    const outside = await bound(address, port), flows = new Map(), seen = { in: 0, out: 0 };
    this.packets.set(port, seen);
    this.#sockets.push(outside);
    const flowOf = async (from) => {
      const inside = await bound(innerAddress);
      this.#sockets.push(inside);
      inside.on('message', (data) => { seen.out += 1; outside.send(data, from.port, from.address); });
      return inside;
    };
    outside.on('message', async (data, from) => {
      const name = `${from.address}:${from.port}`;
      if (!flows.has(name)) flows.set(name, flowOf(from));
      seen.in += 1;
      (await flows.get(name)).send(data, innerPort, innerAddress);
    });
  }

  stop() {
    for (const socket of this.#sockets) socket.close();
  }
}

/** The same for connections, with no way by UDP: a network that closes it. */
export class ForwardTcp {
  /** Of the connections that were made. */
  bytes = { in: 0, out: 0 };
  #servers = [];
  #sockets = new Set();

  async start(outer, inner, count) {
    for (let i = 0; i < count; i++) {
      const server = createServer({ noDelay: true }, (outside) => this.#join(outside, inner.address, inner.port + i));
      server.listen(outer.port + i, outer.address);
      await once(server, 'listening');
      this.#servers.push(server);
    }
    return this;
  }

  #join(outside, address, port) {
    const inside = connect({ host: address, port, noDelay: true });
    for (const [from, to, way] of [[outside, inside, 'in'], [inside, outside, 'out']]) {
      this.#sockets.add(from);
      from.on('data', (data) => { this.bytes[way] += data.length; });
      from.on('error', () => to.destroy());
      from.on('close', () => this.#sockets.delete(from));
      from.pipe(to);
    }
  }

  /** Breaks every connection, as a network that is left does. */
  cut() {
    for (const socket of this.#sockets) socket.destroy();
  }

  stop() {
    for (const server of this.#servers) server.close();
    this.cut();
  }
}
