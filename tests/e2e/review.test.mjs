// What follows a determination: one signs and one refuses; an objection, the review by the next higher unit, and a
// determination anew (Order 146, arts. 24-26, 71-79). A picture of each screen is kept in artefacts/, in both languages.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { calledCase, determine, flowing, officerAt, officerOf, phone, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('after the determination', () => {
  let service, officer, supervisor, driver, file;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const asOfficer = (...said) => officerOf(service, file)(...said);
  before(async () => {
    service = await new Service({ port: 19350 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    supervisor = await officerAt(service, devices, { username: 'supervisor' });
    driver = await person({ devices: devices.driver, phone: true });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, supervisor, driver })) if (one) await shot(one.page, `review-end-${name}`).catch(() => {});
    for (const one of [officer, supervisor, driver]) await one?.close().catch(() => {});
    await service?.stop();
  });

  const readToTheEnd = async (button) => {
    const paper = driver.page.getByTestId('document-text');
    await paper.waitFor();
    await until('reading is done', async () => {
      await paper.evaluate((box) => { for (let node = box; node; node = node.parentElement) if (node.scrollHeight > node.clientHeight + 1) node.scrollTop = node.scrollHeight; });
      return !(await driver.page.getByTestId(button).isDisabled());
    });
  };

  async function sign() {
    const { page } = driver;
    await readToTheEnd('sign');
    await tap(driver, 'sign');
    await page.locator('[data-testid="signature-canvas"][data-ready="true"]').waitFor();
    const box = await page.getByTestId('signature-canvas').boundingBox();
    await page.mouse.move(box.x + 30, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 0; i <= 20; i++) await page.mouse.move(box.x + 30 + i * (box.width - 60) / 20, box.y + box.height * (0.5 + 0.3 * Math.sin(i)));
    await page.mouse.up();
    await tap(driver, 'sign-confirm');
    await page.getByTestId('my-decision').waitFor();
  }

  /** The officer notes that the second party refuses. */
  async function note(what) {
    const { page } = officer;
    await page.getByTestId('record-refusal-B').click();
    await page.getByTestId(`refusal-what-${what}`).click();
    await page.getByTestId('refusal-statement').fill('乙方挂断通话，拒收。');
    if (what === 'receipt') await shots(officer, '91-desk-refusal');
    await tap(officer, 'confirm-refusal');
    await page.getByTestId('signature-B').getByText('拒绝').first().waitFor();
  }

  it('two cars determined, one signs and one refuses: what was refused is noted, and the case closes as that', async () => {
    file = await calledCase(service, officer, driver);
    await tap(officer, 'tab-liability');
    await officer.page.getByTestId('mediation').scrollIntoViewIfNeeded();
    await tap(officer, 'mediation-choice-agreed');
    await officer.page.getByTestId('mediation-result').fill('甲方赔偿乙方1500元。');
    await shots(officer, '90-desk-mediation');
    await tap(officer, 'mediation-choice-declined');
    await until('the draft is saved', async () => ['saved', 'refused'].includes(await officer.page.getByTestId('draft-saved').getAttribute('data-state')));
    const document = await determine(service, file, { mediation: 'declined' });
    assert.match(await asOfficer('GET', `/documents/${document.id}`).catch(() => ''), /./);
    await sign();
    await tap(officer, 'tab-document');
    await note('receipt');
    await until('refused is proposed', async () => await officer.page.getByTestId('closing-code').inputValue() === '4');
    await shots(officer, '92-desk-closing');
    await tap(officer, 'close-case');
    await officer.page.getByTestId('closed').waitFor();
    const closed = await asOfficer('GET', '');
    assert.equal(closed.closing_code, '4');
    assert.equal(closed.documents[0].signatures.find((one) => one.party_id === file.second).refusal, 'receipt');
  });

  it('an objection: the party asks for a review on its page, with its dates', async () => {
    file = await calledCase(service, officer, driver);
    await determine(service, file);
    await readToTheEnd('object');
    await tap(driver, 'object');
    await driver.page.getByTestId('statement').fill('对方突然变道，我认为双方都有责任。');
    await tap(driver, 'object-confirm');
    await driver.page.getByTestId('my-decision').waitFor();
    await tap(officer, 'tab-document');
    await note('signature');
    await tap(officer, 'close-case');
    await officer.page.getByTestId('closed').waitFor();
    await driver.page.getByTestId('ask-review').waitFor();
    await driver.page.getByTestId('deadline-REVIEW_REQUEST').scrollIntoViewIfNeeded();
    await shots(driver, '93-driver-limits');
    await tap(driver, 'ask-review');
    await tap(driver, 'review-send');
    await shots(driver, '94-driver-ask');
    await driver.page.getByTestId('review-request').fill('请求撤销原认定，重新认定双方责任。');
    await driver.page.getByTestId('review-reasons').fill('对方在路口前突然变更车道，没有打转向灯。');
    await driver.page.getByTestId('review-evidence').fill('我车的行车记录仪录像，路口的监控。');
    await tap(driver, 'review-send');
    await driver.page.locator('[data-testid="review-state"][data-state="asked"]').waitFor();
    await shots(driver, '95-driver-asked');
    assert.equal(await driver.page.getByTestId('ask-review').count(), 0, 'there is one review of an accident');
  });

  it('the desk forwards it with the file; the higher unit orders it anew', async () => {
    const item = officer.page.locator(`[data-testid="review-item"][data-case="${file.id}"]`);
    await item.waitFor();
    await item.click();
    await officer.page.getByTestId('review-facts').waitFor();
    await shots(officer, '96-desk-review');
    await tap(officer, 'review-forward');
    await officer.page.locator('[data-testid="review-facts"][data-state="forwarded"]').waitFor();
    const [saved] = await Promise.all([officer.page.waitForEvent('download'), tap(officer, 'review-packet')]);
    assert.match(saved.suggestedFilename(), /-review\.zip$/);
    await officer.page.keyboard.press('Escape');
    await driver.page.locator('[data-testid="review-state"][data-state="forwarded"]').waitFor();

    const { page } = supervisor;
    await page.locator(`[data-testid="review-item"][data-case="${file.id}"]`).click();
    await tap(supervisor, 'review-conclude');
    await tap(supervisor, 'conclude-outcome-anew');
    await page.getByTestId('conclude-unit').fill('商洛市公安局交通警察支队');
    for (const [at, [name, badge]] of [['周正', '610021'], ['吴明', '610022']].entries()) {
      await page.getByTestId(`reviewer-name-${at}`).fill(name);
      await page.getByTestId(`reviewer-badge-${at}`).fill(badge);
    }
    await tap(supervisor, 'ground-facts_unclear');
    await page.getByTestId('conclude-findings').fill('行车记录仪录像未调取，乙车是否变更车道不清。');
    await shots(supervisor, '97-supervisor-conclude');
    await tap(supervisor, 'conclude-send');
    await page.getByTestId('review-conclusion').waitFor();
    await tap(supervisor, 'review-serve');
    await page.locator('[data-testid="review-facts"][data-state="served"]').waitFor();
    await shots(supervisor, '98-supervisor-served');
    await page.keyboard.press('Escape');
    await driver.page.getByTestId('review-conclusion').waitFor();
    await driver.page.getByTestId('review-state').first().scrollIntoViewIfNeeded();
    await shots(driver, '99-driver-anew');
  });

  it('it is determined anew; the old document is revoked, and stays readable', async () => {
    await officer.page.locator(`[data-testid="reopened-item"][data-case="${file.id}"]`).getByTestId('take-reopened').click();
    await officer.page.getByTestId('anew-banner').waitFor();
    await flowing(driver.page, phone.remote);
    await until('recorded', async () => (await service.api('GET', `/api/v1/cases/${file.id}/call`, { token: await service.signIn('officer') })).participants.some((one) => one.kind === 'party' && one.recording === 'live'));
    await shots(officer, '100-desk-anew');
    const document = await determine(service, file);
    assert.match(document.number, /-D2$/);
    await sign();
    await tap(officer, 'tab-document');
    await officer.page.getByTestId('other-papers').waitFor();
    await officer.page.getByTestId('other-papers').scrollIntoViewIfNeeded();
    await shots(officer, '101-desk-papers');
    const { documents } = await service.api('GET', `/api/v1/cases/${file.id}`, { token: file.token });
    const old = documents.find((one) => one.number.endsWith('-D1'));
    assert.equal(old.replaced_by, document.id);
    assert.equal(old.signatures.length, 2);
    await driver.page.getByTestId('review-state').scrollIntoViewIfNeeded();
    await shots(driver, '102-driver-after');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, supervisor, driver]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|412|ERR_|422|406/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
