// The ways to the media workers: behind NAT, through a TURN server, over TCP. In each, two Chromiums that have no other.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fakeDevices } from './lib/media.mjs';
import { keepPeers, moves, person, speaks } from './lib/browser.mjs';
import { Forward, ForwardTcp } from './lib/forward.mjs';
import { probe, Service, patience } from './lib/service.mjs';
import { Client, TurnServer } from './lib/turn.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
const base = 30000 + (process.pid % 100) * 20; // ports of this run

/** The pair of candidates that carries the media of a page: {local, remote}, as getStats has them. */
const pairOf = (page) => page.evaluate(async () => {
  const stats = await window.peers.at(-1).getStats();
  const pair = [...stats.values()].find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded');
  return pair && { local: stats.get(pair.localCandidateId), remote: stats.get(pair.remoteCandidateId) };
});

/** A case with its driver and officer in a call, the pages prepared by `scripts`. */
async function callOf(service, scripts) {
  const opened = await queuedCase(service);
  const people = { officer: await officerAt(service, devices), driver: await person({ devices: devices.driver, phone: true }) };
  for (const one of Object.values(people)) for (const script of scripts) await one.page.addInitScript(script);
  await people.officer.page.reload();
  await people.driver.page.goto(service.url + opened.url);
  await claim(people.officer, opened.id);
  await flowing(people.officer.page, desk.remote);
  await flowing(people.driver.page, phone.remote);
  return { ...people, ...opened, flowed: Date.now() };
}

/** Fails unless picture and sound reach both. */
async function bothWays({ officer, driver }) {
  await Promise.all([[officer, desk.remote], [driver, phone.remote]].map(async ([{ page }, remote]) => {
    await Promise.all([moves(page, remote, { frames: 8, change: 1 }), speaks(page, remote)]);
  }));
}

/** Ends the call, and fails unless both tracks are kept for as long as media flowed, with picture and sound that a player reads. */
async function bothRecorded(service, call) {
  const seconds = (Date.now() - call.flowed) / 1000;
  const token = await service.signIn('auditor');
  for (const { page } of [call.driver, call.officer]) await page.goto('about:blank'); // which hangs up
  const items = await until('both recordings finished', async () => {
    const all = (await service.api('GET', `/api/v1/cases/${call.id}/recordings`, { token })).items;
    return all.length === 2 && all.every((one) => one.status === 'complete') && all;
  });
  for (const { id } of items) {
    const reply = await fetch(`${service.url}/api/v1/recordings/${id}/media`, { headers: { authorization: `Bearer ${token}` } });
    const file = join(service.data, `${id}.webm`);
    writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
    const { duration, streams } = probe(file);
    assert.deepEqual(streams.map((one) => one.codec_name).sort(), ['opus', 'vp8']);
    const packets = streams.map((one) => Number(one.nb_read_packets));
    assert.ok(duration >= seconds && packets.every((count) => count > 5 * seconds / patience), `${duration} s of ${seconds}, ${packets} packets`);
  }
}

const closing = async (...all) => { for (const one of all) await one?.close(); };

describe('behind NAT', () => {
  const inner = { address: '127.0.0.1', port: base }, outer = { address: '127.0.0.2', port: base + 8 };
  let service, call, nat;

  before(async () => {
    nat = await new Forward().start(outer, inner, 2);
    service = await new Service({ args: ['--media-ports', `${inner.port}-${inner.port + 1}`, '--media-offered', `${outer.address}:${outer.port}`] }).start();
  });
  after(async () => {
    await closing(call?.driver, call?.officer);
    await service?.stop();
    nat.stop();
  });

  it('the call goes through the mapped address and port, and no other is told', async () => {
    call = await callOf(service, [keepPeers]);
    for (const { page } of [call.driver, call.officer]) {
      const { remote } = await pairOf(page);
      assert.equal(remote.address, outer.address);
      assert.ok(remote.port === outer.port || remote.port === outer.port + 1, String(remote.port));
      const sdp = await page.evaluate(() => window.peers.at(-1).remoteDescription.sdp);
      assert.ok(!sdp.includes(`${inner.address} ${inner.port}`) && !sdp.includes(`${inner.address} ${inner.port + 1}`), 'what is bound is kept');
    }
    const { in: into, out } = [...nat.packets.values()].reduce((a, b) => ({ in: a.in + b.in, out: a.out + b.out }));
    console.log(`through the mapping: ${into} packets in, ${out} out`);
    assert.ok(into > 100 && out > 100);
  });
});

