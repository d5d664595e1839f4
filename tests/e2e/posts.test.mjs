// Two posts: one who guides and collects, one who determines (Order 146, art. 5), and a case that goes from the one to the
// other while its call and its recording run on.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { moves, person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, complaints, desk, flowing, officerAt, phone, queuedCase, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();
const SLOW_MS = 60000;

describe('two posts', () => {
  let service, intake, officer, driver, file;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const legs = async () => (await service.api('GET', `/api/v1/cases/${file.id}/call`, { token: await service.signIn('supervisor') })).participants;
  const asIntake = async (method, path, expect, body) => service.api(method, `/api/v1/cases/${file.id}${path}`, { token: await service.signIn('intake'), body, expect });

  before(async () => {
    service = await new Service({ port: 19850 + (process.pid % 50), workers: 1 }).start();
    intake = await officerAt(service, devices, { username: 'intake', prepare: small });
    driver = await person({ devices: devices.driver, phone: true });
    await small(driver);
    file = await queuedCase(service);
    await driver.page.goto(service.url + file.url);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ intake, officer, driver })) if (one) await shot(one.page, `posts-end-${name}`).catch(() => {});
    for (const one of [intake, officer, driver]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('the intake operator claims, freezes the shots and takes down the parties', async () => {
    await claim(intake, file.id);
    await flowing(intake.page, desk.remote, SLOW_MS);
    await flowing(driver.page, phone.remote, SLOW_MS);
    for (let taken = 1; taken <= 3; taken++) {
      await intake.page.keyboard.press('Space');
      await until(`still ${taken}`, async () => await intake.page.getByTestId('still').count() === taken);
    }
    await intake.page.getByTestId('party-form-A').getByTestId('vehicle-type').selectOption('K3');
    await until('it saved itself', async () => (await asIntake('GET', '', [200])).parties[0].vehicle_type === 'K3');
    await tap(intake, 'add-party');
    const form = intake.page.getByTestId('new-party');
    await form.getByTestId('name').fill('李四');
    await form.getByTestId('plate').fill('陕HD80116');
    await form.getByTestId('save-party').click();
    await intake.page.getByTestId('party-B').waitFor();
  });

  it('but does not determine: the screen says so, and the service refuses', async () => {
    await intake.page.getByTestId('collects-only').waitFor();
    assert.equal(await intake.page.getByTestId('issue').count(), 0);
    assert.equal(await intake.page.getByTestId('evacuate').isDisabled(), true);
    await shots(intake, '130-desk-intake');
    for (const [method, path, body] of [['PUT', '/determination', {}], ['POST', '/determination/issue'], ['POST', '/evacuate']]) await asIntake(method, path, [403], body);
  });

  it('handed over in the running call: the officer comes, the operator goes, pictures flow and the recording goes on', async () => {
    officer = await officerAt(service, devices, { prepare: small });
    const before = (await legs()).find((one) => one.kind === 'party');
    assert.equal(before.recording, 'live');
    await tap(intake, 'hand-over');
    const first = intake.page.getByTestId('colleague').first();
    await first.getByText('定责岗').waitFor(); // who may determine comes first
    await shot(intake.page, '131-intake-hand-over');
    await first.getByTestId('ask-colleague').click();
    await officer.page.getByTestId('offer').waitFor();
    await moves(driver.page, phone.remote, { frames: 4 }); // the driver still sees the operator
    await officer.page.keyboard.press('a');
    await flowing(officer.page, desk.remote, SLOW_MS);
    await until('the operator has left', async () => (await legs()).filter((one) => one.kind === 'user').length === 1);
    await intake.page.locator(desk.self).waitFor({ state: 'detached' });
    await flowing(driver.page, phone.remote, SLOW_MS);
    const leg = (await legs()).find((one) => one.kind === 'party');
    assert.equal(leg.leg_id, before.leg_id, 'the driver was not connected anew');
    assert.equal(leg.recording, 'live');
    await until('it is still being recorded', async () => (await legs()).find((one) => one.kind === 'party').recorded_bytes > leg.recorded_bytes);
    await shot(officer.page, '132-officer-taken-over');
  });

  it('the officer goes on where the operator stopped: stills and parties are there, and the road is cleared', async () => {
    assert.equal(await officer.page.getByTestId('still').count(), 3);
    await officer.page.getByTestId('party-B').waitFor();
    assert.equal(await officer.page.getByTestId('collects-only').count(), 0);
    await officer.page.getByTestId('issue').waitFor();
    await officer.page.keyboard.press('e');
    await driver.page.getByTestId('evacuate-screen').waitFor();
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await service.signIn('supervisor') });
    const recordings = items.filter((one) => one.kind === 'recording.finished' && one.data.party_id === file.party);
    assert.deepEqual(recordings, [], 'the driver’s track was not broken off');
    await service.api('POST', `/api/v1/cases/${file.id}/snapshots`, { token: await service.signIn('intake'), body: { party_id: file.party }, expect: [403] });
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => assert.deepEqual(complaints([intake, officer, driver]), []));
});
