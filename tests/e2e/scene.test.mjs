// Who may be handled by video and who may not: a single car at a guard rail, and a car and a cyclist slightly hurt, each
// from the phone to where it ends; in both languages, a picture of each screen in artefacts/.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, until } from './lib/flow.mjs';

const devices = fakeDevices();
const tap = (one, id) => one.page.getByTestId(id).click();

/** The same screen in both languages; the page is Chinese again afterwards. */
async function both(one, name) {
  await shot(one.page, `${name}-zh`);
  await one.page.getByTestId('lang').first().click();
  await until('the page is English', () => one.page.evaluate(() => document.documentElement.lang === 'en'));
  await shot(one.page, `${name}-en`);
  await one.page.getByTestId('lang').first().click();
  await until('the page is Chinese', () => one.page.evaluate(() => document.documentElement.lang === 'zh-CN'));
}

/** Six questions; `yes` has the details of those that are answered so. */
async function triage(one, yes = {}) {
  for (const name of ['injury', 'move', 'driver', 'left', 'papers', 'other']) {
    await one.page.getByTestId(`screen-question-${name}`).waitFor();
    const details = yes[name];
    if (!details) { await tap(one, 'answer-no'); continue; }
    await tap(one, 'answer-yes');
    for (const detail of details) await tap(one, `detail-${detail}`);
    await both(one, `60-question-${name}`);
    await tap(one, 'answer-done');
  }
}

async function place(one) {
  await one.page.getByTestId('consent-location').check();
  await tap(one, 'locate');
  await one.page.getByTestId('place-state').getByText('12').waitFor();
  await one.page.getByTestId('place-text').fill('商州区北新街与工农路路口');
  await tap(one, 'next');
}

async function consents(one) {
  await one.page.getByTestId('consent-recording').check();
  await one.page.getByTestId('consent-electronic-service').check();
  await tap(one, 'next');
}

/** Nobody's page said anything to the console, and no screen has a barrier. */
function clean(people) {
  for (const [name, one] of Object.entries(people)) {
    if (!one) continue;
    assert.deepEqual(one.page.errors.filter((text) => !/status of (403|409|422)/.test(text)), [], name);
    assert.deepEqual(one.page.barriers, [], name);
  }
}

