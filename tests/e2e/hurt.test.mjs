// A car and a cyclist, slightly hurt, and everybody agrees to the simplified procedure (Order 146, arts. 5, 23): an officer of
// the grade determines it by video, a supervisor looks at it as well, both sign.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, complaints, desk, flowing, officerAt, phone, queuedCase, shots, sign, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('a car and a cyclist, slightly hurt, with consent', () => {
  let service, officer, supervisor, driver, rider, file;
  const tap = (one, id) => one.page.getByTestId(id).click();
  const look = async () => service.api('GET', `/api/v1/cases/${file.id}`, { token: await service.signIn('officer') });
  const agrees = (party, token) => service.api('PUT', `/api/v1/cases/${file.id}/parties/${party}/consents`, { token, body: { kind: 'simplified_procedure', given: true } });

  before(async () => {
    service = await new Service({ port: 19950 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices, { prepare: small });
    supervisor = await officerAt(service, devices, { username: 'supervisor', prepare: small });
    file = await queuedCase(service, { injury: 'slight', all_parties_agree: true });
    const { case: opened } = { case: await service.api('GET', `/api/v1/cases/${file.id}`, { token: file.token }) };
    assert.equal(opened.eligibility.outcome, 'remote');
    await service.api('PATCH', `/api/v1/cases/${file.id}/parties/${file.party}`, { token: file.token, body: { vehicle_type: 'K3', licence_number: '612501199001011239', insurer: '人保财险', insurance_certificate: 'PDZA202661010000001' } });
    await agrees(file.party, file.token);
    const cyclist = await service.api('POST', `/api/v1/cases/${file.id}/parties`, { token: file.token, body: { kind: 'non_motor', name: '李四', phone: '13900000001', vehicle_type: 'F1', id_number: '612501199205051240' } });
    const link = await service.api('POST', `/api/v1/cases/${file.id}/invitations`, { token: file.token, body: { kind: 'party', party_id: cyclist.party.id } });
    await agrees(cyclist.party.id, link.token);
    for (const one of [driver = await person({ devices: devices.driver, phone: true }), rider = await person({ devices: devices.driver, phone: true })]) await small(one);
    await driver.page.goto(service.url + file.url);
    await rider.page.goto(new URL(link.url, service.url).href);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, supervisor, driver, rider })) if (one) await shot(one.page, `hurt-end-${name}`).catch(() => {});
    for (const one of [officer, supervisor, driver, rider]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('who is hurt is told where help is, the desk sees that both agree', async () => {
    await claim(officer, file.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    for (const label of ['A', 'B']) assert.equal(await officer.page.getByTestId(`consent-${label}`).getAttribute('data-given'), 'true');
    await officer.page.getByTestId('hospital').waitFor();
    await shots(officer, '150-desk-hurt');
  });

  it('filmed, cleared, determined; what the officer drafted waits for a supervisor', async () => {
    // Four browsers share the machine: a still that came to nothing is taken again.
    await until('the required stills', async () => {
      const missing = await officer.page.locator('.shot--must').count();
      if (missing > 0) await tap(officer, 'snapshot');
      return missing === 0;
    }, { within: 60000, every: 1500 });
    await officer.page.keyboard.press('e');
    for (const one of [driver, rider]) await one.page.getByTestId('evacuate-ok').click();
    await tap(officer, 'tab-facts');
    await officer.page.getByTestId('weather').selectOption('1');
    await officer.page.getByTestId('accident-form').selectOption('11');
    await officer.page.getByTestId('collision-type').selectOption('5');
    await officer.page.getByTestId('injured').fill('1');
    await officer.page.getByTestId('damage').fill('600');
    await tap(officer, 'tab-liability');
    await officer.page.getByTestId('collision-part-A').selectOption('front_right');
    await officer.page.getByTestId('collision-part-B').selectOption('front');
    await tap(officer, 'browse-A');
    await officer.page.getByTestId('gallery-search').fill('右转');
    await officer.page.locator('[data-testid^="gallery-"][aria-pressed]').first().click();
    await officer.page.getByTestId('proposal').waitFor();
    await officer.page.keyboard.press('Alt+u');
    await tap(officer, 'tab-facts');
    await tap(officer, 'draft-facts');
    assert.match(await officer.page.getByTestId('facts').inputValue(), /受伤/);
    await until('whole', async () => await officer.page.getByTestId('draft-saved').textContent() === '内容完整、前后一致');
    assert.equal(await officer.page.getByTestId('issue').isDisabled(), true, 'a supervisor comes first');
    await tap(officer, 'ask-approval');
    await tap(supervisor, 'approval-item');
    await until('the draft is shown', () => supervisor.page.getByTestId('approve').isEnabled());
    await shots(supervisor, '151-supervisor-second-look');
    await tap(supervisor, 'approve');
    await officer.page.locator('[data-testid="approval"][data-state="approved"]').waitFor();
    await officer.page.keyboard.press('Control+Enter');
    await tap(officer, 'confirm-issue');
    await officer.page.getByTestId('signature-B').waitFor();
  });

  it('both read it and sign; it names the injury and whose fault it was, and closes', async () => {
    for (const [label, one] of [['A', driver], ['B', rider]]) {
      await one.page.getByTestId('document-text').waitFor();
      if (label === 'B') await shots(one, '152-rider-document');
      await sign(one);
      await officer.page.getByTestId(`signature-${label}`).getByText('已签名').waitFor();
    }
    const served = await look();
    assert.equal(served.state, 'served');
    assert.deepEqual(served.determination.parties.map((one) => one.liability), ['full', 'none']);
    assert.equal(served.determination.injured, 1);
    const text = await service.api('GET', `/api/v1/cases/${file.id}/documents/${served.documents[0].id}`, { token: file.token, headers: { accept: 'text/plain' } });
    assert.match(text, /受伤/);
    await officer.page.keyboard.press('Control+Enter');
    await officer.page.getByTestId('closed').waitFor();
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => assert.deepEqual(complaints([officer, supervisor, driver, rider]), []));
});
