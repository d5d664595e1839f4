// The main job in real browsers: from the roadside to a replayed recording. One test, step by step; a picture of each
// screen is kept in artefacts/.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { moves, person, shot, speaks, watch } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { desk, flowing, officerAt, phone, readToTheEnd, until, forPurpose } from './lib/flow.mjs';

const devices = fakeDevices();

describe('the main job', () => {
  let service, driver, officer, auditor, second, caseId;
  const tap = (person, id) => person.page.getByTestId(id).click();

  before(async () => {
    service = await new Service().start();
    officer = await officerAt(service, devices);
    driver = await person({ devices: devices.driver, phone: true });
  });
  after(async () => {
    // What each screen showed last: the first thing to look at after a failure.
    for (const [name, one] of Object.entries({ driver, officer, auditor, second })) if (one) await shot(one.page, `end-${name}`).catch(() => {});
    for (const one of [driver, officer, auditor, second]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('1. a driver gets from safety to a place in the queue', async () => {
    const { page } = driver;
    await page.goto(service.url);
    await page.getByTestId('start').waitFor();
    await shot(page, '01-driver-safety');
    await tap(driver, 'start');
    for (let question = 1; question <= 6; question++) {
      await page.getByTestId('answer-no').waitFor();
      if (question === 2) await shot(page, '02-driver-triage');
      const before = await page.locator('[data-testid^="screen-question-"]').getAttribute('data-testid');
      await tap(driver, 'answer-no');
      await page.locator(`[data-testid="${before}"]`).waitFor({ state: 'detached' });
    }
    await page.getByTestId('consent-location').check();
    await tap(driver, 'locate');
    await page.getByTestId('place-state').getByText('12').waitFor();
    await page.getByTestId('place-text').fill('商州区北新街与工农路路口');
    await shot(page, '03-driver-place');
    await tap(driver, 'next');
    await page.getByTestId('plate').fill('H12345');
    await page.getByTestId('phone').fill('13800000000');
    await page.getByTestId('name').fill('张三');
    await shot(page, '04-driver-particulars');
    await tap(driver, 'next');
    await page.getByTestId('consent-recording').check();
    await page.getByTestId('consent-electronic-service').check();
    await shot(page, '05-driver-consents');
    await tap(driver, 'next');
    await page.getByTestId('outcome-title').waitFor();
    await shot(page, '06-driver-outcome');
    await tap(driver, 'next');
    await tap(driver, 'open-devices');
    await page.getByTestId('join-queue').waitFor();
    await flowing(page, '[data-testid="self-video"]');
    await until('the microphone hears the voice', async () => Number(await page.getByTestId('mic-level').getAttribute('aria-valuenow')) > 10);
    await shot(page, '07-driver-devices');
    await tap(driver, 'join-queue');
    await page.getByTestId('queue-position').waitFor();
    await shot(page, '08-driver-waiting');
  });

  it('2. the officer sees the case within a second, claims it, and both see and hear each other', async () => {
    const item = officer.page.getByTestId('queue-item');
    await item.waitFor({ timeout: 1000 * patience });
    caseId = await item.getAttribute('data-case');
    await shot(officer.page, '09-desk-queue');
    await item.getByTestId('claim').click();
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    await moves(officer.page, desk.remote, { frames: 10, change: 0.3 });
    await moves(driver.page, phone.remote, { frames: 10 });
    await speaks(officer.page, desk.remote);
    await speaks(driver.page, phone.remote);
    assert.match(await driver.page.getByTestId('officer-badge').textContent(), /\d/);
    await shot(driver.page, '10-driver-call');
  });

  it('3. both directions are being recorded, one track each', async () => {
    const status = await until('both recorded', async () => {
      const { participants } = await service.api('GET', `/api/v1/cases/${caseId}/call`, { token: await service.signIn('officer') });
      return participants.length === 2 && participants.every((one) => one.recording === 'live') && participants;
    });
    assert.equal(status.length, 2);
    await officer.page.locator('[data-testid="desk-recording"][data-state="live"]').waitFor();
  });

  it('4. stills, facts, liability: the domain refuses what is inconsistent, then the determination is issued', async () => {
    const { page } = officer;
    await until('the picture has grown', async () => (await watch(page, desk.remote)).width >= 640, { within: 20000 });
    const full = await watch(page, desk.remote);
    await tap(officer, 'snapshot');
    await page.getByTestId('still').first().waitFor();
    await tap(officer, 'snapshot');
    await until('two stills', async () => await page.getByTestId('still').count() === 2);
    const file = await service.api('GET', `/api/v1/cases/${caseId}`, { token: await service.signIn('officer') });
    const still = file.stills[file.stills.length - 1];
    assert.ok(Math.abs(still.width - full.width) <= full.width / 2 && still.width >= 640, `${still.width}×${still.height}, live ${full.width}×${full.height}`);
    await tap(officer, 'evacuate'); // the point of impact is still missing
    await page.getByTestId('clear-road').waitFor();
    await shot(page, '11-desk-shots-missing');
    await tap(officer, 'clear-freeze-impact_point');
    await tap(officer, 'clear-now');
    await driver.page.getByTestId('evacuate-screen').waitFor({ timeout: 3000 * patience });
    await shot(driver.page, '11-driver-evacuate');
    await tap(driver, 'evacuate-ok');

    await tap(officer, 'tab-parties');
    const formA = page.getByTestId('party-form-A');
    await formA.getByTestId('vehicle-type').selectOption('K3');
    await formA.getByTestId('licence').fill('612501199001011239');
    await formA.getByTestId('insurer').fill('人保财险');
    await formA.getByTestId('certificate').fill('PDZA202661010000001');
    await formA.getByTestId('save-party').click();
    await formA.getByTestId('save-party').waitFor({ state: 'detached' });
    await tap(officer, 'add-party');
    const formB = page.getByTestId('new-party');
    await formB.getByTestId('name').fill('李四');
    await formB.getByTestId('phone').fill('13900000001');
    await formB.getByTestId('plate').fill('陕HD80116');
    await formB.getByTestId('plate-type').selectOption('52');
    await formB.getByTestId('vehicle-type').selectOption('K3');
    await formB.getByTestId('licence').fill('612501199205051240');
    await formB.getByTestId('insurer').fill('平安产险');
    await formB.getByTestId('certificate').fill('PDZA202661010000002');
    await formB.getByTestId('save-party').click();
    await page.getByTestId('party-B').waitFor();
    await shot(page, '12-desk-parties');

    await tap(officer, 'tab-facts');
    await page.getByTestId('weather').selectOption('1');
    await page.getByTestId('accident-form').selectOption('11');
    await page.getByTestId('collision-type').selectOption('3');
    await page.getByTestId('damage').fill('1500');
    await tap(officer, 'tab-liability');
    await page.getByTestId('collision-part-A').selectOption('front_right');
    await page.getByTestId('collision-part-B').selectOption('rear_left');
    await tap(officer, 'browse-A');
    await page.getByTestId('gallery-search').fill('变更车道');
    await shot(page, '13-desk-gallery');
    await tap(officer, 'gallery-LANE_CHANGE');
    await page.getByTestId('wording').locator('summary').click();
    await page.getByTestId('wording-none').waitFor(); // nobody imported a law here
    await tap(officer, 'take-split');
    await until('the split is taken over', async () => await page.getByTestId('liability-A-full').getAttribute('aria-checked') === 'true');
    await tap(officer, 'undo-split');
    await until('and taken back', async () => await page.getByTestId('liability-A-full').getAttribute('aria-checked') === 'false');
    await tap(officer, 'liability-A-full');
    await tap(officer, 'liability-B-full');
    await page.getByTestId('check').first().waitFor();
    assert.equal(await page.getByTestId('draft-saved').getAttribute('data-state'), 'refused');
    await shot(page, '13-desk-contradiction');
    await tap(officer, 'liability-B-none');
    await until('the domain takes it', async () => await page.getByTestId('draft-saved').getAttribute('data-state') === 'saved');
    await tap(officer, 'add-reason');
    await page.getByTestId('reason-0').fill('画面显示甲车右前部与乙车左后部接触，甲车正在变更车道。');
    await tap(officer, 'reason-0-still-0');
    await tap(officer, 'reason-0-moment');
    await page.getByTestId('reason-0-recording').waitFor();
    await tap(officer, 'reason-0-statement-A');
    await tap(officer, 'tab-facts');
    await tap(officer, 'draft-facts');
    assert.match(await page.getByTestId('facts').inputValue(), /商州区北新街/);
    await tap(officer, 'tab-liability');
    await shot(page, '14-desk-liability');
    await tap(officer, 'issue');
    await tap(officer, 'confirm-issue');
    await page.getByTestId('signature-A').waitFor();
    await shot(page, '15-desk-issued');
  });

  it('5. the driver reads, scrolls through and signs; the second party objects on a phone of their own; the officer closes', async () => {
    const { page } = driver;
    await page.getByTestId('document-text').waitFor({ timeout: 3000 * patience });
    assert.match(await page.getByTestId('document-text').textContent(), /全部责任/);
    assert.equal(await page.getByTestId('sign').isDisabled(), true, 'not before it was scrolled through');
    await shot(page, '16-driver-document');
    await readToTheEnd(driver);
    await tap(driver, 'sign');
    await page.getByTestId('signature-canvas').waitFor();
    const box = await page.getByTestId('signature-canvas').boundingBox();
    await page.mouse.move(box.x + 30, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 0; i <= 20; i++) await page.mouse.move(box.x + 30 + i * (box.width - 60) / 20, box.y + box.height * (0.5 + 0.3 * Math.sin(i)));
    await page.mouse.up();
    await shot(page, '17-driver-signature');
    await tap(driver, 'sign-confirm');
    await officer.page.getByTestId('signature-A').getByText('已签名').waitFor({ timeout: 3000 * patience });
    await page.getByTestId('my-decision').waitFor();

    await tap(officer, 'tab-parties');
    await tap(officer, 'invite-B');
    const link = await officer.page.getByTestId('invite-link').textContent();
    second = await person({ phone: true, permissions: [] });
    await second.page.goto(link);
    await second.page.getByTestId('evacuate-ok').click();
    await readToTheEnd(second, 'object');
    await second.page.getByTestId('object').click();
    await second.page.getByTestId('statement').fill('我认为双方都有责任。');
    await shot(second.page, '18-second-objects');
    await second.page.getByTestId('object-confirm').click();
    await officer.page.keyboard.press('Escape');
    await tap(officer, 'tab-document');
    await officer.page.getByTestId('signature-B').getByText('有异议').waitFor({ timeout: 3000 * patience });
    await shot(officer.page, '19-desk-served');
    await tap(officer, 'close-case');
    await officer.page.getByTestId('closed').waitFor();
    await driver.page.getByTestId('closed').waitFor({ timeout: 3000 }).catch(() => {});
    await shot(driver.page, '20-driver-closed');
  });

  it('6. an auditor replays both tracks in step, seeks anywhere, and finds still and signature', async () => {
    // The others have gone home: their browsers would only take time from this one.
    for (const one of [driver, officer, second]) await one.close();
    auditor = await person({});
    const { page } = auditor;
    await page.goto(`${service.url}/audit`);
    await page.getByTestId('username').fill('auditor');
    await page.getByTestId('password').fill('kuaichu-demo');
    await tap(auditor, 'sign-in');
    await page.getByTestId('audit-search').fill('陕H12345');
    await tap(auditor, 'audit-find');
    await page.locator(`[data-case="${caseId}"]`).click();
    await forPurpose(page);
    const lanes = ['[data-testid="replay-video-A"]', '[data-testid="replay-video-officer"]'];
    for (const lane of lanes) await until(`data in ${lane}`, () => page.locator(lane).evaluate((video) => video.readyState >= 2));
    await tap(auditor, 'replay-play');
    for (const lane of lanes) await flowing(page, lane);
    await page.waitForTimeout(1500);
    await moves(page, lanes[0], { frames: 10, change: 0.3 });
    const apart = await page.evaluate(async ([a, b]) => {
      const recordings = await (await fetch(`/api/v1/cases/${new URLSearchParams(location.hash.slice(1)).get('case')}/recordings`)).json();
      const start = (key) => Math.min(...recordings.items.filter((one) => Boolean(one.party_id) === key).map((one) => Date.parse(one.started_at)));
      const at = (selector, key) => start(key) + document.querySelector(selector).currentTime * 1000;
      return Math.abs(at(a, true) - at(b, false));
    }, lanes);
    assert.ok(apart < 200 * patience, `the tracks are ${apart} ms apart`);
    await tap(auditor, 'replay-play');
    await shot(page, '21-audit-replay');

    const seeks = [];
    for (const share of [0.9, 0.15, 0.6, 0.35, 0.75, 0.05, 0.5]) {
      seeks.push(await page.evaluate(async ({ share, lanes }) => {
        const scrub = document.querySelector('[data-testid="replay-scrub"]');
        const videos = lanes.map((lane) => document.querySelector(lane));
        const done = Promise.all(videos.map((video) => new Promise((seeked) => video.addEventListener('seeked', seeked, { once: true }))));
        const start = performance.now();
        scrub.value = String(Math.round(Number(scrub.max) * share));
        scrub.dispatchEvent(new Event('input', { bubbles: true }));
        await Promise.race([done, new Promise((late) => setTimeout(late, 5000))]);
        return Math.round(performance.now() - start);
      }, { share, lanes }));
    }
    console.log(`seeks of both tracks: ${seeks.join(', ')} ms`);
    seeks.sort((a, b) => a - b);
    // The promise of 300 ms is held by tests/bench/seek.mjs on a release build; here it is the usual seek, beside two browsers.
    assert.ok(seeks[3] < 300 * patience && seeks[6] < 1500 * patience, `${seeks} ms`);
    assert.equal(await page.getByTestId('mark-still').count(), 3);
    assert.equal(await page.getByTestId('mark-signature').count(), 2);
    assert.ok(await page.getByTestId('audit-signature').first().isVisible());
    await shot(page, '22-audit-seek');
  });

  it('no page reported an error', () => {
    for (const one of [driver, officer, second, auditor]) assert.deepEqual(one.page.errors.filter((text) => !/40[49]|ERR_|422|406/.test(text)), []);
  });

  it('no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [driver, officer, second, auditor]) assert.deepEqual(one.page.barriers, []);
  });
});
