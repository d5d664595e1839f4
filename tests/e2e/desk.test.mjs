// The desk as a tool for all day: how many keys and clicks a plain case takes, and that no word is lost over a reload, a lost
// network or a second window.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
const AIM = 25; // keys and clicks from claim to issue, with complete particulars
const PARTICULARS = { vehicle_type: 'K3', licence_number: '612501199001011239', insurer: '人保财险', insurance_certificate: 'PDZA202661010000001' };

/** Counts what a hand does: a key with its modifiers is one, a click is one; what a key clicks counts as the key. */
const counted = (one) => one.context.addInitScript(() => {
  window.strokes = 0;
  const count = () => { window.strokes += 1; };
  addEventListener('keydown', (event) => { if (event.isTrusted && !['Alt', 'Control', 'Shift', 'Meta'].includes(event.key)) count(); }, true);
  addEventListener('pointerdown', (event) => { if (event.isTrusted) count(); }, true);
});

describe('the desk, all day', () => {
  let service, officer, driver, colleague;
  const admin = async () => service.signIn('admin');

  before(async () => {
    service = await new Service({ port: 19350 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices, { prepare: async (one) => { await counted(one); await small(one); } });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver, colleague })) if (one) await shot(one.page, `desk-end-${name}`).catch(() => {});
    for (const one of [officer, driver, colleague]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it(`a plain case from claim to issue takes ${AIM} keys and clicks at most`, async () => {
    const { page } = officer;
    const file = await queuedCase(service);
    await service.api('PATCH', `/api/v1/cases/${file.id}/parties/${file.party}`, { token: file.token, body: PARTICULARS });
    await service.api('POST', `/api/v1/cases/${file.id}/parties`, { token: file.token, expect: [201], body: { name: '李四', phone: '13900000001', plate_number: '陕HD80116', plate_type: '52', ...PARTICULARS, licence_number: '612501199205051240' } });
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + file.url);
    await page.getByTestId('queue-item').waitFor();
    await page.evaluate(() => { window.strokes = 0; });

    await page.keyboard.press('a');
    await flowing(page, desk.remote);
    await flowing(driver.page, phone.remote);
    for (let taken = 1; taken <= 3; taken++) { // the shots that come before the road is cleared
      await page.keyboard.press('Space');
      await until(`still ${taken}`, async () => await page.getByTestId('still').count() === taken);
    }
    await page.keyboard.press('e');
    await driver.page.getByTestId('evacuate-ok').click();
    await page.keyboard.press('Alt+3');
    await page.getByTestId('browse-B').click();
    await page.getByTestId('gallery-REAR_END').click();
    await page.getByTestId('proposal').getByText('追尾碰撞').waitFor();
    await shot(page, '90-desk-proposal');
    await page.keyboard.press('Alt+u');
    await page.keyboard.press('Alt+2');
    await until('the first gap, the weather, has the focus', () => page.getByTestId('weather').evaluate((one) => one === document.activeElement));
    await page.keyboard.press('1'); // sunny
    assert.equal(await page.getByTestId('weather').inputValue(), '1');
    await page.keyboard.press('Alt+d');
    await until('the facts are drafted', async () => /追尾/.test(await page.getByTestId('facts').inputValue()));
    await until('whole', async () => await page.getByTestId('draft-saved').textContent() === '内容完整、前后一致');
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('confirm-issue').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('signature-A').waitFor();

    const strokes = await page.evaluate(() => window.strokes);
    console.log(`a plain case: ${strokes} keys and clicks from claim to issue`);
    assert.ok(strokes <= AIM, `${strokes}`);
    await driver.page.getByTestId('document-text').waitFor();
    assert.match(await driver.page.getByTestId('document-text').textContent(), /追尾/);
  });

  it('two windows on one case: what each types is in both, and over a reload', async () => {
    const file = await queuedCase(service);
    const account = { username: 'colleague', password: 'a-second-officer' };
    await service.api('POST', '/api/v1/admin/users', { token: await admin(), body: { ...account, role: 'officer', name: '王', badge_number: '010203' } });
    colleague = await officerAt(service, devices, { ...account, prepare: small });
    await claim(colleague, file.id);
    const one = colleague.page, other = await colleague.context.newPage();
    await one.getByTestId('tab-facts').click();
    other.errors = []; other.barriers = [];
    await other.goto(`${service.url}/desk`);
    await other.getByTestId('username').fill(account.username);
    await other.getByTestId('password').fill(account.password);
    await other.getByTestId('sign-in').click();
    await other.getByTestId('tab-facts').click();

    await one.getByTestId('facts').fill('甲车追尾乙车。');
    await until('the other window has it', async () => await other.getByTestId('facts').inputValue() === '甲车追尾乙车。');
    await other.getByTestId('cause').fill('甲方未保持安全距离。');
    await until('and this one', async () => await one.getByTestId('cause').inputValue() === '甲方未保持安全距离。');
    assert.equal(await one.getByTestId('facts').inputValue(), '甲车追尾乙车。');

    // The first window's network is gone for what it saves; it is loaded again; meanwhile the second one writes the same field.
    await one.route('**/determination', (route) => route.abort());
    await one.getByTestId('facts').fill('甲车在路口追尾乙车。');
    await until('the save failed', async () => await one.getByTestId('draft-saved').getAttribute('data-state') === 'refused');
    await other.getByTestId('facts').fill('甲车追尾前方停车等灯的乙车。');
    await until('the other one is saved', async () => await other.getByTestId('draft-saved').getAttribute('data-state') === 'saved');
    await one.reload();
    await one.getByTestId('tab-facts').click();
    await one.getByTestId('clashes').waitFor();
    assert.equal(await one.getByTestId('facts').inputValue(), '甲车在路口追尾乙车。');
    await shot(one, '91-desk-clash');
    await one.getByTestId('lang').click();
    await one.emulateMedia({ colorScheme: 'dark' });
    await shot(one, '92-desk-clash-dark-en');
    await one.unroute('**/determination');
    await one.getByTestId('clash-both').click();
    await until('both texts are in both windows', async () => /停车等灯的乙车。\n甲车在路口/.test(await other.getByTestId('facts').inputValue()));
    await one.getByTestId('clashes').waitFor({ state: 'detached' });
    assert.deepEqual(one.barriers, []);
  });

  it('the particulars of a party save themselves: in both windows, over a reload, and what both wrote is put to the officer', async () => {
    const [one, other] = colleague.context.pages();
    const field = (page, id) => page.getByTestId('party-form-A').getByTestId(id);
    for (const page of [one, other]) await page.getByTestId('tab-parties').click();
    await field(one, 'licence').fill('612501199001011239');
    await until('the other window has it', async () => await field(other, 'licence').inputValue() === '612501199001011239');
    await field(other, 'insurer').fill('平安产险');
    await until('and this one', async () => await field(one, 'insurer').inputValue() === '平安产险');

    await one.route('**/parties/*', (route) => route.abort());
    await field(one, 'name').fill('张山');
    await until('the save failed', async () => await one.getByTestId('party-saved-A').getAttribute('data-state') === 'refused');
    await field(other, 'name').fill('张珊');
    await until('the other one is saved', async () => await other.getByTestId('party-saved-A').getAttribute('data-state') === 'saved');
    await one.reload();
    await one.getByTestId('party-clash-name').waitFor();
    assert.equal(await field(one, 'name').inputValue(), '张山');
    await shot(one, '93-desk-party-clash');
    await one.unroute('**/parties/*');
    await one.getByTestId('party-clash-mine').click();
    await until('it is in both windows', async () => await field(other, 'name').inputValue() === '张山');
    await one.getByTestId('party-clash-name').waitFor({ state: 'detached' });
    await one.getByTestId('add-party').click();
    await one.getByTestId('new-party').getByTestId('name').fill('李四');
    await one.reload();
    assert.equal(await one.getByTestId('new-party').getByTestId('name').inputValue(), '李四', 'one that is not added yet is kept too');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, driver, colleague]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|412|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
