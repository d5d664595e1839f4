// A driver whose uplink carries no picture: the page falls to sound and stills and says so, the desk shows the newest
// still with its age and why, and both climb back by themselves. The media go through the relay of tests/netfault, the
// phone's HTTP is throttled to the same rate.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { listen, moves, person, shot } from './lib/browser.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until, forPurpose } from './lib/flow.mjs';
import { goodNetwork, NetFault } from './lib/netfault.mjs';
import { Service, patience } from './lib/service.mjs';

const devices = fakeDevices();
const KBPS = 80;
const FALLS_WITHIN = 20_000;
const RETURNS_WITHIN = 45_000;

describe('a network that carries only sound', () => {
  const port = 35_000 + (process.pid % 100) * 20;
  const ways = { inner: { address: '127.0.0.1', port }, outer: { address: '127.0.0.2', port: port + 8 } };
  let service, net, officer, driver, auditor, opened;
  const all = () => [driver, officer, auditor].filter(Boolean);
  const token = (name) => service.signIn(name);
  const http = async (kbps) => {
    const throughput = kbps ? kbps * 125 : -1;
    driver.cdp ??= await driver.context.newCDPSession(driver.page);
    // Chromium throttles the media too: a short queue, since that before the relay's line is the one to be tried.
    await driver.cdp.send('Network.emulateNetworkConditions', { offline: false, latency: kbps ? 100 : 0, uploadThroughput: throughput, downloadThroughput: -1, packetQueueLength: 20 });
  };
  const shownStill = () => officer.page.getByTestId('live-still').getAttribute('data-still', { timeout: 1000 });
  const ALL = process.env.KUAICHU_SHOTS === 'all';
  const shots = async (who, { page }, language, schemes) => {
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `60-lowband-${who}-${language}-${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: null });
  };
  /** KUAICHU_SHOTS=all: each page in each language, light and dark. */
  const look = async () => {
    await shots('desk', officer, 'zh-CN', ALL ? ['light', 'dark'] : ['light']);
    await officer.page.getByTestId('lang').first().click();
    await shots('desk', officer, 'en', ALL ? ['light', 'dark'] : ['dark']);
    await officer.page.getByTestId('lang').first().click();
    await shots('driver', driver, 'zh-CN', ALL ? ['light', 'dark'] : ['light']);
    if (!ALL) return;
    for (const language of ['en', 'zh-CN']) {
      await driver.page.goto(`${service.url}${opened.url}?lang=${language}`);
      await driver.page.getByTestId('low-band').waitFor({ timeout: 60_000 * patience });
      if (language === 'en') await shots('driver', driver, 'en', ['light', 'dark']);
    }
    await until('a still after that', shownStill, { within: 20_000 });
  };

  before(async () => {
    net = await new NetFault(ways).start();
    service = await new Service({ port: 18940 + (process.pid % 50), args: net.serviceArgs }).start();
    officer = await officerAt(service, devices);
    await officer.page.getByTestId('username').waitFor({ state: 'detached' });
    await officer.page.addInitScript(...goodNetwork(ways));
    await officer.page.reload();
    opened = await queuedCase(service);
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + opened.url);
    await claim(officer, opened.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
  });
  after(async () => {
    for (const one of all()) await one.close();
    await service?.stop();
    await net?.stop();
  });

  it(`${KBPS} kbit/s: sound, stills with their age, and words on both sides`, async () => {
    await net.set('up', { rate: KBPS });
    await http(KBPS);
    const from = Date.now();
    await driver.page.getByTestId('low-band').waitFor({ timeout: FALLS_WITHIN * patience });
    console.log(`the page fell to sound after ${Date.now() - from} ms`);
    await officer.page.getByTestId('voice-only').waitFor({ timeout: 5000 * patience });
    await officer.page.getByTestId('live-still').waitFor({ timeout: 15_000 * patience });
    console.log(`the first still was shown after ${Date.now() - from} ms`);
    const first = await shownStill();
    await until('another still', async () => (await shownStill()) !== first, { within: 20_000 });
    assert.match(await officer.page.getByTestId('still-age').textContent(), /[0-9]+ 秒前/);
    await until('the voice', async () => (await listen(officer.page, desk.remote)) > 0.005, { within: 10_000 });
    await until('the rhythm is told', async () => /每 [0-9]+ 秒/.test(await officer.page.getByTestId('voice-only').textContent()), { within: 20_000 });
    await look();
  });

  it('what the officer freezes is the still that is shown', async () => {
    const before = await shownStill();
    await officer.page.getByTestId('snapshot').click();
    await officer.page.getByTestId('still').waitFor({ timeout: 5000 * patience });
    const file = await service.api('GET', `/api/v1/cases/${opened.id}`, { token: await token('officer') });
    assert.equal(file.state, 'evidence_fixed');
    assert.equal(file.stills.length, 1);
    assert.ok(Date.parse(file.stills[0].taken_at) >= 0 && file.stills[0].kind === 'photo');
    assert.equal(file.stills[0].id, before);
  });

  it('a page that is loaded again goes on with sound', async () => {
    await driver.page.reload();
    await driver.page.getByTestId('low-band').waitFor();
    await until('the voice', async () => (await listen(officer.page, desk.remote)) > 0.005);
    await officer.page.getByTestId('voice-only').waitFor();
    const last = await shownStill();
    await until('another still', async () => (await shownStill()) !== last, { within: 20_000 });
  });

  it('the limit is lifted: the live picture is back by itself', async () => {
    await net.set('up', { rate: 0 });
    await http(0);
    const from = Date.now();
    await driver.page.getByTestId('low-band').waitFor({ state: 'detached', timeout: RETURNS_WITHIN * patience });
    await driver.page.getByTestId('toast').getByText('实时画面').waitFor({ timeout: 5000 * patience });
    await officer.page.getByTestId('voice-only').waitFor({ state: 'detached', timeout: 5000 * patience });
    await flowing(officer.page, desk.remote);
    console.log(`the live picture was back after ${Date.now() - from} ms`);
    await moves(officer.page, desk.remote, { frames: 8 });
    await shot(officer.page, '61-lowband-back-desk');
    await shot(driver.page, '61-lowband-back-driver');
    const { items } = await service.api('GET', `/api/v1/cases/${opened.id}/timeline`, { token: await token('auditor') });
    assert.deepEqual(items.filter((one) => one.kind === 'call.mode').map((one) => one.data.mode).slice(-2), ['voice', 'video']);
  });

  it('a picture that stands still for another reason is explained too', async () => {
    await driver.page.getByTestId('camera-off').click();
    await officer.page.getByTestId('picture-stalled').getByText('手机没有发送画面').waitFor({ timeout: 8000 * patience });
    await shot(officer.page, '63-desk-stalled');
    await driver.page.getByTestId('camera-off').click();
    await officer.page.getByTestId('picture-stalled').waitFor({ state: 'detached', timeout: 8000 * patience });
  });

  it('replay shows the stills where there was no picture', async () => {
    await service.api('POST', `/api/v1/cases/${opened.id}/on-scene`, { token: await token('officer'), body: {} });
    await service.api('POST', `/api/v1/cases/${opened.id}/close`, { token: await token('officer'), body: { closing_code: '2' } });
    await driver.close();
    await officer.close();
    auditor = await person({});
    const { page } = auditor;
    await page.goto(`${service.url}/audit`);
    await page.getByTestId('username').fill('auditor');
    await page.getByTestId('password').fill('kuaichu-demo');
    await page.getByTestId('sign-in').click();
    await page.locator(`[data-case="${opened.id}"]`).click();
    await forPurpose(page);
    await until('data', () => page.locator('[data-testid="replay-video-A"]').evaluate((video) => video.readyState >= 2));
    const spans = page.getByTestId('lane-voice');
    const at = (edge) => spans.first().evaluate((box, share) => (parseFloat(box.style.left) + parseFloat(box.style.width) * share) / 100, edge);
    const seek = async (share) => {
      await page.evaluate((to) => {
        const scrub = document.querySelector('[data-testid="replay-scrub"]');
        scrub.value = String(Math.round(Number(scrub.max) * to));
        scrub.dispatchEvent(new Event('input', { bubbles: true }));
      }, share);
    };
    await seek(await at(0.7));
    await page.getByTestId('replay-still').waitFor();
    await until('the still is loaded', () => page.getByTestId('replay-still').evaluate((image) => image.complete && image.naturalWidth > 0));
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      await shot(page, `62-lowband-replay-${scheme}`);
    }
    await seek((await at(0)) / 2);
    await page.getByTestId('replay-still').waitFor({ state: 'detached' });
    // It plays over the gap, and the picture that follows.
    await seek(await spans.last().evaluate((box) => (parseFloat(box.style.left) + parseFloat(box.style.width)) / 100) - 0.03);
    await page.getByTestId('replay-play').click();
    await page.getByTestId('replay-still').waitFor({ state: 'detached', timeout: 20_000 * patience });
    await flowing(page, '[data-testid="replay-video-A"]');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of all()) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[49]|ERR_|422/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
