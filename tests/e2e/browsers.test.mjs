// Chromium and Firefox in both roles: each pair makes a call through the real pages, and the recordings are played.
import { mediaAddress } from './lib/netns.mjs';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { artefacts, hear, moves, person, watch } from './lib/browser.mjs';
import { firefox } from './lib/firefox.mjs';
import { Service, probe, patience } from './lib/service.mjs';
import { atDesk, claim, desk, flowing, phone, queuedCase, until } from './lib/flow.mjs';

const HEARD = 0.01, SILENT = 0.001;
const STILL_FRAMES = 2; // a second: with its camera off, Firefox goes on with one black picture
const devices = fakeDevices();
const open = { Chromium: person, Firefox: firefox };
const pairs = [['Chromium', 'Firefox'], ['Firefox', 'Chromium'], ['Firefox', 'Firefox']];

let service;
before(async () => { service = await new Service({ port: 19400 + (process.pid % 50), workers: 1, mediaAddress }).start(); });
after(() => service?.stop());

for (const [driverIn, officerIn] of pairs) describe(`a driver in ${driverIn}, an officer in ${officerIn}`, { timeout: 90000 * patience }, () => {
  let driver, officer, file;
  const token = () => service.signIn('officer');
  const get = async (what) => service.api('GET', `/api/v1/cases/${file.id}${what}`, { token: await token() });
  const recordings = async () => (await get('/recordings')).items;
  /** Both see the other's moving picture, and hear the other; a page that may not play aloud is touched once. */
  const bothWays = () => Promise.all([[officer.page, desk.remote], [driver.page, phone.remote]].map(async ([page, other]) => {
    await until(`sound in ${other}`, async () => {
      if (await page.getByTestId('tap-sound').count()) await page.mouse.click(4, 4); // anywhere will do
      return await hear(page, other) > HEARD;
    }, { within: 15000 });
    await flowing(page, other);
  }));

  before(async () => {
    file = await queuedCase(service);
    [officer, driver] = await Promise.all([open[officerIn]({ devices: devices.officer }), open[driverIn]({ devices: devices.driver, phone: true })]);
    console.log(`driver: ${driver.version}, officer: ${officer.version}`);
    await Promise.all([atDesk(service, officer), driver.page.goto(service.url + file.url)]);
    await claim(officer, file.id);
  });
  after(async () => {
    const name = `browsers-${driverIn}-${officerIn}`.toLowerCase();
    for (const [role, one] of Object.entries({ driver, officer })) await one?.page.screenshot({ path: join(artefacts, `${name}-${role}.png`) }).catch(() => {});
    await Promise.all([driver, officer].map((one) => one?.close().catch(() => {})));
  });

  it('each sees and hears the other', async () => {
    await bothWays();
    const enough = { frames: 10, change: 0.1 };
    await Promise.all([moves(officer.page, desk.remote, enough), moves(driver.page, phone.remote, enough)]);
  });

  it('who mutes is not heard, and is heard again', async () => {
    await Promise.all([[driver, 'mute', officer, desk.remote], [officer, 'desk-mute', driver, phone.remote]].map(async ([from, button, to, at]) => {
      await from.page.getByTestId(button).click();
      await until(`silence after ${button}`, async () => await hear(to.page, at) < SILENT);
      await from.page.getByTestId(button).click();
      await until(`sound after ${button}`, async () => await hear(to.page, at) > HEARD);
    }));
  });

  it('a camera that is closed and opened again is seen again', async () => {
    await driver.page.getByTestId('camera-off').click();
    await until('the picture stands still', async () => (await watch(officer.page, desk.remote)).frames <= STILL_FRAMES);
    await driver.page.getByTestId('camera-off').click();
    await flowing(officer.page, desk.remote);
  });

  it('the officer freezes the picture, as large as it is', async () => {
    await officer.page.getByTestId('snapshot').click();
    await officer.page.getByTestId('still').waitFor();
    const { stills: [still] } = await get('');
    const live = await watch(officer.page, desk.remote);
    assert.ok(still.width >= 320 && still.width / still.height === live.width / live.height, `${still.width}×${still.height}, live ${live.width}×${live.height}`);
    const [{ codec_name: codec, width }] = probe(await kept(still.url, `${still.id}.jpg`)).streams;
    assert.deepEqual({ codec, width }, { codec: 'mjpeg', width: still.width });
  });

  it('whoever reloads the page is back in the call', async () => {
    for (const one of [driver, officer]) {
      const before = (await recordings()).length;
      await one.page.reload();
      await until('a further segment', async () => (await recordings()).length > before);
      await bothWays();
    }
  });

  if (driverIn === officerIn) it('a third person comes through sections that only receive', async () => {
    const { token: link } = await service.api('POST', `/api/v1/cases/${file.id}/invitations`, { token: await token(), body: { kind: 'interpreter', name: '王译' } });
    const guest = await person({ devices: devices.officer });
    try {
      await guest.page.goto(`${service.url}/p/${link}`);
      await guest.page.getByTestId('guest-join').click();
      await Promise.all([[officer.page, '[data-testid="picture-interpreter"] video'], [driver.page, '[data-testid="tile-interpreter"] video']].map(async ([page, other]) => {
        await flowing(page, other);
        await until(`sound in ${other}`, async () => await hear(page, other) > HEARD);
      }));
      await bothWays();
    } finally {
      await guest.close();
    }
  });

  it('all are recorded, whole, and the recordings play', async () => {
    await service.api('POST', `/api/v1/cases/${file.id}/on-scene`, { token: await token(), body: {} });
    await service.api('POST', `/api/v1/cases/${file.id}/close`, { token: await token(), body: { closing_code: '2' } });
    const all = await until('all are finished', async () => { const all = await recordings(); return all.every((one) => one.status === 'complete') && all; });
    assert.equal(all.filter((one) => one.party_id === file.party).length, 2);
    assert.equal(all.filter((one) => one.user_id).length, 2);
    for (const one of all) await plays(one);
    assert.ok(all.every((one) => one.duration_ms > 1500), JSON.stringify(all.map((one) => one.duration_ms)));
  });

  it('no page reported an error', () => {
    for (const one of [driver, officer]) assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
  });

  async function kept(url, name) {
    const reply = await fetch(service.url + url, { headers: { authorization: `Bearer ${await service.signIn('auditor')}` } });
    assert.equal(reply.status, 200);
    const path = join(service.data, name);
    writeFileSync(path, Buffer.from(await reply.arrayBuffer()));
    return path;
  }

  /** It has what its row says, and a decoder finds nothing wrong with it. */
  async function plays(one) {
    const path = await kept(one.url, `${one.id}.webm`), { duration, streams } = probe(path);
    const said = JSON.stringify({ ...one, duration, streams: streams.map((stream) => [stream.codec_name, stream.nb_read_packets]) });
    assert.ok(Math.abs(duration * 1000 - one.duration_ms) < 250, said);
    assert.ok(Math.abs(Date.parse(one.ended_at) - Date.parse(one.started_at) - one.duration_ms) < 1500, said);
    assert.deepEqual(streams.map((stream) => stream.codec_name).sort(), ['opus', 'vp8']);
    const packets = (codec) => Number(streams.find((stream) => stream.codec_name === codec).nb_read_packets);
    assert.ok(packets('opus') > duration * 40, said);
    assert.ok(packets('vp8') > duration * 5 / patience, said);
    // In the file's own time base: rounded to a guessed frame rate, two pictures of a live camera may fall together.
    const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-xerror', '-i', path, '-fps_mode', 'passthrough', '-enc_time_base', '-1', '-f', 'null', '-'], { encoding: 'utf8' });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
  }
});
