// What a call's figures are is seen: by both people on their own page, by whoever watches /metrics, and by a driver for
// whom there is no room.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('a call is seen', () => {
  let service, officer, driver, second, first;
  const token = () => service.signIn('officer');
  /** /metrics as a map from "name{labels}" to a number. */
  const metrics = async () => new Map((await service.api('GET', '/metrics')).split('\n').filter((line) => line && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
  const media = async (name) => (await metrics()).get(`kuaichu_media_${name}{worker="0"}`);
  const figures = (page, kind) => page.getByTestId(`figures-${kind}`).locator('dl').textContent();

  before(async () => {
    // One worker with room for one call.
    service = await new Service({ port: 19050 + (process.pid % 50), workers: 1, args: ['--media-worker-legs', '2'] }).start();
    officer = await officerAt(service, devices);
    first = await queuedCase(service);
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + first.url);
    await claim(officer, first.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver, second })) if (one) await shot(one.page, `seen-end-${name}`).catch(() => {});
    for (const one of [officer, driver, second]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('the desk has a meter for each side, and by the keyboard the figures behind it, which go on', async () => {
    const { page } = officer;
    for (const id of ['desk-network', 'desk-own-network'])
      await until(`${id} shows bars`, async () => ['1', '2', '3'].includes(await page.getByTestId(id).getAttribute('data-level')));
    assert.match(await page.getByTestId('desk-network').getAttribute('aria-label'), /网络：(良好|一般|较差)/);
    await page.getByTestId('desk-network').focus();
    await page.keyboard.press('Enter');
    const before = await figures(page, 'party');
    assert.match(before, /bit\/s/);
    assert.match(await figures(page, 'user'), /bit\/s/);
    await shot(page, '40-desk-figures');
    await until('the figures change', async () => await figures(page, 'party') !== before);
    await page.keyboard.press('Escape');
    await page.getByTestId('net-figures').waitFor({ state: 'detached' });
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'desk-network');
  });

  it('the driver has one too, small, and the same figures', async () => {
    const { page } = driver;
    await until('the meter shows bars', async () => ['1', '2', '3'].includes(await page.getByTestId('network').getAttribute('data-level')));
    await page.getByTestId('network').click();
    const before = await figures(page, 'party');
    assert.match(before, /bit\/s/);
    await shot(page, '41-driver-figures');
    await until('the figures change', async () => await figures(page, 'party') !== before);
    await page.getByTestId('net-close').click();
    await page.getByTestId('net-figures').waitFor({ state: 'detached' });
    assert.deepEqual([...driver.page.barriers, ...officer.page.barriers], []);
  });

  it('/metrics tells the same of the real traffic, and no counter falls when the worker dies', async () => {
    assert.equal(await media('legs'), 2);
    assert.ok(await media('received_bits_per_second') > 50000);
    assert.ok(await media('open_fds') > 5);
    const counters = ['received_packets_total', 'sent_packets_total', 'received_bytes_total', 'recorded_bytes_total', 'durable_bytes_total', 'transport_cpu_seconds_total'];
    const earlier = await metrics();
    const of = (all, name) => all.get(`kuaichu_media_${name}{worker="0"}`);
    await until('all of them grow', async () => {
      const now = await metrics();
      return counters.every((name) => of(now, name) > of(earlier, name));
    });
    const before = await metrics();
    await service.kill('workers');
    await until('the worker was replaced, and both are back', async () => await media('worker_restarts_total') === 1 && await media('legs') === 2, { within: 20000 });
    const now = await metrics();
    for (const name of counters) assert.ok(of(now, name) >= of(before, name), `${name}: ${of(before, name)}, then ${of(now, name)}`);
  });

  it('the officer asks for a photo, the phone takes it at its full resolution, and the call goes on', async () => {
    await flowing(officer.page, desk.remote);
    const live = () => officer.page.locator(desk.remote).evaluate((video) => ({ frames: video.getVideoPlaybackQuality().totalVideoFrames, width: video.videoWidth }));
    await officer.page.getByTestId('ask-photo').click();
    await officer.page.locator('[data-testid="photo-request"][data-state="pending"]').waitFor();
    await driver.page.getByTestId('photo-asked').waitFor({ timeout: 3000 * patience });
    await shot(driver.page, '43-driver-photo-asked');
    const before = await live();
    await driver.page.getByTestId('photo-take').click();
    await officer.page.locator('[data-testid="photo-request"][data-state="arrived"]').waitFor({ timeout: 15000 * patience });
    await shot(officer.page, '44-desk-photo-arrived');
    const { items } = await service.api('GET', `/api/v1/cases/${first.id}/photo-requests`, { token: await token() });
    const { stills } = await service.api('GET', `/api/v1/cases/${first.id}`, { token: await token() });
    const still = stills.find((one) => one.id === items.at(-1).still_id);
    assert.equal(still.kind, 'photo');
    assert.ok(still.width >= 1280 && still.width >= before.width, `${still.width}, live ${before.width}`);
    await until('the picture goes on', async () => (await live()).frames > before.frames + 10);
  });

  it('a photo that is not wanted, or meets a lost network, ends well', async () => {
    const ask = async () => {
      await officer.page.getByTestId('ask-photo').click();
      await driver.page.getByTestId('photo-asked').waitFor();
    };
    await driver.page.getByTestId('photo-state').waitFor({ state: 'detached' });
    await ask();
    await driver.page.getByTestId('photo-decline').click();
    await officer.page.locator('[data-testid="photo-request"][data-state="declined"]').waitFor();
    await ask();
    await driver.page.route('**/photos**', (route) => route.abort());
    await driver.page.getByTestId('photo-take').click();
    await driver.page.locator('[data-testid="photo-state"][data-step="waiting"]').waitFor();
    assert.equal(await officer.page.getByTestId('photo-request').getAttribute('data-state'), 'pending');
    await driver.page.unroute('**/photos**');
    await officer.page.locator('[data-testid="photo-request"][data-state="arrived"]').waitFor({ timeout: 15000 * patience });
    assert.deepEqual([...driver.page.barriers, ...officer.page.barriers], []);
  });

  it('without room an offer is refused with 503 and Retry-After, the driver is told, and gets in when there is room', async () => {
    const other = await queuedCase(service);
    const colleague = { username: 'wang', password: 'a long enough password', role: 'officer', name: '王', badge_number: '600002' };
    await service.api('POST', '/api/v1/admin/users', { token: await service.signIn('admin'), body: colleague });
    const { token: hers } = await service.api('POST', '/api/v1/sessions', { body: { username: colleague.username, password: colleague.password } });
    await service.api('POST', `/api/v1/cases/${other.id}/claim`, { token: hers, body: {} });
    assert.equal(await media('worker_full'), 1);
    second = await person({ devices: devices.driver, phone: true });
    const refused = second.page.waitForResponse((reply) => reply.url().endsWith('/call') && reply.request().method() === 'POST');
    await second.page.goto(service.url + other.url);
    const reply = await refused;
    assert.equal(reply.status(), 503);
    assert.match(reply.headers()['content-type'], /problem\+json/);
    assert.ok(Number(reply.headers()['retry-after']) >= 1);
    await second.page.getByTestId('reconnecting').getByText('线路已满').waitFor();
    await shot(second.page, '42-driver-lines-full');
    await service.api('POST', `/api/v1/cases/${first.id}/on-scene`, { token: await token(), body: {} });
    await service.api('POST', `/api/v1/cases/${first.id}/close`, { token: await token(), body: { closing_code: '2' } });
    await second.page.locator('[data-testid="call-state"][data-phase="connected"]').waitFor({ timeout: 15000 * patience });
    await second.page.getByTestId('reconnecting').waitFor({ state: 'detached' });
  });
});
