// What a party may do for itself: say in private that it feels pressed, be served on its page or on paper, give and withdraw
// its consents, ask that an officer be recused. Pictures in both languages, light and dark.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { calledCase, determine, officerAt, officerOf, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('what a party may do', () => {
  let service, officer, first, second, file;
  const at = (one, id) => one.page.getByTestId(id);
  const tap = (one, id) => at(one, id).click();
  const asOfficer = (...said) => officerOf(service, file)(...said);
  const party = async () => {
    const one = await person({ devices: devices.driver, phone: true });
    await small(one);
    return one;
  };

  before(async () => {
    service = await new Service({ port: 19700 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices, { prepare: small });
    first = await party();
    second = await party();
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, first, second })) if (one) await shot(one.page, `party-end-${name}`).catch(() => {});
    for (const one of [officer, first, second]) await one?.close().catch(() => {});
    await service?.stop();
  });

  /** A new case in a call, with a still; the second party is there by its own link. */
  async function called() {
    file = await calledCase(service, officer, first);
    const link = await asOfficer('POST', '/invitations', { kind: 'party', party_id: file.second });
    file.secondToken = link.token;
    await second.page.goto(new URL(link.url, service.url).href);
  }

  const read = async (one) => {
    await at(one, 'document-text').locator('pre').waitFor();
    await until('read to the end', async () => {
      await at(one, 'document-text').evaluate((paper) => paper.scrollTo(0, paper.scrollHeight));
      return at(one, 'refuse').isEnabled();
    });
  };
  const draw = async (one) => {
    await tap(one, 'sign');
    const canvas = one.page.locator('[data-testid="signature-canvas"][data-ready="true"]');
    await canvas.waitFor();
    const box = await canvas.boundingBox();
    await one.page.mouse.move(box.x + 40, box.y + 60);
    await one.page.mouse.down();
    await one.page.mouse.move(box.x + 160, box.y + 40, { steps: 8 });
    await one.page.mouse.up();
  };

  it('1. one of them feels pressed: nobody signs, the other does not learn why, the officer speaks with it', async () => {
    await called();
    await determine(service, file);
    await read(second);
    await tap(second, 'pause');
    await tap(second, 'pause-other_party');
    await at(second, 'pause-words').fill('他一直在催我签字');
    await shots(second, '150-pause-ask');
    await tap(second, 'pause-tell');
    await at(second, 'paused').waitFor();
    assert.equal(await at(second, 'sign').isDisabled(), true);
    assert.equal(await at(second, 'refuse').isEnabled(), true, 'one may always refuse');
    await shots(second, '151-paused');
    await read(first);
    assert.equal(await at(first, 'paused').count(), 0);
    await draw(first);
    await tap(first, 'sign-confirm');
    await first.page.getByTestId('toast').getByText('签名暂停').waitFor();
    await shot(first.page, '152-other-while-paused');
    await tap(first, 'sign-cancel');
    await at(officer, 'pause-item').waitFor();
    await tap(officer, 'tab-document');
    await at(officer, 'pause-banner').waitFor();
    await shots(officer, '153-desk-pause');
    await tap(officer, 'pause-handle');
    await at(officer, 'pause-note').fill('已请甲方离开，单独问过乙方，自愿继续。');
    await shots(officer, '154-desk-pause-handle');
    await tap(officer, 'pause-resolve');
    await at(officer, 'pause-item').waitFor({ state: 'detached' });
    await at(second, 'pause-resumed').waitFor();
    await shots(second, '155-pause-resumed');
  });

  it('2. who agreed to electronic service is served by signing; who did not gets paper, and the desk notes it', async () => {
    await draw(first);
    await tap(first, 'sign-confirm');
    await first.page.locator('[data-testid="served"][data-way="electronic"]').waitFor();
    await at(first, 'deadline-REVIEW_REQUEST').waitFor();
    await shots(first, '156-served');
    assert.equal(await at(second, 'electronic').isChecked(), false);
    await shots(second, '157-electronic-choice');
    await draw(second);
    await tap(second, 'sign-confirm');
    await at(second, 'on-paper').waitFor();
    assert.equal(await at(second, 'deadline-REVIEW_REQUEST').count(), 0, 'nothing runs before it is served');
    await shots(second, '158-on-paper');
    await officer.page.locator('[data-testid="service-B"][data-state="on_paper"]').waitFor();
    await at(officer, 'unserved').waitFor();
    await shots(officer, '159-desk-service');
    await tap(officer, 'record-service-B');
    await tap(officer, 'service-way-posted');
    await at(officer, 'service-note').fill('EMS 1234567890');
    await shots(officer, '160-desk-record-service');
    await tap(officer, 'service-confirm');
    await officer.page.locator('[data-testid="service-B"][data-way="paper"]').waitFor();
    await second.page.locator('[data-testid="served"][data-way="paper"]').waitFor();
    await at(second, 'deadline-REVIEW_REQUEST').waitFor();
    await tap(second, 'evidence');
    await at(second, 'evidence-picture').first().locator('img').waitFor();
    assert.equal(await at(second, 'evidence-picture').count(), 1);
    // Who looked of the staff, without their names.
    await at(second, 'looked').scrollIntoViewIfNeeded();
    await shots(second, '170-evidence');
    const saved = second.page.waitForEvent('download');
    await tap(second, 'evidence-save');
    assert.match((await saved).suggestedFilename(), /^C-\d{8}-000001-.*\.jpeg$/);
    await tap(second, 'evidence-close');
    await tap(officer, 'close-case');
    await at(officer, 'closed').waitFor();
  });

  it('3. a refusal to sign is noted; the party opens the document and says that it has it', async () => {
    await called();
    const document = await determine(service, file);
    await read(first);
    await draw(first);
    await tap(first, 'sign-confirm');
    await asOfficer('POST', `/documents/${document.id}/signatures`, { decision: 'refused', document_sha256: document.sha256, party_id: file.second, statement: '不愿签名' });
    await at(second, 'on-paper').waitFor();
    await tap(second, 'agree-electronic');
    await at(second, 'to-confirm').waitFor();
    await until('the page was opened before', () => at(second, 'received').isEnabled());
    await shots(second, '161-to-confirm');
    await tap(second, 'received');
    await second.page.locator('[data-testid="served"][data-way="electronic"]').waitFor();
    await officer.page.locator('[data-testid="service-B"][data-way="electronic"]').waitFor();
    await at(second, 'deadline-REVIEW_REQUEST').waitFor();
    await asOfficer('POST', '/close', { closing_code: '4' });
    await at(officer, 'closed').waitFor();
  });

  it('4. its consents: read, given and withdrawn, each with what follows said before; an officer is asked to step back', async () => {
    await called();
    await tap(first, 'rights');
    await at(first, 'consent-recording').waitFor();
    assert.equal(await at(first, 'consent-electronic_service').getAttribute('data-given'), 'true');
    assert.equal(await at(first, 'consent-insurer').getAttribute('data-given'), 'false');
    await tap(first, 'give-insurer');
    await first.page.locator('[data-testid="consent-insurer"][data-given="true"]').waitFor();
    await shots(first, '162-rights');
    await tap(first, 'withdraw-location');
    await at(first, 'consent-withdraw').waitFor();
    await shots(first, '163-withdraw-location');
    await tap(first, 'withdraw-yes');
    await first.page.locator('[data-testid="consent-location"][data-given="false"]').waitFor();
    const { place } = await asOfficer('GET', '');
    assert.equal(place.latitude, null);
    assert.equal(place.text, '商州区北新街与工农路路口');
    await at(first, 'recusal').scrollIntoViewIfNeeded();
    await tap(first, 'recusal-send');
    await at(first, 'recusal-reason').fill('办案民警是对方的亲戚。');
    await shots(first, '164-recusal');
    await tap(first, 'recusal-send');
    await at(first, 'recusal-asked').waitFor();
    await shots(first, '165-recusal-asked');
    await tap(officer, 'tab-parties');
    await at(officer, 'recusal-open').waitFor();
    await at(officer, 'ledger-A').locator('summary').click();
    await at(officer, 'ledger-A').getByText('手机定位').last().waitFor();
    await shots(officer, '166-desk-ledger');
    const supervisor = await service.signIn('supervisor');
    const { items } = await service.api('GET', '/api/v1/recusals', { token: supervisor });
    await service.api('POST', `/api/v1/recusals/${items.find((one) => one.case_id === file.id).id}/decision`, { token: supervisor, body: { decision: 'rejected', note: '经查没有亲属关系。' } });
    await first.page.locator('[data-testid="recusal-asked"][data-decision="rejected"]').waitFor();
    await shots(first, '167-recusal-decided');
    await tap(first, 'rights-close');
  });

  it('5. without its consent to be recorded the call ends, and an officer is sent', async () => {
    await tap(first, 'rights');
    await tap(first, 'withdraw-recording');
    await shots(first, '168-withdraw-recording');
    await tap(first, 'withdraw-yes');
    await at(first, 'on-scene-title').waitFor();
    await at(second, 'on-scene-title').waitFor();
    await at(officer, 'scene-banner').waitFor();
    await shots(officer, '169-desk-no-recording');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, first, second]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|412|422|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