describe('through a TURN server', () => {
  const port = base + 16;
  let service, call, turn;

  before(async () => {
    turn = await new TurnServer(port, '127.0.0.1').start();
    service = await new Service({ args: ['--turn-uri', `turn:127.0.0.1:${port}?transport=tcp`, '--turn-secret-file', turn.secretFile] }).start();
  });
  after(async () => {
    await closing(call?.driver, call?.officer);
    await service?.stop();
    await turn.stop();
  });

  it('two that have no other way meet: the page asks for the server, and its credentials let it in', async () => {
    call = await callOf(service, [keepPeers, () => { window.forcedConfiguration = { iceTransportPolicy: 'relay' }; }]);
    for (const { page } of [call.driver, call.officer]) {
      const { local, remote } = await pairOf(page);
      assert.deepEqual([local.candidateType, local.relayProtocol, remote.candidateType], ['relay', 'tcp', 'host']);
    }
    await bothWays(call);
  });

  it('and are recorded', () => bothRecorded(service, call));

  it('neither an expired nor a made-up credential is good, and a good one relays to the media address alone', async () => {
    const { ice_servers: [given] } = await service.api('GET', '/api/v1/ice-servers', { token: call.token });
    const now = Math.floor(Date.now() / 1000);
    const ask = async (credentials, ...peers) => {
      const client = new Client(port), said = [await client.allocate(credentials)];
      for (const peer of peers) said.push(await client.permit(credentials, peer));
      client.close();
      return said;
    };
    assert.deepEqual(await ask(given, '127.0.0.1', '127.0.0.2', '10.0.0.1', '198.51.100.1'), [0, 0, 403, 403, 403]);
    assert.deepEqual(await ask(turn.credentials(now - 5)), [401]);
    assert.deepEqual(await ask({ ...given, username: given.username.replace(/^\d+/, String(now + 86400)) }), [401]);
    assert.deepEqual(await ask({ ...given, credential: 'bWFkZSB1cA==' }), [401]);
  });

  it('the secret is in no log and no printed setting', () => {
    assert.ok(!service.log.includes(turn.secret));
  });
});

describe('where UDP is closed', () => {
  const inner = { address: '127.0.0.1', port: base + 4 }, outer = { address: '127.0.0.3', port: base + 12 };
  let service, call, gate;

  before(async () => {
    gate = await new ForwardTcp().start(outer, inner, 2);
    service = await new Service({ args: ['--media-ports', `${inner.port}-${inner.port + 1}`, '--media-offered', `${outer.address}:${outer.port}`] }).start();
  });
  after(async () => {
    await closing(call?.driver, call?.officer);
    await service?.stop();
    gate.stop();
  });

  it('the call goes by TCP, picture and sound both ways', async () => {
    call = await callOf(service, [keepPeers]);
    for (const { page } of [call.driver, call.officer]) {
      const { local, remote } = await pairOf(page);
      assert.deepEqual([local.protocol, remote.protocol, remote.address, remote.tcpType], ['tcp', 'tcp', outer.address, 'passive']);
      assert.ok(remote.port === outer.port || remote.port === outer.port + 1, String(remote.port));
    }
    await bothWays(call);
  });

  it('it is set up as fast as any, and the picture is as wide as by UDP', async () => {
    const took = await Promise.all([call.driver, call.officer].map(({ page }) => page.evaluate(() => window.peers.at(-1).took)));
    const begun = Date.now();
    const width = await until('a picture of 960 or more', async () => {
      const seen = await call.officer.page.locator(desk.remote).evaluate((video) => video.videoWidth);
      return seen >= 960 && seen;
    }, { within: 30000 }); // how soon a browser dares is its own affair, and the machine's
    console.log(`by TCP alone: connected after ${took.join(' and ')} ms, ${width} pixels wide ${Date.now() - begun} ms later`);
    assert.ok(Math.max(...took) < 2000 * patience, `${took} ms`);
  });

  it('a connection that breaks is made again, and the call goes on in the same leg', async () => {
    const legs = async () => (await service.api('GET', `/api/v1/cases/${call.id}/call`, { token: call.token })).participants.map((one) => one.leg_id).sort();
    const before = await legs(), { in: heard } = gate.bytes;
    gate.cut();
    await until('bytes through new connections', () => gate.bytes.in > heard + 50000);
    await flowing(call.officer.page, desk.remote);
    await flowing(call.driver.page, phone.remote);
    assert.deepEqual(await legs(), before);
    for (const { page } of [call.driver, call.officer]) assert.equal(await page.evaluate(() => window.peers.length), 1);
  });

  it('and is recorded', () => bothRecorded(service, call));
});
