// The steps of a case that several suites share.
import { person, shot } from './browser.mjs';
import { patience } from './service.mjs';

const NO = Object.fromEntries([
  'death', 'licence_problem', 'alcohol_or_drugs', 'overloaded_or_speeding_passenger_vehicle', 'plate_problem', 'cannot_move', 'party_left',
  'intent', 'no_inspection_or_insurance_mark', 'facility_damage', 'hazardous_goods'].map((key) => [key, false]));

/** A case in the queue, made by the public API: {id, token, party, url}. */
export async function queuedCase(service, triage = {}) {
  const opened = await service.api('POST', '/api/v1/cases', {
    body: {
      channel: 'web', place: { text: '商州区北新街与工农路路口', latitude: 33.8704, longitude: 109.9187, accuracy_m: 12 },
      triage: { ...NO, injury: 'none', ...triage }, consents: ['recording', 'location', 'electronic_service'],
      party: { name: '张三', phone: '13800000000', plate_number: '陕H12345', plate_type: '02' },
    },
  });
  await service.api('POST', `/api/v1/cases/${opened.case.id}/queue`, { token: opened.token, body: {} });
  return { id: opened.case.id, token: opened.token, party: opened.party.id, url: opened.url };
}

/** An officer's browser with the desk open; `prepare(officer)` comes before the first page. */
export async function officerAt(service, devices, { prepare = async () => {}, ...account } = {}) {
  const officer = await person({ devices: devices.officer });
  await prepare(officer);
  return atDesk(service, officer, account);
}

/** Signs the officer in, in a browser that is open. */
export async function atDesk(service, officer, { username = 'officer', password = 'kuaichu-demo' } = {}) {
  await officer.page.goto(`${service.url}/desk`);
  await officer.page.getByTestId('username').fill(username);
  await officer.page.getByTestId('password').fill(password);
  await officer.page.getByTestId('sign-in').click();
  await officer.page.getByTestId('sign-in').waitFor({ state: 'detached' });
  return officer;
}

/** At /audit: says what for, so that a case opens. */
export async function forPurpose(page, purpose = 'review') {
  await page.getByTestId(`purpose-choice-${purpose}`).click();
  await page.getByTestId('purpose-open').click();
}

export const claim = (officer, id) => officer.page.locator(`[data-testid="queue-item"][data-case="${id}"]`).getByTestId('claim').click();

/** Waits until `check` is true, `within` ms times the patience of the build; says what was last seen when time is up. */
export async function until(what, check, { within = 10000, every = 100 } = {}) {
  const end = Date.now() + within * patience;
  let last;
  for (;;) {
    try {
      last = await check();
      if (last) return last;
    } catch (error) {
      last = String(error).split('\n')[0];
    }
    if (Date.now() > end) throw new Error(`not within ${within * patience} ms: ${what}; last seen: ${JSON.stringify(last)}`);
    await new Promise((done) => setTimeout(done, every));
  }
}

/** Waits until a <video> shows frames that change. Returns how long it took, in ms. */
export async function flowing(page, selector, within = 15000) {
  const start = Date.now();
  await until(`a moving picture in ${selector}`, () => page.locator(selector).evaluate(async (video) => {
    const count = () => video.mozPaintedFrames ?? video.getVideoPlaybackQuality().totalVideoFrames; // Firefox does not count a stream's there
    const before = count();
    await new Promise((done) => setTimeout(done, 200));
    return video.videoWidth > 0 && count() > before + 1;
  }), { within });
  return Date.now() - start;
}

export const desk = { remote: '[data-testid="desk-remote-video"]', self: '[data-testid="desk-local-video"]' };
export const phone = { remote: '[data-testid="call-remote-video"]' };

/** As the officer, of that case: `asOfficer('POST', '/close', body)`. */
export const officerOf = (service, file) => async (method, path, body) => service.api(method, `/api/v1/cases/${file.id}${path}`, { token: await service.signIn('officer'), body });

