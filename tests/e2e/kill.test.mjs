// kill -9 at every step: what was acknowledged is there, the call comes back by itself, the recording plays.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person } from './lib/browser.mjs';
import { Service, build, patience, probe } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
const KIND = { worker: 'workers', daemon: 'daemon', both: 'both' };

describe('kill -9 in the middle of a call', () => {
  let service, officer, driver, opened;

  before(async () => {
    service = await new Service().start();
    officer = await officerAt(service, devices);
    opened = await queuedCase(service);
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + opened.url);
    await claim(officer, opened.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
  });
  after(async () => {
    await driver?.close();
    await officer?.close();
    await service?.stop();
  });

  const recordings = async () => (await service.api('GET', `/api/v1/cases/${opened.id}/recordings`, { token: await service.signIn('auditor') })).items;

  it('a worker: the call is back within 3 s, as a new segment', async () => {
    await officer.page.waitForTimeout(4000);
    const before = (await recordings()).length;
    await service.kill(KIND.worker);
    const killed = Date.now();
    await until('lost at the desk or already back', async () => (await recordings()).length > before, { within: 5000, every: 50 });
    await flowing(officer.page, desk.remote, 5000);
    await flowing(driver.page, phone.remote, 5000);
    const took = Date.now() - killed;
    console.log(`call back after a dead worker: ${took} ms`);
    assert.ok(took < 3000 * patience, `${took} ms`);
    const parties = (await recordings()).filter((one) => one.party_id === opened.party);
    assert.equal(parties.length, 2);
    assert.deepEqual(parties.map((one) => one.segment).sort(), [1, 2]);
    await until('both first segments recovered', async () => (await recordings()).filter((one) => one.status === 'recovered').length === 2);
    for (const one of (await recordings()).filter((one) => one.status === 'recovered')) {
      const lacking = killed - (Date.parse(one.started_at) + one.duration_ms);
      console.log(`lost with the worker: the last ${lacking} ms of ${one.party_id ? 'the driver' : 'the officer'}`);
      assert.ok(lacking < 1000 * patience, `${lacking} ms`);
    }
  });

  for (const what of ['daemon', 'both'])
    it(`the ${what === 'both' ? 'daemon and its workers' : what}: the call is back within 5 s of the start`, async () => {
      await officer.page.waitForTimeout(3000);
      const still = await service.api('POST', `/api/v1/cases/${opened.id}/snapshots`, { token: await service.signIn('officer'), body: { party_id: opened.party } });
      await service.kill(KIND[what]);
      await service.start();
      const up = Date.now();
      const file = await service.api('GET', `/api/v1/cases/${opened.id}`, { token: await service.signIn('officer') });
      assert.ok(file.stills.some((one) => one.id === still.still.id), 'the acknowledged still is there');
      assert.equal(file.officer.name !== null, true);
      await until('both legs', async () => {
        const status = await service.api('GET', `/api/v1/cases/${opened.id}/call`, { token: await service.signIn('officer') });
        return status.participants.filter((one) => one.media === 'connected').length === 2;
      }, { within: 8000 });
      await flowing(officer.page, desk.remote, 8000);
      await flowing(driver.page, phone.remote, 8000);
      const took = Date.now() - up;
      console.log(`call back after a dead ${what}: ${took} ms`);
      assert.ok(took < 5000 * patience, `${took} ms`);
    });

  it('every finished segment has its duration, its streams and its frames', async () => {
    const token = await service.signIn('auditor');
    const done = (await recordings()).filter((one) => one.status !== 'live');
    assert.ok(done.length >= 4, `${done.length} segments`);
    assert.ok(done.some((one) => one.status === 'recovered'));
    for (const one of done) {
      const reply = await fetch(service.url + one.url, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(reply.status, 200);
      const file = join(service.data, `${one.id}.webm`);
      writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
      const { duration, streams } = probe(file);
      assert.ok(Math.abs(duration * 1000 - one.duration_ms) < 250, `${duration} s, row says ${one.duration_ms} ms`);
      assert.ok(duration > 1.5, `${duration} s`);
      assert.deepEqual(streams.map((stream) => stream.codec_name).sort(), ['opus', 'vp8']);
      const video = streams.find((stream) => stream.codec_name === 'vp8');
      assert.ok(Number(video.nb_read_packets) > duration * 10 / patience, `${video.nb_read_packets} frames in ${duration} s`);
    }
  });

  it('a recovered segment plays and seeks in Chromium', async () => {
    const recovered = (await recordings()).find((one) => one.status === 'recovered' && one.party_id);
    const auditor = await person({});
    await auditor.page.goto(`${service.url}/audit`);
    await auditor.page.getByTestId('username').fill('auditor');
    await auditor.page.getByTestId('password').fill('kuaichu-demo');
    await auditor.page.getByTestId('sign-in').click();
    await auditor.page.getByTestId('audit-result').first().waitFor();
    const seen = await auditor.page.evaluate(async (url) => {
      const video = document.createElement('video');
      video.muted = true;
      video.src = url;
      await new Promise((done, fail) => { video.onloadeddata = done; video.onerror = () => fail(new Error(video.error?.message)); });
      const start = performance.now();
      video.currentTime = video.duration * 0.7;
      await new Promise((done) => { video.onseeked = done; });
      return { duration: video.duration, at: video.currentTime, width: video.videoWidth, took: performance.now() - start };
    }, recovered.url);
    assert.ok(Math.abs(seen.duration * 1000 - recovered.duration_ms) < 250, JSON.stringify(seen));
    assert.ok(seen.width > 0 && Math.abs(seen.at - seen.duration * 0.7) < 0.2, JSON.stringify(seen));
    await auditor.close();
  });
});

// The only worker, so that the call waits for the new one; its faults are in tests/daemon/faulty_worker.c.
describe('a worker that does not die of SIGKILL', () => {
  let service, officer, driver, opened;

  before(async () => {
    const worker = join(build, 'tests/daemon/kuaichu-media-faulty');
    service = await new Service({ port: 18990 + (process.pid % 50), workers: 1, args: ['--media-worker', worker] }).start();
    officer = await officerAt(service, devices);
    opened = await queuedCase(service);
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + opened.url);
    await claim(officer, opened.id);
  });
  after(async () => {
    await driver?.close();
    await officer?.close();
    await service?.stop();
  });

  for (const [what, signal] of [['is stopped', 'SIGSTOP'], ['aborts inside an element', 'SIGUSR1'], ['hangs inside an element', 'SIGUSR2']])
    it(`${what}: the call is back within 3 s`, async () => {
      await flowing(officer.page, desk.remote);
      await flowing(driver.page, phone.remote);
      const [worker] = service.workers();
      const hit = Date.now();
      process.kill(worker, signal);
      await until('another worker', () => { const [now] = service.workers(); return now !== undefined && now !== worker; }, { within: 5000, every: 20 });
      const replaced = Date.now() - hit;
      await flowing(officer.page, desk.remote, 5000);
      await flowing(driver.page, phone.remote, 5000);
      const took = Date.now() - hit;
      console.log(`a worker that ${what}: replaced after ${replaced} ms, call back after ${took} ms`);
      assert.ok(took < 3000 * patience, `${took} ms`);
    });
});

