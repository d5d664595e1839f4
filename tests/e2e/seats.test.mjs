// The desk as a team: who is free, who has what in hand, and what a supervisor sees of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('the desk of a team', () => {
  let service, officer, supervisor, file;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const seats = async () => (await service.api('GET', '/api/v1/seats', { token: await service.signIn('supervisor') })).items;
  const seatOf = (role) => supervisor.page.locator('[data-testid="seat"]').filter({ hasText: role });

  before(async () => {
    service = await new Service({ port: 19250 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    supervisor = await officerAt(service, devices, { username: 'supervisor' });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, supervisor })) if (one) await shot(one.page, `seats-end-${name}`).catch(() => {});
    for (const one of [officer, supervisor]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('who sits down is free, and says so when that changes', async () => {
    await until('the officer is free', async () => (await seats()).some((one) => one.role === 'officer' && one.status === 'free'));
    await tap(officer, 'say-away');
    await seatOf('定责岗').getByText('离开').waitFor();
    assert.equal((await seats()).find((one) => one.role === 'officer').said, 'away');
    await tap(officer, 'say-free');
    await seatOf('定责岗').getByText('空闲').waitFor();
  });

  it('a supervisor sees who waits, who has a case in hand, and the times of the day', async () => {
    file = await queuedCase(service);
    await supervisor.page.locator(`[data-testid="waiting"][data-case="${file.id}"]`).waitFor();
    await shot(supervisor.page, '80-board-waiting');
    await claim(officer, file.id);
    await officer.page.locator(desk.self).waitFor();
    await flowing(officer.page, desk.self);
    await seatOf('定责岗').getByText('通话中', { exact: true }).waitFor();
    await supervisor.page.getByTestId('day-answer').getByText('今日 1 起').waitFor({ timeout: 15000 });
    await shot(supervisor.page, '81-board-busy');
    await supervisor.page.emulateMedia({ colorScheme: 'dark' });
    await tap(supervisor, 'lang');
    await supervisor.page.getByTestId('day-answer').getByText('1 today').waitFor();
    await shot(supervisor.page, '82-board-dark-en');
    await supervisor.page.emulateMedia({ colorScheme: 'light' });
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, supervisor]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
