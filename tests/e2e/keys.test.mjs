// The desk by its keys alone: from the claim to the issued document nobody touches a mouse, and the map of keys says how.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { complaints, desk, flowing, officerAt, phone, queuedCase, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();
const PAPERS = { vehicle_type: 'K3', licence_number: '612501199001011239', insurer: '人保财险', insurance_certificate: 'PDZA202661010000001' };

const watched = (one) => one.context.addInitScript(() => {
  window.touches = 0;
  addEventListener('pointerdown', (event) => { if (event.isTrusted) window.touches += 1; }, true);
});

describe('the desk by keys alone', () => {
  let service, officer, driver, file;
  const at = (id) => officer.page.getByTestId(id);
  const press = async (...keys) => { for (const key of keys) await officer.page.keyboard.press(key); };
  const focused = (id) => until(`the focus on ${id}`, () => at(id).evaluate((one) => one.contains(document.activeElement)));

  before(async () => {
    service = await new Service({ port: 19700 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices, { prepare: async (one) => { await watched(one); await small(one); } });
    driver = await person({ devices: devices.driver, phone: true });
    await small(driver);
    file = await queuedCase(service);
    await service.api('PATCH', `/api/v1/cases/${file.id}/parties/${file.party}`, { token: file.token, body: PAPERS });
    await driver.page.goto(service.url + file.url);
    await at('queue-item').waitFor();
    await officer.page.evaluate(() => { window.touches = 0; });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver })) if (one) await shot(one.page, `keys-end-${name}`).catch(() => {});
    for (const one of [officer, driver]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('? shows every key, in its group, in both languages', async () => {
    await press('?');
    await at('key-map').waitFor();
    await shots(officer, '110-desk-keys');
    for (const key of ['claim', 'freeze', 'clear', 'violation', 'map', 'next', 'help']) await at(`keyrow-${key}`).waitFor();
    await press('a'); // behind the map nothing happens
    await press('Escape');
    await at('key-map').waitFor({ state: 'detached' });
    assert.equal(await at('queue-item').count(), 1);
  });

  it('claimed, filmed by the list, cleared', async () => {
    await press('a');
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    const current = () => officer.page.locator('.shot[aria-current="true"]').getAttribute('data-shot');
    assert.equal(await current(), 'front_overview');
    await press('ArrowRight', 'ArrowRight');
    assert.equal(await current(), 'impact_point');
    await press('Space');
    await until('the point of impact is there', async () => await at('still').count() === 1);
    assert.equal(await current(), 'front_overview', 'then the list goes on');
    await press('Space');
    await until('two', async () => await at('still').count() === 2);
    await press('e');
    await at('clear-road').waitFor();
    await shots(officer, '111-desk-shots-missing');
    await focused('clear-freeze-rear_overview');
    await press('Enter');
    await at('clear-now').waitFor();
    await press('e');
    await driver.page.getByTestId('evacuate-ok').waitFor();
    await driver.page.getByTestId('evacuate-ok').tap();
  });

  it('muted and heard again, handed over and not, away and back: each by its key', async () => {
    await press('m');
    assert.equal(await at('desk-mute').getAttribute('aria-pressed'), 'true');
    await press('m');
    assert.equal(await at('desk-mute').getAttribute('aria-pressed'), 'false');
    for (const [key, dialog] of [['h', 'hand-over-dialog'], ['o', 'confirm'], ['r', 'confirm'], ['Alt+g', 'invite-dialog'], ['Alt+l', 'learn-dialog']]) {
      await press(key);
      await at(dialog).waitFor();
      await press('Escape');
      await at(dialog).waitFor({ state: 'detached' });
    }
    await press('w');
    await until('away', async () => await at('say-away').getAttribute('aria-pressed') === 'true');
    await press('w');
    await until('free', async () => await at('say-free').getAttribute('aria-pressed') === 'true');
    await press('l');
    await until('English', () => officer.page.evaluate(() => document.documentElement.lang === 'en'));
    await press('l');
  });

  it('a party is added, the act chosen by its name, the facts drafted, the document issued', async () => {
    await press('Alt+n');
    await focused('new-party');
    const fields = [['name', '李四'], ['phone', '13900000001']];
    assert.ok(await at('new-party').getByTestId('name').evaluate((one) => one === document.activeElement));
    await officer.page.keyboard.type(fields[0][1]);
    await press('Tab');
    await officer.page.keyboard.type(fields[1][1]);
    await press('Tab', 'Tab', 'Tab', 'Tab');
    await officer.page.keyboard.type('陕HD80116');
    await press('Enter');
    await at('party-B').waitFor();
    await service.api('PATCH', `/api/v1/cases/${file.id}/parties/${(await service.api('GET', `/api/v1/cases/${file.id}`, { token: await service.signIn('officer') })).parties[1].id}`, { token: await service.signIn('officer'), body: { ...PAPERS, plate_type: '52', licence_number: '612501199205051240' } });
    await press('Alt+b');
    await focused('gallery-search');
    await officer.page.keyboard.type('追尾');
    await press('Enter');
    await at('proposal').getByText('追尾碰撞').waitFor();
    await press('Alt+u', 'Alt+2');
    await focused('weather');
    await press('1', 'Alt+d');
    await until('whole', async () => await at('draft-saved').textContent() === '内容完整、前后一致');
    await press('Control+Enter');
    await at('confirm-issue').waitFor();
    await press('Enter');
    await at('signature-B').waitFor();
    await driver.page.getByTestId('document-text').waitFor();
    await shot(officer.page, '112-desk-issued-by-keys');
    assert.equal(await officer.page.evaluate(() => window.touches), 0, 'nobody touched the mouse');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => assert.deepEqual(complaints([officer, driver]), []));
});
