// Four people in one call: two drivers, the officer and an interpreter. Everyone sees and hears the other three, each
// connection by one offer; who leaves and comes back disturbs nobody; each is a track of its own.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { keepPeers, person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, officerAt, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
/** How many remote pictures move and how many remote sounds are heard, in one page. */
const reached = (page) => page.evaluate(async () => {
  const videos = [...document.querySelectorAll('video')].filter((one) => !one.muted && one.srcObject);
  const counts = () => videos.map((one) => one.getVideoPlaybackQuality().totalVideoFrames);
  const context = new AudioContext();
  const ears = videos.map((one) => {
    const audio = one.srcObject.getAudioTracks();
    if (audio.length === 0) return null;
    const ear = context.createAnalyser();
    context.createMediaStreamSource(new MediaStream(audio)).connect(ear);
    return ear;
  });
  const before = counts();
  const loud = videos.map(() => 0);
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((done) => setTimeout(done, 100));
    ears.forEach((ear, index) => {
      if (!ear) return;
      const samples = new Float32Array(ear.fftSize);
      ear.getFloatTimeDomainData(samples);
      loud[index] = Math.max(loud[index], ...samples.map(Math.abs));
    });
  }
  const now = counts();
  await context.close();
  return { seen: now.filter((one, index) => one > before[index] + 2).length, heard: loud.filter((one) => one > 0.01).length };
});

describe('four in a call', () => {
  let service, officer, first, second, guest, file;
  const people = () => ({ officer, first, second, guest });
  const token = () => service.signIn('officer');
  const call = async (as) => service.api('GET', `/api/v1/cases/${file.id}/call`, { token: as ?? await token() });
  const invite = async (body) => service.api('POST', `/api/v1/cases/${file.id}/invitations`, { token: await token(), body });
  const allReach = async (wanted, who = people()) => {
    for (const [name, one] of Object.entries(who)) await until(`${name} sees and hears ${wanted}`, async () => {
      const { seen, heard } = await reached(one.page);
      return seen === wanted && heard === wanted ? true : (() => { throw new Error(`${seen} seen, ${heard} heard`); })();
    }, { within: 45000 });
  };
  const prepared = async (one) => {
    await small(one, { width: 160, height: 90, frameRate: 10 });
    await one.page.addInitScript(keepPeers);
    return one;
  };
  const enter = async (url, options) => {
    const one = await prepared(await person(options));
    await one.page.goto(url);
    return one;
  };
  /**
   * Nobody's coming or going needs another offer, or another connection in place of one that stands. A phone that fell to
   * sound alone, on a machine too slow for its picture, may ask for a new one of its own.
   */
  const standing = async (who) => {
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await service.signIn('auditor') });
    const fell = items.some((one) => one.kind === 'call.mode' && one.data.mode === 'voice');
    for (const [name, { page }] of Object.entries(who)) {
      const peers = await page.evaluate(() => window.peers.map(({ offers, givenUp }) => ({ offers, givenUp })));
      if (fell || peers.length > 1) console.log(`${name} connected in ${peers.length} tries${fell ? ', and a phone fell to sound alone' : ''}`);
      for (const { offers, givenUp } of peers) assert.ok(offers === 1 && (fell || !givenUp), `${name}: ${JSON.stringify(peers)}`);
    }
  };

  before(async () => {
    service = await new Service({ port: 19350 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices, { prepare: prepared });
    await officer.page.getByTestId('queue-count').waitFor();
    file = await queuedCase(service);
    first = await enter(service.url + file.url, { devices: devices.driver, phone: true });
    await claim(officer, file.id);
    const { party } = await service.api('POST', `/api/v1/cases/${file.id}/parties`, { token: await token(), body: { name: '李四', plate_number: '陕HD80116', plate_type: '52' } });
    const b = await invite({ kind: 'party', party_id: party.id });
    second = await enter(`${service.url}/p/${b.token}`, { beside: first, phone: true });
    const wang = await invite({ kind: 'interpreter', name: '王译' });
    guest = await enter(`${service.url}/p/${wang.token}`, { beside: officer, locale: 'en' });
    await guest.page.getByTestId('guest-join').click();
  });
  after(async () => {
    for (const [name, one] of Object.entries(people())) if (one) await shot(one.page, `four-end-${name}`).catch(() => {});
    for (const one of Object.values(people()).reverse()) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('everyone sees and hears the other three, each connection by one offer', async () => {
    await allReach(3);
    await standing(people());
    const { participants, slots } = await call();
    assert.equal(participants.length, 4);
    assert.equal(slots.filter((one) => one.participant_id).length, 3);
    for (const [name, one] of Object.entries(people())) await shot(one.page, `60-four-${name}`);
  });

  it('the officer chooses which picture is large, by click and by key', async () => {
    const large = () => officer.page.locator('[data-large="true"]').getAttribute('data-testid');
    assert.equal(await large(), 'picture-A');
    const told = officer.page.waitForResponse((reply) => reply.url().endsWith('/call/view'));
    await officer.page.locator('[data-testid="picture-interpreter"] [data-testid^="enlarge-"]').click();
    assert.equal((await told).status(), 204);
    assert.equal(await large(), 'picture-interpreter');
    await officer.page.keyboard.press('1');
    await until('another is large', async () => await large() !== 'picture-interpreter');
    await shot(officer.page, '61-four-chosen');
    await allReach(3, { officer });
  });

  it('who leaves is missed by all, and disturbs nobody; who comes back is there again', async () => {
    const toast = officer.page.getByTestId('toast').getByText('翻译 王译 已离开通话').waitFor();
    await guest.page.getByTestId('hang-up').click();
    await toast;
    await allReach(2, { officer, first, second });
    const back = officer.page.getByTestId('toast').getByText('翻译 王译 已加入通话').waitFor();
    await guest.page.getByTestId('guest-join').click();
    await back;
    await allReach(3);
    await standing({ officer, first, second });
  });

  it('each is recorded as a track of its own', async () => {
    await until('all four are being recorded', async () => {
      const recording = (await call()).participants.map((one) => one.recording).join(' ');
      if (recording !== 'live live live live') throw new Error(recording);
      return true;
    });
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token: await token() });
    assert.equal(new Set(items.map((one) => one.party_id ?? one.user_id ?? one.guest_id)).size, 4);
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of Object.values(people())) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
