// The ways to the media workers: behind NAT, through a TURN server, over TCP. In each, two Chromiums that have no other.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person } from './lib/browser.mjs';
import { Forward } from './lib/forward.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
const base = 30000 + (process.pid % 100) * 20; // ports of this run

/** Keeps every peer connection of a page where the test finds it. Runs in the page. */
const keepPeers = () => {
  window.peers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(configuration) {
      super({ ...configuration, ...window.forcedConfiguration });
      window.peers.push(this);
    }
  };
};

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
  return { ...people, ...opened };
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
