// Normal trouble is normal: each of these happens every day at the roadside.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { listen, person, shot, watch } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('normal trouble', () => {
  let service, officer;
  const people = [];
  const driverAt = async (url, options = {}) => {
    const driver = await person({ devices: devices.driver, phone: true, ...options });
    people.push(driver);
    await driver.page.goto(service.url + url);
    return driver;
  };
  const participants = async (id) => (await service.api('GET', `/api/v1/cases/${id}/call`, { token: await service.signIn('officer') })).participants;
  /** A call that runs, with an officer of its own free again. */
  const call = async (options) => {
    const opened = await queuedCase(service);
    const driver = await driverAt(opened.url, options);
    await claim(officer, opened.id);
    return { ...opened, driver };
  };
  const finish = async (id) => {
    await service.api('POST', `/api/v1/cases/${id}/on-scene`, { token: await service.signIn('officer'), body: {} });
    await service.api('POST', `/api/v1/cases/${id}/close`, { token: await service.signIn('officer'), body: { closing_code: '2' } });
  };

  before(async () => {
    service = await new Service({ port: 18990 + (process.pid % 50) }).start();
    officer = await officerAt(service, devices);
  });
  after(async () => {
    for (const one of [...people, officer]) await one?.close();
    await service?.stop();
  });

  it('the driver vanishes: the desk shows it, the same link takes up where it stopped', async () => {
    const { id, url, driver } = await call();
    await flowing(officer.page, desk.remote);
    await driver.close();
    await officer.page.getByTestId('desk-party-gone').waitFor({ timeout: 20000 * patience });
    await shot(officer.page, '30-desk-driver-gone');
    const again = await driverAt(url);
    await flowing(officer.page, desk.remote);
    await flowing(again.page, phone.remote);
    assert.equal((await participants(id)).length, 2);
    await again.close();
    await finish(id);
  });

  it('two tabs on one link: the newer takes over, with a word in the older', async () => {
    const { id, url, driver } = await call();
    await flowing(driver.page, phone.remote);
    const newer = await driver.context.newPage();
    await newer.goto(service.url + url);
    await flowing(newer, phone.remote);
    await driver.page.locator('[data-testid="screen-replaced"], [data-testid="replaced"]').first().waitFor({ timeout: 5000 * patience });
    await shot(driver.page, '31-driver-older-tab');
    await flowing(officer.page, desk.remote);
    assert.equal((await participants(id)).filter((one) => one.kind === 'party').length, 1);
    await driver.close();
    await finish(id);
  });

  it('leave and rejoin', async () => {
    const { id, driver } = await call();
    await flowing(officer.page, desk.remote);
    await driver.page.getByTestId('hang-up').click();
    await driver.page.getByTestId('hang-up-confirm').click();
    await until('the leg has gone', async () => !(await participants(id)).some((one) => one.kind === 'party' && one.media === 'connected'));
    await driver.page.getByTestId('rejoin').click();
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    await driver.close();
    await finish(id);
  });

  it('camera off from the start, then on; and switched', async () => {
    const opened = await queuedCase(service);
    const driver = await driverAt(opened.url);
    await driver.page.getByTestId('camera-off').first().click().catch(() => {});
    await claim(officer, opened.id);
    await flowing(driver.page, phone.remote);
    await until('sound without a picture', async () => (await listen(officer.page, desk.remote)) > 0.005, { within: 15000 });
    await driver.page.getByTestId('camera-off').first().click();
    await flowing(officer.page, desk.remote);
    await driver.page.getByTestId('switch-camera').first().click();
    await driver.page.waitForTimeout(500);
    await flowing(officer.page, desk.remote);
    await driver.close();
    await finish(opened.id);
  });

  it('the picture changes its size in the middle of the call', async () => {
    const { id, driver } = await call();
    await flowing(officer.page, desk.remote);
    const before = await watch(officer.page, desk.remote);
    await driver.page.evaluate(() => {
      const track = document.querySelector('[data-testid="self-video"]').srcObject.getVideoTracks()[0];
      return track.applyConstraints({ width: 320, height: 240 });
    });
    await until('another size at the desk', async () => {
      const now = await watch(officer.page, desk.remote);
      return now.width !== before.width && now.frames > 3;
    }, { within: 20000 });
    const { items } = await service.api('GET', `/api/v1/cases/${id}/recordings`, { token: await service.signIn('auditor') });
    assert.ok(items.every((one) => one.status === 'live'), 'the recording goes on');
    await driver.close();
    await finish(id);
  });

  it('microphone and camera denied: clear advice, and the call still shows and sounds the officer', async () => {
    const opened = await queuedCase(service);
    const driver = await driverAt(opened.url, { permissions: [] });
    await claim(officer, opened.id);
    await flowing(driver.page, phone.remote);
    await driver.page.getByTestId('device-advice').waitFor();
    await shot(driver.page, '32-driver-denied');
    await driver.close();
    await finish(opened.id);
  });

  it('a closed lid at the desk: after it the call is back by itself', async () => {
    const { id, driver } = await call();
    await flowing(officer.page, desk.remote);
    await officer.page.reload();
    await flowing(officer.page, desk.remote);
    await officer.context.setOffline(true);
    await officer.page.getByTestId('connection-lost').waitFor({ timeout: 2500 * patience });
    await shot(officer.page, '33-desk-offline');
    await officer.context.setOffline(false);
    await officer.page.getByTestId('connection-lost').waitFor({ state: 'detached', timeout: 5000 * patience });
    await flowing(officer.page, desk.remote);
    await driver.close();
    await finish(id);
  });

  it('a foreign driver reads English, asks for an officer on the scene; the desk says why and records the outcome', async () => {
    const { id, driver } = await call({ locale: 'fr-FR' });
    await flowing(officer.page, desk.remote);
    await driver.page.getByTestId('send-officer').click();
    await driver.page.getByText('at any time').waitFor();
    await driver.page.getByTestId('send-officer-reason').fill('The other driver threatens me.');
    await shot(driver.page, '34-driver-send-officer');
    await driver.page.getByTestId('send-officer-confirm').click();
    await driver.page.getByTestId('on-scene-title').waitFor();
    await officer.page.getByTestId('scene-banner').getByText('The other driver threatens me.').waitFor({ timeout: 3000 * patience });
    assert.equal(await officer.page.getByTestId('close-case').isDisabled(), true, 'nothing is proposed');
    await officer.page.getByTestId('closing-code').selectOption('4');
    await shot(officer.page, '35-desk-on-scene');
    await officer.page.getByTestId('close-case').click();
    await until('closed', async () => (await service.api('GET', `/api/v1/cases/${id}`, { token: await service.signIn('officer') })).closing_code === '4');
    await driver.close();
  });

  it('no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [...people, officer]) assert.deepEqual(one.page.barriers, []);
  });
});
