// The auditor's desk: found by what is typed, opened for a purpose, judged at a moment, answered by the officer, and the party
// sees who looked. A picture of each screen is kept in artefacts/, in both languages and on dark.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, forPurpose, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('the audit page', () => {
  let service, officer, driver, auditor, file;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const shots = async (page, name) => {
    await shot(page, `${name}-zh`);
    const speak = () => page.evaluate(() => document.querySelector('[data-testid="lang"]').click());
    await speak();
    await shot(page, `${name}-en`);
    await page.emulateMedia({ colorScheme: 'dark' });
    await shot(page, `${name}-dark-en`);
    await page.emulateMedia({ colorScheme: 'light' });
    await speak();
  };

  before(async () => {
    service = await new Service({ port: 19900 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    driver = await person({ devices: devices.driver, phone: true });
    file = await queuedCase(service);
    await queuedCase(service); // another one, that is not asked for
    await driver.page.goto(service.url + file.url);
    await claim(officer, file.id);
    await flowing(driver.page, phone.remote);
    await flowing(officer.page, desk.remote);
    const token = await service.signIn('officer');
    await until('a still', async () => (await service.api('POST', `/api/v1/cases/${file.id}/snapshots`, { token, body: { party_id: file.party, shot: null } })).still.id);
    await service.api('POST', `/api/v1/cases/${file.id}/on-scene`, { token, body: { reason: '当事人称刹车失灵' } });
    auditor = await person({});
    await auditor.page.goto(`${service.url}/audit`);
    await auditor.page.getByTestId('username').fill('auditor');
    await auditor.page.getByTestId('password').fill('kuaichu-demo');
    await tap(auditor, 'sign-in');
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver, auditor })) if (one) await shot(one.page, `audit-end-${name}`).catch(() => {});
    for (const one of [officer, driver, auditor]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('finds by anything that is typed, says why, and keeps it in the address', async () => {
    const { page } = auditor;
    const row = page.locator(`[data-testid="audit-result"][data-case="${file.id}"]`);
    for (const [typed, field] of [['陕H12345', 'plate'], ['张三', 'name'], ['北新街', 'place'], ['611001', 'officer'], ['刹车失灵 今天', 'on_scene_reason']]) {
      await page.getByTestId('audit-search').fill(typed);
      await tap(auditor, 'audit-find');
      await row.locator(`[data-testid="audit-why"][data-field="${field}"]`).first().waitFor();
    }
    assert.equal(await page.locator('[data-testid="audit-why"] mark').first().textContent(), '刹车失灵');
    assert.match(decodeURIComponent(page.url()), /q=刹车失灵/);
    await shots(page, 'audit-search');
    await page.getByTestId('filter-state').selectOption('closed');
    await until('nothing', async () => (await page.getByTestId('audit-result').count()) === 0);
    await page.getByTestId('filter-state').selectOption('');
    await page.reload();
    await row.waitFor();
    assert.equal(await page.getByTestId('audit-search').inputValue(), '刹车失灵 今天');
  });

  it('opens a case for a purpose, which is written down', async () => {
    const { page } = auditor;
    await page.locator(`[data-testid="audit-result"][data-case="${file.id}"]`).click();
    await page.getByTestId('purpose').waitFor();
    assert.equal(await page.getByTestId('purpose-open').isDisabled(), true);
    await shots(page, 'audit-purpose');
    await forPurpose(page, 'complaint');
    await page.getByTestId('looks').locator('[data-what="access.stated"]').waitFor();
    await page.goBack();
    await page.locator(`[data-testid="audit-result"][data-case="${file.id}"]`).click();
    await page.getByTestId('looks').waitFor(); // not asked again in this session
  });

  it('writes a finding on a moment, and scores', async () => {
    const { page } = auditor;
    await tap(auditor, 'finding-add');
    await page.getByTestId('finding-severity').selectOption('major');
    await page.getByTestId('finding-text').fill('没有拍摄碰撞部位');
    await tap(auditor, 'finding-save');
    await page.locator('[data-testid="finding"][data-state="open"]').waitFor();
    await page.getByTestId('score-manner').selectOption('4');
    await until('a score', async () => (await service.api('GET', `/api/v1/cases/${file.id}/reviews`, { token: await service.signIn('auditor') })).scores.length === 1);
    await page.getByTestId('finding').scrollIntoViewIfNeeded();
    await shots(page, 'audit-finding');
    await tap(auditor, 'finding-jump');
  });

  it('the officer hears of it at the desk, and contests it', async () => {
    const { page } = officer;
    await page.getByTestId('my-finding').first().click();
    await tap(officer, 'finding-contest');
    await page.getByRole('alert').or(page.getByText('请说明理由')).first().waitFor();
    await page.getByTestId('finding-answer-text').fill('第一张照片就是碰撞部位');
    assert.equal(await page.getByText('有异议的，请说明理由。').count(), 0, 'what is mended is not complained of any more');
    await shots(page, 'audit-answer');
    await tap(officer, 'finding-contest');
    await until('none is left', async () => (await page.getByTestId('my-finding').count()) === 0);
  });

  it('the auditor reads the answer and closes it', async () => {
    const { page } = auditor;
    await page.reload();
    await page.locator('[data-testid="finding"][data-state="answered"]').waitFor();
    await tap(auditor, 'finding-withdraw');
    await page.locator('[data-testid="finding"][data-state="closed"]').waitFor();
    await tap(auditor, 'audit-back');
    await tap(auditor, 'tab-samples');
    await page.getByTestId('samples').waitFor();
    await shots(page, 'audit-samples');
  });

  it('the party sees who looked, and what for, but no names', async () => {
    const seen = await service.api('GET', `/api/v1/cases/${file.id}/accesses`, { token: file.token });
    assert.ok(seen.items.some((one) => one.role === 'auditor' && one.purpose === 'complaint'));
    assert.ok(!JSON.stringify(seen).includes('陈静'));
  });

  it('nobody’s page complains', () => {
    for (const one of [auditor, officer]) assert.deepEqual(one.page.errors.filter((text) => !/40[349]|ERR_|422|406/.test(text)), []);
    for (const one of [auditor, officer]) assert.deepEqual(one.page.barriers, []);
  });
});