/** A new case in a call, with a still and its second party: what queuedCase says, and `second`. */
export async function calledCase(service, officer, driver) {
  const file = await queuedCase(service);
  const asOfficer = officerOf(service, file);
  await driver.page.goto(service.url + file.url);
  await claim(officer, file.id);
  await flowing(driver.page, phone.remote);
  await flowing(officer.page, desk.remote);
  const added = await asOfficer('POST', '/parties', { name: '李四', phone: '13900000001', plate_number: '陕HD80116', plate_type: '52' });
  await until('a still', async () => (await asOfficer('POST', '/snapshots', { party_id: file.party, shot: null })).still.id);
  return { ...file, second: added.party.id };
}

/** The determination of such a case, issued: the first changed lanes and bears it all. */
export async function determine(service, file, more = {}) {
  const asOfficer = officerOf(service, file);
  const { stills } = await asOfficer('GET', '');
  const vehicle = { vehicle_type: 'K3', insurer: 'picc', insurance_certificate: 'PDZA202661010000001' };
  await asOfficer('PUT', '/determination', {
    occurred_at: new Date(Date.now() - 600000).toISOString(), place_text: '商州区北新街与工农路路口', weather: '1', accident_form: '11', collision_type: '3',
    facts: '甲车变更车道时右前部与乙车左后部接触。', cause: '甲车变更车道影响相关车道内行驶的机动车。', injured: 0, damage_cny: 1500,
    parties: [
      { party_id: file.party, ...vehicle, plate_number: '陕H12345', plate_type: '02', licence_number: '612501199001011239', collision_part: 'front_right', violations: ['LANE_CHANGE'], liability: 'full' },
      { party_id: file.second, ...vehicle, plate_number: '陕HD80116', plate_type: '52', licence_number: '612501199205051240', collision_part: 'rear_left', violations: [], liability: 'none' },
    ],
    reasons: [{ text: '画面显示甲车右前部与乙车左后部接触。', evidence: [{ kind: 'still', id: stills[0].id }] }], ...more,
  });
  return (await asOfficer('POST', '/determination/issue')).document;
}

/** Reads a document to its end, on the phone of a party. */
export async function readToTheEnd({ page }, button = 'sign') {
  const paper = page.getByTestId('document-text');
  await paper.waitFor();
  await until('reading is done', async () => {
    await paper.evaluate((box) => { for (let node = box; node; node = node.parentElement) if (node.scrollHeight > node.clientHeight + 1) node.scrollTop = node.scrollHeight; });
    return page.getByTestId(button).isEnabled();
  });
}

/** Reads, and signs with a finger. */
export async function sign(one) {
  const { page } = one;
  await readToTheEnd(one);
  await page.getByTestId('sign').click();
  const canvas = page.locator('[data-testid="signature-canvas"][data-ready="true"]');
  await canvas.waitFor();
  const box = await canvas.boundingBox();
  await page.mouse.move(box.x + 30, box.y + box.height / 2);
  await page.mouse.down();
  for (let i = 0; i <= 20; i++) await page.mouse.move(box.x + 30 + i * (box.width - 60) / 20, box.y + box.height * (0.5 + 0.3 * Math.sin(i)));
  await page.mouse.up();
  await page.getByTestId('sign-confirm').click();
}

/** The same screen in Chinese, in English, and in English on dark; it is left in Chinese and light. */
export async function shots({ page }, name) {
  await shot(page, `${name}-zh`);
  const speak = () => page.evaluate(() => document.querySelector('[data-testid="lang"]').click()); // also behind a dialog
  await speak();
  await shot(page, `${name}-en`);
  await page.emulateMedia({ colorScheme: 'dark' });
  await shot(page, `${name}-dark-en`);
  await page.emulateMedia({ colorScheme: 'light' });
  await speak();
}

/** What the pages of these people said to the console, and what keeps anybody out (WCAG 2.2 AA). */
export const complaints = (people, expected = /status of (40[13469]|412|422)|ERR_/) => people.filter(Boolean).flatMap(({ page }) => [...page.errors.filter((text) => !expected.test(text)), ...page.barriers]);