describe('who may be handled by video', () => {
  let service, driver, rider, officer, plain, number = 0;
  const token = () => service.signIn('officer');
  const look = async () => {
    const { items } = await service.api('GET', '/api/v1/cases?limit=1', { token: await token() });
    return service.api('GET', `/api/v1/cases/${items[0].id}`, { token: await token() });
  };

  before(async () => {
    service = await new Service({ port: 19650 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ driver, rider, officer, plain })) if (one) await shot(one.page, `scene-end-${name}`).catch(() => {});
    for (const one of [driver, rider, officer, plain]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('a single vehicle and a guard rail: an officer is sent at once, and the phone says by which article', async () => {
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url);
    await tap(driver, 'start');
    await triage(driver, { other: ['facility_damage'] });
    await place(driver);
    await driver.page.getByTestId('plate').fill('h·l234o'.replace('l', '1')); // a slip of the finger becomes a digit
    assert.equal(await driver.page.getByTestId('plate').inputValue(), 'H12340');
    await driver.page.getByTestId('alone').check();
    await driver.page.getByTestId('phone').fill('１３８ ００００ ００００');
    await driver.page.getByTestId('name').fill('张三');
    await both(driver, '61-who');
    await tap(driver, 'next');
    await consents(driver);
    await driver.page.getByTestId('on-scene-title').waitFor();
    const why = await driver.page.getByTestId('ground-FACILITY').textContent();
    assert.match(why, /第14条第2项/);
    await both(driver, '62-on-scene-rail');
    const file = await look();
    assert.equal(file.state, 'on_scene');
    assert.equal(file.triage.single_vehicle, true);
    assert.equal(file.parties.length, 1);
    assert.equal(file.parties[0].plate_number, '陕H12340');
    assert.equal(file.parties[0].phone, '13800000000');
    clean({ driver });
    await driver.close();
  });

  it('a car and a cyclist slightly hurt: help is named first, and the cyclist joins by the QR code', async () => {
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url);
    await tap(driver, 'start');
    await triage(driver, { injury: ['injury_slight_agreed'] });
    await place(driver);
    await driver.page.getByTestId('plate').fill('H12345');
    await driver.page.getByTestId('phone').fill('13800000000');
    await driver.page.getByTestId('name').fill('张三');
    await tap(driver, 'next');
    await consents(driver);
    await driver.page.getByTestId('outcome-title').waitFor();
    await driver.page.getByTestId('hospital').getByText('示例市中心医院').waitFor();
    await driver.page.getByTestId('ground-INJURY_SLIGHT_AGREED').waitFor();
    await both(driver, '63-outcome-hurt');
    await tap(driver, 'add-other');
    await tap(driver, 'other-kind-non_motor');
    await shot(driver.page, '64-add-other');
    await tap(driver, 'add-other-make');
    await driver.page.getByTestId('invite-qr').waitFor();
    await shot(driver.page, '65-join-qr');
    const link = await driver.page.getByTestId('invite-link').textContent();
    await tap(driver, 'join-close');

    rider = await person({ devices: devices.driver, phone: true });
    await rider.page.goto(link);
    await rider.page.getByTestId('screen-agree').waitFor();
    await both(rider, '66-agree');
    await tap(rider, 'agree-yes');
    await rider.page.getByTestId('outcome-title').waitFor();
    const file = await look();
    const agreed = file.consents.filter((one) => one.kind === 'simplified_procedure');
    assert.deepEqual(agreed.map((one) => [one.party_id, one.recorded_by]), file.parties.map((party) => [party.id, null]));
    assert.equal(file.parties[1].kind, 'non_motor');
  });

  it('an officer without the grade is refused, with the article; one who has it takes the case', async () => {
    const admin = await service.signIn('admin');
    await service.api('POST', '/api/v1/admin/users', { token: admin, body: { username: 'plain', password: 'kuaichu-demo', role: 'officer', name: '周平', badge_number: '611009' }, expect: [201] });
    await tap(driver, 'next');
    await tap(driver, 'open-devices');
    await tap(driver, 'join-queue');
    await driver.page.getByTestId('queue-position').waitFor();
    number = (await look()).id;
    plain = await officerAt(service, devices, { username: 'plain' });
    await plain.page.locator(`[data-testid="queue-item"][data-case="${number}"]`).waitFor();
    await claim(plain, number);
    await plain.page.getByTestId('toast').getByText('第5条').waitFor();
    await shot(plain.page, '67-desk-no-grade');
    await plain.close();
    plain = null;
  });

  it('while waiting, particulars are corrected as they are typed, and what is wrong is said kindly', async () => {
    await tap(driver, 'mine-open');
    const { page } = driver;
    await page.getByTestId('mine-licence').fill('612501199001011238');
    await page.getByTestId('mine-certificate').fill('pdza 2026 6110 0000 123456');
    await page.getByTestId('mine-dialog').getByText('校验位不符').waitFor();
    assert.equal(await page.getByTestId('mine-certificate').inputValue(), 'PDZA202661100000123456');
    await shot(page, '68-mine');
    await page.getByTestId('mine-licence').fill('6125O1 199OO1 O1 1239');
    assert.equal(await page.getByTestId('mine-licence').inputValue(), '612501199001011239');
    await page.getByTestId('mine-insurer').fill('PICC');
    await tap(driver, 'mine-save');
    await page.getByTestId('mine-dialog').waitFor({ state: 'detached' });
    const [car] = (await look()).parties;
    assert.deepEqual([car.licence_number, car.insurer, car.insurance_certificate], ['612501199001011239', '人保财险', 'PDZA202661100000123456']);
    await shot(page, '69-waiting');
  });

  it('somebody on foot joins on the driver’s phone, which is noted; the phone changes hands', async () => {
    await tap(driver, 'add-other');
    await tap(driver, 'other-kind-pedestrian');
    await tap(driver, 'add-other-make');
    await driver.page.getByTestId('invite-qr').waitFor();
    await tap(driver, 'same-phone');
    await driver.page.getByTestId('screen-agree').waitFor();
    await driver.page.getByTestId('turns').getByText('丙').waitFor();
    await both(driver, '70-same-phone');
    await tap(driver, 'agree-yes');
    await tap(driver, 'turn-A');
    await driver.page.getByTestId('turns').getByText('现在使用：甲方').waitFor();
    const file = await look();
    assert.equal(file.parties[2].shares_phone_with, file.parties[0].id);
    assert.equal(file.parties[2].kind, 'pedestrian');
  });

  it('the desk sees who agrees, learns of fog, and everybody is told that an officer comes and why', async () => {
    await claim(officer, number);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    for (const label of ['A', 'B', 'C']) assert.equal(await officer.page.getByTestId(`consent-${label}`).getAttribute('data-given'), 'true');
    await officer.page.getByTestId('same-phone-C').waitFor();
    await officer.page.getByTestId('eligibility').getByText('示例数据').waitFor();
    await both(officer, '71-desk-hurt');
    await tap(officer, 'learn-more');
    await officer.page.getByTestId('learn-weather').selectOption('5');
    await shot(officer.page, '72-desk-learn');
    await tap(officer, 'learn-save');
    await officer.page.getByTestId('scene-banner').waitFor();
    await officer.page.getByTestId('ground-WEATHER').getByText('本地规定').waitFor();
    await both(officer, '73-desk-fog');
    for (const one of [driver, rider]) await one.page.getByTestId('ground-WEATHER').waitFor();
    await both(rider, '74-on-scene-fog');
    const { items } = await service.api('GET', `/api/v1/cases/${number}/timeline`, { token: await token() });
    const assessed = items.find((one) => one.kind === 'case.assessed' && one.data.outcome === 'on_scene');
    assert.deepEqual(assessed.data, { learned: { weather: '5' }, outcome: 'on_scene', grounds: ['WEATHER'] });
    clean({ driver, rider, officer });
  });
});
