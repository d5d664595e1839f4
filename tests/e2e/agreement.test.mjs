// Two drivers settle it themselves, each on the own phone, with nobody at the desk: from the first photo to a case that is
// closed. Then the same proposed by an officer, and what is withdrawn. Pictures in both languages, light and dark.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, desk, flowing, officerAt, phone, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
// One picture of one pixel: what a phone's camera would give.
const PHOTO = { name: 'scene.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') };

describe('two drivers settle it themselves', () => {
  let service, first, second, officer, opened;
  const at = (one, id) => one.page.getByTestId(id);
  const tap = (one, id) => at(one, id).click();
  const party = async () => {
    const one = await person({ devices: devices.driver, phone: true });
    await small(one);
    return one;
  };
  const file = async () => service.api('GET', `/api/v1/cases/${opened.id}`, { token: await service.signIn('auditor') });
  /** Reads to the end, then decides. */
  const read = async (one) => {
    await at(one, 'document-text').locator('pre').waitFor();
    await at(one, 'document-text').evaluate((paper) => paper.scrollTo(0, paper.scrollHeight));
    await until('read to the end', () => at(one, 'sign').isEnabled());
  };
  const sign = async (one) => {
    await read(one);
    await tap(one, 'sign');
    const canvas = one.page.locator('[data-testid="signature-canvas"][data-ready="true"]');
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    await one.page.mouse.move(box.x + 40, box.y + 60);
    await one.page.mouse.down();
    await one.page.mouse.move(box.x + 160, box.y + 40, { steps: 8 });
    await one.page.mouse.up();
    await tap(one, 'sign-confirm');
  };
  /** What a driver says of the own vehicle. */
  const papers = async (one, licence, certificate) => {
    await tap(one, 'vehicle-K3');
    await at(one, 'paper-licence').fill(licence);
    await at(one, 'paper-insurer').selectOption({ index: 1 });
    await at(one, 'paper-certificate').fill(certificate);
    await tap(one, 'next');
  };

  before(async () => {
    service = await new Service({ port: 19300 + (process.pid % 50), workers: 1 }).start();
    first = await party();
    second = await party();
    opened = await queuedCase(service);
    await service.api('DELETE', `/api/v1/cases/${opened.id}/queue`, { token: opened.token });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ first, second, officer })) if (one) await shot(one.page, `agreement-end-${name}`).catch(() => {});
    for (const one of [first, second, officer]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('1. one of them chooses to settle, takes a photo, and lets the other scan', async () => {
    await first.page.goto(service.url + opened.url);
    await at(first, 'settle').waitFor();
    await shot(first.page, '90-settle-choice');
    await tap(first, 'settle');
    await at(first, 'screen-settle-photos').waitFor();
    assert.equal(await at(first, 'next').isDisabled(), true, 'without a photo it does not go on');
    await first.page.locator('input[type="file"]').first().setInputFiles(PHOTO);
    await until('the photo is there', () => at(first, 'next').isEnabled());
    await shot(first.page, '91-settle-photos');
    await tap(first, 'next');
    await at(first, 'other-plate').fill('H54321');
    await tap(first, 'next');
    await at(first, 'other-qr').waitFor();
    await shot(first.page, '92-settle-scan');
    await second.page.goto(await at(first, 'other-link').textContent());
    await at(second, 'settle').waitFor();
    await tap(first, 'next');
  });

  it('2. each says what it is, one question a screen; a wrong number is corrected kindly', async () => {
    await at(first, 'screen-settle-vehicle').waitFor();
    await shot(first.page, '93-settle-vehicle');
    await tap(first, 'vehicle-K3');
    await at(first, 'paper-licence').fill('612501199001011230');
    await at(first, 'paper-insurer').selectOption({ index: 1 });
    await at(first, 'paper-certificate').fill('PDZA202661250000000001');
    await tap(first, 'next');
    await at(first, 'problem').waitFor();
    await shot(first.page, '94-settle-wrong-number');
    await at(first, 'paper-licence').fill('612501199001011239');
    await tap(first, 'next');
    await tap(first, 'weather-1');
    await tap(first, 'form-11');
    await tap(first, 'type-1');
    await shot(first.page, '95-settle-how');
    await tap(first, 'next');
    await tap(first, 'part-front');
    await at(first, 'screen-settle-fault').waitFor();
    await shot(first.page, '96-settle-fault');
    await tap(first, 'fault-mine');
    await tap(first, 'pay-private');
    await at(first, 'pay-amount').fill('800');
    await shot(first.page, '97-settle-pay');
    await tap(first, 'next');
    await at(first, 'settle-others').waitFor();
    assert.equal(await at(first, 'propose').isDisabled(), true, 'the other has not said what it is');
    await shot(first.page, '98-settle-review-waiting');
  });

  it('3. the other does the same, in English and in the dark, and proposes', async () => {
    await second.page.emulateMedia({ colorScheme: 'dark' });
    await tap(second, 'lang');
    await tap(second, 'settle');
    await at(second, 'screen-settle-vehicle').waitFor();
    await shot(second.page, '99-settle-vehicle-dark-en');
    await tap(second, 'vehicle-K3');
    await at(second, 'paper-name').fill('李四');
    await at(second, 'paper-phone').fill('13900000001');
    await at(second, 'paper-licence').fill('612501199205051240');
    await at(second, 'paper-insurer').selectOption({ index: 2 });
    await at(second, 'paper-certificate').fill('PDZA202661250000000002');
    await tap(second, 'next');
    await tap(second, 'next'); // the weather, as the first has said
    await tap(second, 'next'); // how, too
    await tap(second, 'part-rear');
    await at(second, 'screen-settle-fault').waitFor();
    assert.equal(await at(second, 'fault-theirs').getAttribute('aria-pressed'), 'true', 'what is all of one is none of the other');
    await tap(second, 'next');
    await tap(second, 'next');
    await until('nothing is missing', () => at(second, 'propose').isEnabled());
    await shot(second.page, '100-settle-review-dark-en');
    await tap(second, 'propose');
    await at(second, 'screen-document').waitFor();
    await at(first, 'screen-document').waitFor();
    await shot(second.page, '101-agreement-dark-en');
  });

  it('4. one does not agree: it is withdrawn, mended, and proposed again', async () => {
    await read(first);
    await shot(first.page, '102-agreement-read');
    await tap(first, 'refuse');
    await at(first, 'statement').fill('钱数不对');
    await tap(first, 'refuse-confirm');
    await at(second, 'withdrawn').waitFor();
    await shot(second.page, '103-settle-withdrawn-dark-en');
    await at(first, 'withdrawn').waitFor();
    await at(first, 'change-pay').click();
    await at(first, 'pay-amount').fill('600');
    await tap(first, 'next');
    await until('it can be proposed', () => at(first, 'propose').isEnabled());
    await tap(first, 'propose');
  });

  it('5. both read and sign on their own phones: agreed, served, closed, and on paper in words they signed', async () => {
    await sign(first);
    await at(first, 'screen-settle-wait').waitFor();
    await shot(first.page, '104-settle-wait');
    await sign(second);
    for (const one of [first, second]) await at(one, 'screen-closed').waitFor();
    await shot(first.page, '105-settled');
    await shot(second.page, '106-settled-dark-en');
    const closed = await file();
    assert.equal(closed.state, 'closed');
    assert.equal(closed.closing_code, '1');
    assert.equal(closed.mediation_method, '1');
    assert.equal(closed.agreement.status, 'agreed');
    assert.deepEqual(closed.documents.map((one) => [one.kind, one.proposal.status, one.proposal.reason]), [['agreement', 'withdrawn', 'refused'], ['agreement', 'agreed', null]]);
    const text = await service.api('GET', `/api/v1/cases/${opened.id}/documents/${closed.agreement.document_id}`, { token: opened.token, headers: { accept: 'text/plain' } });
    assert.match(text, /当事人甲（张三）向当事人乙（李四）赔付人民币600元。/);
    const { items } = await service.api('GET', `/api/v1/cases/${opened.id}/timeline`, { token: await service.signIn('auditor') });
    const kinds = items.map((one) => one.kind);
    for (const kind of ['agreement.proposed', 'agreement.withdrawn', 'agreement.agreed', 'case.served', 'case.closed']) assert.ok(kinds.includes(kind), kind);
  });

  it('6. an officer guides another two to it from the desk', async () => {
    officer = await officerAt(service, devices, { prepare: small });
    const guided = await queuedCase(service);
    await first.page.goto(service.url + guided.url);
    await claim(officer, guided.id);
    await flowing(officer.page, desk.remote);
    await flowing(first.page, phone.remote);
    await tap(officer, 'snapshot');
    await at(officer, 'still').first().waitFor();
    const token = await service.signIn('officer');
    const other = await service.api('POST', `/api/v1/cases/${guided.id}/parties`, { token, body: { name: '王五', phone: '13900000002', plate_number: '陕H54322', plate_type: '02', vehicle_type: 'K3', licence_number: '612501199205051240', insurer: 'picc', insurance_certificate: 'PDZA202661010000002' } });
    await service.api('PATCH', `/api/v1/cases/${guided.id}/parties/${guided.party}`, { token, body: { vehicle_type: 'K3', licence_number: '612501199001011239', insurer: 'picc', insurance_certificate: 'PDZA202661010000001' } });
    await at(officer, 'party-form-B').waitFor();
    await tap(officer, 'tab-facts');
    await at(officer, 'weather').selectOption('1');
    await at(officer, 'accident-form').selectOption('11');
    await at(officer, 'collision-type').selectOption('1');
    await tap(officer, 'tab-liability');
    await at(officer, 'collision-part-A').selectOption('front');
    await at(officer, 'collision-part-B').selectOption('rear');
    await tap(officer, 'liability-A-full');
    await tap(officer, 'liability-B-none');
    await tap(officer, 'tab-agreement');
    await tap(officer, 'compensation-insurance');
    await until('the desk has nothing open', async () => await at(officer, 'agreement-open').count() === 0);
    await shot(officer.page, '107-desk-agreement');
    await tap(officer, 'propose-agreement');
    await at(first, 'screen-document').waitFor();
    await shot(first.page, '108-agreement-in-call');
    await shot(officer.page, '109-desk-agreement-open');
    const invited = await service.api('POST', `/api/v1/cases/${guided.id}/invitations`, { token, body: { kind: 'party', party_id: other.party.id } });
    await sign(first);
    await second.page.goto(new URL(invited.url, service.url).href);
    await sign(second);
    await until('settled', async () => (await service.api('GET', `/api/v1/cases/${guided.id}`, { token })).state === 'served');
    await at(officer, 'close-case').waitFor();
    await tap(officer, 'close-case');
    await until('closed', async () => (await service.api('GET', `/api/v1/cases/${guided.id}`, { token })).closing_code === '1');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [first, second, officer]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|412|422|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
