// A supervisor listens to a call that runs: hears and sees it, is neither heard, seen nor recorded, and everybody is told.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small, speaks } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { atDesk, claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
/** Three browsers that encode and decode share the machine. */
const SLOW_MS = 60000;
const NOTICE = '[data-testid="listening-notice"]';

describe('announced silent listening', () => {
  let service, officer, supervisor, driver, file, tokens = {};
  const everybody = () => ({ officer, supervisor, driver });
  const legs = async () => (await service.api('GET', `/api/v1/cases/${file.id}/call`, { token: tokens.supervisor })).participants;

  before(async () => {
    service = await new Service({ port: 19760 + (process.pid % 50), workers: 1 }).start();
    for (const name of ['officer', 'supervisor', 'auditor']) tokens[name] = await service.signIn(name);
    file = await queuedCase(service);
    officer = await officerAt(service, devices, { prepare: small });
    await claim(officer, file.id);
    await officer.page.locator(desk.self).waitFor();
    driver = await person({ devices: devices.driver, phone: true });
    await small(driver);
    await driver.page.goto(service.url + file.url);
    await flowing(officer.page, desk.remote, SLOW_MS);
    await flowing(driver.page, phone.remote, SLOW_MS);
    // A browser in which nobody may be asked for a camera or a microphone: whoever listens needs none.
    supervisor = await person({ permissions: [] });
    await supervisor.context.addInitScript(() => {
      window.captures = 0;
      navigator.mediaDevices.getUserMedia = async () => { window.captures += 1; throw new DOMException('no', 'NotAllowedError'); };
    });
    await atDesk(service, supervisor, { username: 'supervisor' });
  });
  after(async () => {
    for (const [name, one] of Object.entries(everybody())) if (one) await shot(one.page, `listen-end-${name}`).catch(() => {});
    for (const one of Object.values(everybody())) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('from the seats page, a supervisor hears and sees both', async () => {
    assert.equal(await driver.page.locator(NOTICE).count(), 0);
    await supervisor.page.getByTestId('listen').click();
    await supervisor.page.locator('[data-testid="listening"][data-phase="connected"]').waitFor({ timeout: SLOW_MS * patience });
    await flowing(supervisor.page, '[data-testid="hear-A"]', SLOW_MS);
    await flowing(supervisor.page, '[data-testid="hear-user"]', SLOW_MS);
    for (const spoken of ['hear-A', 'hear-user']) await speaks(supervisor.page, `[data-testid="${spoken}"]`);
    await shot(supervisor.page, '95-listening');
    await supervisor.page.emulateMedia({ colorScheme: 'dark' });
    await supervisor.page.getByTestId('lang').click();
    await shot(supervisor.page, '96-listening-dark-en');
    await supervisor.page.emulateMedia({ colorScheme: 'light' });
    await supervisor.page.getByTestId('lang').click();
    assert.equal(await supervisor.page.evaluate(() => window.captures), 0);
  });

  it('all in the call are told, for as long as it lasts; their own pictures go on', async () => {
    for (const one of [driver, officer]) await one.page.locator(NOTICE).getByText('督导正在旁听：赵明').waitFor();
    await shot(driver.page, '97-listened-driver');
    await shot(officer.page, '98-listened-officer');
    await driver.page.locator(NOTICE).waitFor();
    assert.equal(await driver.page.getByTestId('officer-name').textContent(), '王建国');
    await flowing(driver.page, phone.remote, SLOW_MS);
    await flowing(officer.page, desk.remote, SLOW_MS);
    assert.equal(await officer.page.locator('.pictures__one').count(), 1);
    assert.equal(await officer.page.getByTestId('desk-recording').getAttribute('data-state'), 'live');
    const boss = (await legs()).find((one) => one.listens);
    assert.deepEqual([boss.name, boss.recording, boss.bitrate_in_bps < 20000], ['赵明', 'stopped', true]);
  });

  it('it ends when the supervisor leaves; nothing of the supervisor was recorded, and the log has both', async () => {
    await supervisor.page.getByTestId('listen-stop').click();
    for (const one of [driver, officer]) await one.page.locator(NOTICE).waitFor({ state: 'detached' });
    await until('two are in the call', async () => (await legs()).length === 2);
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token: tokens.auditor });
    assert.deepEqual(items.map((one) => (one.party_id ? 'party' : one.user_id === undefined ? 'guest' : 'officer')).sort(), ['officer', 'party']);
    const { items: story } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: tokens.auditor });
    const boss = story.filter((one) => one.actor.name === '赵明').map((one) => one.kind);
    assert.deepEqual(boss, ['call.listening', 'call.left']);
    await flowing(driver.page, phone.remote, SLOW_MS);
  });

  it('who is listening when the call ends, has listened to its end', async () => {
    await supervisor.page.getByTestId('listen').click();
    await supervisor.page.locator('[data-testid="listening"][data-phase="connected"]').waitFor({ timeout: SLOW_MS * patience });
    await driver.page.goto(`${service.url}/healthz`); // away from the call
    await officer.page.goto(`${service.url}/healthz`);
    await supervisor.page.getByTestId('listening').waitFor({ state: 'detached', timeout: SLOW_MS * patience });
    await until('nobody is in the call', async () => (await legs()).length === 0);
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of Object.values(everybody())) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
