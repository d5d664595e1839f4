// Guests of a call: invited at the desk, in with one tap, seen, heard, named, recorded, sent away.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { listen, person, shot, speaks } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until, forPurpose } from './lib/flow.mjs';

const devices = fakeDevices();

describe('a guest', () => {
  let service, officer, guest, second, auditor, file, link;
  const token = () => service.signIn('officer');
  const call = async () => (await service.api('GET', `/api/v1/cases/${file.id}/call`, { token: await token() })).participants;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const invite = async (kind, name) => {
    await tap(officer, 'invite-guest');
    await officer.page.getByTestId('guest-kind').selectOption(kind);
    await officer.page.getByTestId('guest-name').fill(name);
    await shot(officer.page, '50-desk-invite');
    await tap(officer, 'invite-make');
    const made = await officer.page.getByTestId('invite-link').textContent();
    await officer.page.getByTestId('invite-qr').waitFor();
    await shot(officer.page, '51-desk-link');
    await officer.page.keyboard.press('Escape');
    return made;
  };

  before(async () => {
    service = await new Service({ port: 19150 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    file = await queuedCase(service);
    await claim(officer, file.id);
    await officer.page.getByTestId('invite-guest').waitFor();
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, guest, second, auditor })) if (one) await shot(one.page, `guests-end-${name}`).catch(() => {});
    for (const one of [officer, guest, second, auditor]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('is invited at the desk, reads what the link is for, and joins with one tap', async () => {
    link = await invite('interpreter', '王译');
    guest = await person({ devices: devices.driver, phone: true, locale: 'en' });
    await guest.page.goto(link);
    await guest.page.getByTestId('guest-who').getByText('Interpreter').waitFor();
    await shot(guest.page, '52-guest-welcome-en');
    await tap(guest, 'lang');
    await guest.page.getByTestId('guest-who').getByText('翻译').waitFor();
    await shot(guest.page, '53-guest-welcome-zh');
    const announced = officer.page.getByTestId('toast').getByText('翻译 王译 已加入通话').waitFor();
    await tap(guest, 'guest-join');
    await announced;
    await flowing(officer.page, desk.remote);
    await flowing(guest.page, phone.remote);
    await speaks(officer.page, desk.remote);
    await speaks(guest.page, phone.remote);
    await officer.page.getByTestId('picture-interpreter').getByText('翻译 王译').waitFor();
    await shot(officer.page, '54-desk-guest');
    await shot(guest.page, '55-guest-call');
  });

  it('is recorded as a track of its own', async () => {
    const there = await until('the guest is recorded', async () => (await call()).find((one) => one.kind === 'guest' && one.recording === 'live'));
    assert.equal(there.guest_kind, 'interpreter');
    assert.equal(there.name, '王译');
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token: await token() });
    assert.equal(items.filter((one) => one.guest_id === there.guest_id).length, 1);
  });

  it('may do what its kind may, and no more', async () => {
    const own = { token: link.split('/').pop() };
    for (const path of ['', '/timeline', '/recordings', '/guests', '/photo-requests'])
      await service.api('GET', `/api/v1/cases/${file.id}${path}`, { ...own, expect: [403] });
    await service.api('POST', `/api/v1/cases/${file.id}/snapshots`, { ...own, body: { party_id: file.party }, expect: [403] });
    assert.equal((await service.api('GET', '/api/v1/guest', own)).guest.kind, 'interpreter');
  });

  it('comes back by the same link after a reload', async () => {
    await guest.page.reload();
    await until('the leg has ended', async () => !(await call()).some((one) => one.kind === 'guest'));
    await officer.page.getByTestId('toast').getByText('翻译 王译 已离开通话').waitFor();
    await tap(guest, 'guest-join-sound');
    await until('the officer hears the guest again', async () => await listen(officer.page, desk.remote) > 0.01);
    assert.equal(await guest.page.getByTestId('self-video').count(), 0);
    await shot(guest.page, '56-guest-sound');
  });

  it('is sent away at once, and the link is dead', async () => {
    await officer.page.getByTestId('guest-interpreter').getByTestId('guest-revoke').click();
    await tap(officer, 'confirm');
    await guest.page.getByTestId('screen-dead').waitFor({ timeout: 3000 * patience });
    await shot(guest.page, '57-guest-gone');
    await until('the leg has ended', async () => (await call()).every((one) => one.kind !== 'guest'));
    await guest.page.reload();
    await guest.page.getByTestId('screen-dead').waitFor();
    await officer.page.getByTestId('guest-interpreter').waitFor({ state: 'detached' });
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await token() });
    const story = items.filter((one) => /^(guest|call)\./.test(one.kind) && (one.kind.startsWith('guest.') || one.actor.kind === 'guest')).map((one) => `${one.kind}${one.data.reason ? ` ${one.data.reason}` : ''}`);
    // A page that goes says so twice: to the service, and to the media worker that the connection closes. Either may be first.
    const told = story.map((one) => (one === 'call.left closed' ? 'call.left left' : one));
    assert.deepEqual(told, ['guest.invited', 'call.joined', 'call.left left', 'call.joined', 'guest.revoked', 'call.left revoked']);
  });

  it('another is heard without a picture, on a wide screen', async () => {
    const url = await invite('emergency', '120 Dispatch');
    second = await person({ devices: devices.driver, locale: 'en' });
    await second.page.goto(url);
    await tap(second, 'guest-join-sound');
    await flowing(second.page, phone.remote);
    await until('the officer hears it', async () => await listen(officer.page, desk.remote) > 0.01);
    await officer.page.getByTestId('lang').click();
    await officer.page.getByTestId('picture-emergency').getByText('Emergency operator 120 Dispatch').waitFor();
    await shot(second.page, '58-guest-wide-en');
    await shot(officer.page, '59-desk-guest-en');
  });

  it('is on the replay as a lane of its own', async () => {
    await tap(second, 'hang-up');
    await second.page.getByTestId('guest-join').waitFor();
    await officer.page.goto('about:blank');
    await until('every track is whole', async () => {
      const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token: await service.signIn('auditor') });
      return items.length >= 4 && items.every((one) => one.status === 'complete');
    });
    auditor = await person({});
    await auditor.page.goto(`${service.url}/audit#case=${file.id}`);
    await auditor.page.getByTestId('username').fill('auditor');
    await auditor.page.getByTestId('password').fill('kuaichu-demo');
    await tap(auditor, 'sign-in');
    await forPurpose(auditor.page);
    for (const lane of ['officer', 'interpreter', 'emergency']) await auditor.page.getByTestId(`replay-video-${lane}`).waitFor();
    await tap(auditor, 'replay-play');
    await flowing(auditor.page, '[data-testid="replay-video-interpreter"]');
    await tap(auditor, 'replay-play');
    await shot(auditor.page, '59-audit-guests');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, guest, second, auditor]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