describe('kill -9 at each later step', () => {
  it('keeps what was acknowledged: draft, document, signature, closing', async () => {
    const service = await new Service({ port: 18930 + (process.pid % 50) }).start();
    const officer = await officerAt(service, devices);
    const opened = await queuedCase(service);
    const driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + opened.url);
    await claim(officer, opened.id);
    await flowing(officer.page, desk.remote);
    let token = await service.signIn('officer');
    const get = () => service.api('GET', `/api/v1/cases/${opened.id}`, { token });
    const post = (path, body = {}) => service.api('POST', `/api/v1/cases/${opened.id}${path}`, { token, body });
    const restart = async (what) => {
      await service.kill(what);
      await service.start();
      token = await service.signIn('officer');
    };
    await until('a picture to freeze', () => post('/snapshots', { party_id: opened.party }));
    const second = (await post('/parties', { name: '李四', plate_number: '陕HD80116', plate_type: '52', vehicle_type: 'K3' })).party;
    const file = await get();
    const put = await fetch(`${service.url}/api/v1/cases/${opened.id}/determination`, {
      method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'if-match': `"v${file.version}"` },
      body: JSON.stringify(determination(opened.party, second.id)),
    });
    assert.equal(put.status, 200, await put.text());

    await restart('both');
    assert.equal((await get()).determination.accident_form, '11');
    await until('both recorded again', async () => {
      const status = await service.api('GET', `/api/v1/cases/${opened.id}/call`, { token });
      return status.participants.filter((one) => one.recording === 'live').length === 2;
    }, { within: 15000 });
    const issued = (await post('/determination/issue')).document;

    await restart('daemon');
    assert.equal((await get()).documents[0].sha256, issued.sha256);
    const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await service.api('POST', `/api/v1/cases/${opened.id}/documents/${issued.id}/signatures`,
      { token: opened.token, body: { decision: 'signed', document_sha256: issued.sha256, image_png: png } });

    await restart('both');
    assert.equal((await get()).documents[0].signatures.length, 1);
    await service.api('POST', `/api/v1/cases/${opened.id}/documents/${issued.id}/signatures`,
      { token, body: { decision: 'refused', document_sha256: issued.sha256, party_id: second.id, statement: '当事人拒绝签名' } });
    assert.equal((await get()).state, 'served');
    await post('/close', { closing_code: '4' });

    await restart('daemon');
    assert.equal((await get()).state, 'closed');
    await driver.close();
    await officer.close();
    await service.stop();
  });
});

function determination(a, b) {
  const common = { plate_type: '02', insurer: '人保财险', insurance_certificate: 'PDZA2026610000001', licence_number: '612501199001011239' };
  return {
    occurred_at: new Date(Date.now() - 600000).toISOString(), place_text: '商州区北新街与工农路路口', weather: '1', accident_form: '11', collision_type: '3',
    collision_object: null, facts: '甲方变更车道时与乙方车辆相撞。', cause: '甲方变更车道影响相关车道内行驶的机动车的正常行驶。', injured: 0, damage_cny: 1500,
    parties: [
      { party_id: a, vehicle_type: 'K3', plate_number: '陕H12345', ...common, collision_part: 'front_right', violations: ['LANE_CHANGE'], liability: 'full' },
      { party_id: b, vehicle_type: 'K3', plate_number: '陕HD80116', ...common, plate_type: '52', collision_part: 'rear_left', violations: [], liability: 'none' },
    ],
    reasons: [{ text: '画面显示甲车右前与乙车左后接触。', evidence: [] }],
  };
}
