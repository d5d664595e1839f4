// The desk as a team: who is free, who has what in hand, and what a supervisor sees of it.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, speaks } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
/** Four browsers that encode and decode share the machine. */
const SLOW_MS = 60000;

describe('the desk of a team', () => {
  let service, officer, colleague, supervisor, driver, file;
  const everybody = () => ({ officer, colleague, supervisor, driver });
  const tap = (one, id) => one.page.getByTestId(id).click();
  const seats = async () => (await service.api('GET', '/api/v1/seats', { token: await service.signIn('supervisor') })).items;
  const seatOf = (role) => supervisor.page.locator('[data-testid="seat"]').filter({ hasText: role });

  before(async () => {
    service = await new Service({ port: 19250 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    supervisor = await officerAt(service, devices, { username: 'supervisor' });
  });
  after(async () => {
    for (const [name, one] of Object.entries(everybody())) if (one) await shot(one.page, `seats-end-${name}`).catch(() => {});
    for (const one of Object.values(everybody())) await one?.close().catch(() => {});
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
    await supervisor.page.getByTestId('day-answer').getByText('今日 1 起').waitFor({ timeout: 15000 * patience });
    await shot(supervisor.page, '81-board-busy');
    await supervisor.page.emulateMedia({ colorScheme: 'dark' });
    await tap(supervisor, 'lang');
    await supervisor.page.getByTestId('day-answer').getByText('1 today').waitFor();
    await shot(supervisor.page, '82-board-dark-en');
    await supervisor.page.emulateMedia({ colorScheme: 'light' });
  });

  it('a case is handed over while its call runs: the driver\'s leg stays, the colleague comes, the officer goes', async () => {
    const legs = async () => (await service.api('GET', `/api/v1/cases/${file.id}/call`, { token: await service.signIn('supervisor') })).participants;
    await service.api('POST', '/api/v1/admin/users', { token: await service.signIn('admin'), body: { username: 'li.si', password: 'kuaichu-demo', role: 'officer', name: '李四', badge_number: '611099' } });
    colleague = await officerAt(service, devices, { username: 'li.si' });
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + file.url);
    await flowing(officer.page, desk.remote, SLOW_MS);
    await flowing(driver.page, phone.remote, SLOW_MS);
    const before = (await legs()).find((one) => one.kind === 'party').leg_id;

    await tap(officer, 'hand-over');
    await officer.page.getByTestId('colleague').filter({ hasText: '李四' }).getByText('空闲', { exact: true }).waitFor();
    await shot(officer.page, '83-hand-over');
    await officer.page.getByTestId('colleague').filter({ hasText: '李四' }).getByTestId('ask-colleague').click();
    await colleague.page.getByTestId('offer').waitFor();
    await shot(colleague.page, '84-asked');
    await officer.page.getByTestId('offer-pending').waitFor();
    await shot(officer.page, '85-pending');
    await tap(colleague, 'offer-decline');
    await officer.page.getByTestId('offer-pending').waitFor({ state: 'detached' });

    await tap(officer, 'hand-over');
    await officer.page.getByTestId('colleague').filter({ hasText: '李四' }).getByTestId('ask-colleague').click();
    await tap(colleague, 'offer-accept');
    await flowing(colleague.page, desk.remote, SLOW_MS);
    await flowing(driver.page, phone.remote, SLOW_MS);
    await speaks(colleague.page, desk.remote);
    await until('the officer has left', async () => (await legs()).filter((one) => one.kind === 'user').length === 1);
    await officer.page.locator(desk.self).waitFor({ state: 'detached' });
    await driver.page.getByTestId('officer-name').getByText('李四').waitFor();
    const after = await legs();
    assert.equal(after.find((one) => one.kind === 'party').leg_id, before);
    assert.equal(after.find((one) => one.kind === 'user').name, '李四');
    await shot(colleague.page, '86-taken-over');
    await shot(driver.page, '87-driver-after');
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await service.signIn('supervisor') });
    const story = items.map((one) => `${one.kind}${one.kind === 'call.left' ? ` ${one.data.reason}` : ''}`).filter((kind) => /^(offer|case\.handed|call\.left)/.test(kind));
    assert.deepEqual(story, ['offer.made', 'offer.declined', 'offer.made', 'case.handed_over', 'offer.accepted', 'call.left handed-over']);
  });

  it('a recusal is declared, and decided by the supervisor; the case goes back to its place in the queue', async () => {
    await tap(colleague, 'declare-recusal');
    await colleague.page.getByTestId('recusal-reason').fill('与当事人是同学');
    await shot(colleague.page, '88-recusal');
    await tap(colleague, 'recusal-send');
    await supervisor.page.getByTestId('recusal-item').click();
    await supervisor.page.getByTestId('recusal-decide').getByText('与当事人是同学').waitFor();
    await shot(supervisor.page, '89-recusal-decide');
    await tap(supervisor, 'recusal-uphold');
    await officer.page.locator(`[data-testid="queue-item"][data-case="${file.id}"]`).waitFor();
    await colleague.page.locator(desk.self).waitFor({ state: 'detached' });
    const token = (await service.api('POST', '/api/v1/sessions', { body: { username: 'li.si', password: 'kuaichu-demo' } })).token;
    await service.api('POST', `/api/v1/cases/${file.id}/claim`, { token, expect: [409] });
    await claim(officer, file.id);
    await flowing(officer.page, desk.remote, SLOW_MS);
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of Object.values(everybody())) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
