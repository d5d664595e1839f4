// Text in the call: a driver who can't hear, the officer and an interpreter write to each other; nothing is lost when the page is
// loaded again or the network is gone; the second party sees it too; the replay has each at its moment.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { claim, complaints, desk, flowing, forPurpose, officerAt, phone, queuedCase, shots, until } from './lib/flow.mjs';
import { Service } from './lib/service.mjs';

const devices = fakeDevices();
const ENGLISH = 'I am deaf. Please write to me.';

describe('text in the call', () => {
  let service, officer, driver, second, guest, auditor, file;
  const all = () => [driver, second, guest, officer, auditor].filter(Boolean);
  const at = (one, id) => one.page.getByTestId(id);
  const texts = (one) => one.page.locator('[data-testid="chat-message"] .chat__text').allTextContents();
  const reads = (one, text) => until(`it reads "${text}"`, async () => (await texts(one)).includes(text));
  const write = async (one, text) => { await at(one, 'chat-field').fill(text); await at(one, 'chat-field').press('Enter'); };
  const schemes = async (one, name) => {
    for (const colorScheme of ['light', 'dark']) {
      await one.page.emulateMedia({ colorScheme });
      await shot(one.page, `${name}-${colorScheme}`);
    }
    await one.page.emulateMedia({ colorScheme: null });
  };

  before(async () => {
    service = await new Service({ port: 19750 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    file = await queuedCase(service);
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + file.url);
    await claim(officer, file.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver, second, guest, auditor })) if (one) await shot(one.page, `chat-end-${name}`).catch(() => {});
    for (const one of all()) await one.close().catch(() => {});
    await service?.stop();
  });

  it('a driver says with one tap that it can’t hear; the desk sees how many it has not read', async () => {
    await at(driver, 'chat-open').click();
    await at(driver, 'chat-log').waitFor();
    await shot(driver.page, '170-chat-empty');
    await at(driver, 'chat-phrase-1').click();
    const phrase = '我听不见，请打字 / I can’t hear, please write';
    await reads(driver, phrase);
    await at(officer, 'toast').getByText(phrase).waitFor();
    await at(officer, 'chat-unread').getByText('1', { exact: true }).waitFor();
    await shot(officer.page, '171-desk-unread');
  });

  it('the officer opens it by a key, reads and answers by the keyboard alone', async () => {
    await officer.page.keyboard.press('t');
    await at(officer, 'chat-field').waitFor();
    assert.equal(await officer.page.evaluate(() => document.activeElement.dataset.testid), 'chat-field');
    assert.equal(await at(officer, 'chat-unread').count(), 0);
    assert.match(await at(officer, 'chat-message').first().textContent(), /甲/);
    // A key of the desk is a letter while one types.
    await officer.page.keyboard.type('mp 请把手机对准车辆');
    await officer.page.keyboard.press('Shift+Enter');
    await officer.page.keyboard.type('谢谢');
    await officer.page.keyboard.press('Enter');
    await reads(driver, 'mp 请把手机对准车辆\n谢谢');
    assert.equal(await at(officer, 'chat-field').inputValue(), '');
    await shots(officer, '172-desk-chat');
    await officer.page.keyboard.press('Escape');
    await at(officer, 'talk').waitFor({ state: 'detached' });
    assert.equal(await officer.page.evaluate(() => document.activeElement.dataset.testid), 'chat-open');
    await officer.page.keyboard.press('t');
    await at(officer, 'talk').waitFor();
  });

  it('Enter that chooses a word of an input method does not send', async () => {
    await at(driver, 'chat-field').fill('nihao');
    for (const more of [{ isComposing: true }, { keyCode: 229 }]) {
      const taken = await at(driver, 'chat-field').evaluate((field, init) => !field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init })), more);
      assert.equal(taken, false);
    }
    assert.equal(await at(driver, 'chat-field').inputValue(), 'nihao');
    assert.equal(await at(driver, 'chat-unsent').count(), 0);
    assert.match(await at(driver, 'chat-count').textContent(), /5\s*\/\s*500/);
    await at(driver, 'chat-field').fill('路'.repeat(501));
    assert.ok(await at(driver, 'chat-send').isDisabled());
    await at(driver, 'chat-field').press('Enter');
    assert.equal((await at(driver, 'chat-field').inputValue()).length, 501);
    await shot(driver.page, '173-chat-too-long');
    await write(driver, ENGLISH);
    await reads(officer, ENGLISH);
    await schemes(driver, '174-chat-driver-zh');
  });

  it('without a network it stays, says that it was not sent, and is sent again', async () => {
    await driver.context.setOffline(true);
    await write(driver, '听不见');
    await driver.page.locator('[data-testid="chat-unsent"][data-state="failed"]').waitFor({ timeout: 60_000 });
    await shot(driver.page, '175-chat-failed');
    await driver.context.setOffline(false);
    await at(driver, 'chat-again').click();
    await reads(driver, '听不见');
    await reads(officer, '听不见');
    await until('nothing is left unsent', async () => await at(driver, 'chat-unsent').count() === 0);
    assert.equal((await texts(officer)).filter((one) => one === '听不见').length, 1);
  });

  it('a page that is loaded again has all of it, with what was typed', async () => {
    await at(driver, 'chat-field').fill('还没写完');
    await driver.page.reload();
    await flowing(driver.page, phone.remote);
    assert.equal(await at(driver, 'chat-unread').count(), 0);
    await at(driver, 'chat-open').click();
    await reads(driver, ENGLISH);
    assert.equal(await at(driver, 'chat-field').inputValue(), '还没写完');
    await at(driver, 'chat-field').fill('');
    await at(driver, 'chat-close').click();
    await at(officer, 'chat-phrase-1').click();
    await at(driver, 'chat-unread').getByText('1', { exact: true }).waitFor();
    await shot(driver.page, '176-chat-unread');
  });

  it('the second party and a guest read it and write, each by its name', async () => {
    const asOfficer = async (path, body) => service.api('POST', `/api/v1/cases/${file.id}${path}`, { token: await service.signIn('officer'), body });
    const added = await asOfficer('/parties', { name: '李四', phone: '13900000001', plate_number: '陕HD80116', plate_type: '52' });
    const invited = await asOfficer('/invitations', { kind: 'party', party_id: added.party.id });
    const guestLink = await asOfficer('/invitations', { kind: 'interpreter', name: '王译' });
    second = await person({ devices: devices.driver, phone: true });
    await second.page.goto(service.url + new URL(invited.url, service.url).pathname);
    await flowing(second.page, phone.remote);
    await at(second, 'chat-open').click();
    await reads(second, ENGLISH);
    await write(second, '乙方也听不见');
    await reads(officer, '乙方也听不见');
    assert.match(await at(officer, 'chat-message').last().textContent(), /乙/);
    guest = await person({ devices: devices.driver, phone: true, locale: 'en' });
    await guest.page.goto(service.url + new URL(guestLink.url, service.url).pathname);
    await at(guest, 'guest-join-sound').click();
    await at(guest, 'chat-open').click();
    await reads(guest, '乙方也听不见');
    await write(guest, 'Both drivers are deaf.');
    await reads(second, 'Both drivers are deaf.');
    await schemes(guest, '177-chat-guest-en');
    assert.match(await at(second, 'chat-message').last().textContent(), /翻译 王译/);
  });

  it('who is elsewhere does not lose what was written before', async () => {
    await at(officer, 'chat-message').first().waitFor();
    await officer.page.reload();
    await flowing(officer.page, desk.remote);
    await officer.page.keyboard.press('t');
    await reads(officer, ENGLISH);
    await reads(officer, 'Both drivers are deaf.');
  });

  it('in the replay each is a mark at its moment, and a list that leads there', async () => {
    const token = await service.signIn('officer');
    await service.api('POST', `/api/v1/cases/${file.id}/on-scene`, { token, body: {} });
    await assert.rejects(service.api('POST', `/api/v1/cases/${file.id}/messages`, { token, body: { text: '还在吗' } }), /409|wrong-state/);
    auditor = await person({});
    await auditor.page.goto(`${service.url}/audit#case=${file.id}`);
    await at(auditor, 'username').fill('auditor');
    await at(auditor, 'password').fill('kuaichu-demo');
    await at(auditor, 'sign-in').click();
    await forPurpose(auditor.page);
    await at(auditor, 'replay-time').waitFor();
    const messages = (await service.api('GET', `/api/v1/cases/${file.id}/messages`, { token })).items;
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token });
    const origin = Math.min(...items.map((one) => Date.parse(one.started_at)));
    await until('a mark for each', async () => await at(auditor, 'mark-message').count() === messages.length);
    const wanted = messages.findIndex((one) => one.text === ENGLISH);
    const moment = async () => { const [m, s] = (await at(auditor, 'replay-time').textContent()).split(' / ')[0].split(':'); return Number(m) * 60000 + Math.round(Number(s) * 1000); };
    await at(auditor, 'jump-message').nth(wanted).click();
    const expected = Date.parse(messages[wanted].sent_at) - origin;
    await until('the replay stands at the message', async () => Math.abs(await moment() - expected) < 1000);
    await at(auditor, 'side-messages').getByText(ENGLISH).waitFor();
    await at(auditor, 'mark-message').first().evaluate((button) => button.click());
    await until('and at the first', async () => Math.abs(await moment() - (Date.parse(messages[0].sent_at) - origin)) < 1000);
    await at(auditor, 'side-messages').scrollIntoViewIfNeeded();
    await shots(auditor, '178-replay-chat');
  });

  it('nothing that WCAG has against it', () => assert.deepEqual(complaints(all()), []));
});
