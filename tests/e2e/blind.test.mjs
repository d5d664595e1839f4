// A second look: a case is closed, drawn, and judged once; another auditor judges it by its evidence alone, hands in, and sees both
// side by side. Pictures in both languages and on dark.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { person, shot } from './lib/browser.mjs';
import { Service, build } from './lib/service.mjs';
import { calledCase, complaints, determine, forPurpose, officerAt, officerOf, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();

describe('a second look', () => {
  let service, officer, driver, first, second, file, look;
  const at = (one, id) => one.page.getByTestId(id);
  const tap = (one, id) => at(one, id).click();
  const byToken = (path, username) => service.signIn(username).then((token) => fetch(service.url + path, { headers: { authorization: `Bearer ${token}` } }));
  const pass = (days) => execFileSync(join(build, 'tests/cli/draw_samples'), [service.data, String(days)]);
  const auditorAt = async (username) => {
    const one = await person({});
    await one.page.goto(`${service.url}/audit`);
    await at(one, 'username').fill(username);
    await at(one, 'password').fill('kuaichu-demo');
    await tap(one, 'sign-in');
    await at(one, 'tab-blind').waitFor();
    return one;
  };

  before(async () => {
    service = new Service({ port: 20150 + (process.pid % 50), workers: 1 });
    pass(0); // commits to the week's sample
    await service.start();
    officer = await officerAt(service, devices);
    driver = await person({ devices: devices.driver, phone: true });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, driver, first, second })) if (one) await shot(one.page, `blind-end-${name}`).catch(() => {});
    for (const one of [officer, driver, first, second]) await one?.close().catch(() => {});
    await service?.stop();
  });

  it('a case is closed and the week ends: it is drawn, with all in which somebody objected', async () => {
    file = await calledCase(service, officer, driver);
    const asOfficer = officerOf(service, file);
    const document = await determine(service, file);
    const link = await asOfficer('POST', '/invitations', { kind: 'party', party_id: file.second });
    for (const token of [file.token, link.token]) {
      await service.api('POST', `/api/v1/cases/${file.id}/documents/${document.id}/signatures`, { token, body: { decision: 'objected', document_sha256: document.sha256, statement: '责任认定不公' } });
    }
    await asOfficer('POST', '/close', { closing_code: '3' });
    await service.halt();
    pass(8);
    await service.start();
    const { items } = await service.api('GET', '/api/v1/audit/samples', { token: await service.signIn('auditor') });
    assert.equal(items[0].cases[0].case_id, file.id);
    assert.equal(items[0].cases[0].reason, 'objected');
  });

  it('an auditor looks first and scores it; the lot comes to another, who knows nothing of it', async () => {
    const admin = await service.signIn('admin');
    await service.api('POST', '/api/v1/admin/users', { token: admin, body: { username: 'second', password: 'kuaichu-demo', role: 'auditor', name: '赵二' } });
    await service.api('POST', `/api/v1/cases/${file.id}/accesses`, { token: await service.signIn('supervisor'), body: { purpose: 'complaint' } }); // who has seen it is not drawn
    first = await auditorAt('auditor');
    await tap(first, 'tab-samples');
    await at(first, 'sample-case').locator('button').first().click();
    await forPurpose(first.page, 'sample');
    for (const [criterion, score] of [['safety', '4'], ['evidence', '5'], ['procedure', '3'], ['manner', '4']]) {
      await at(first, `score-${criterion}`).selectOption(score);
      await until('it is scored', async () => (await service.api('GET', `/api/v1/cases/${file.id}/reviews`, { token: await service.signIn('auditor') })).scores.some((one) => one.criterion === criterion));
    }
    second = await auditorAt('second');
    await tap(second, 'tab-blind');
    await at(second, 'blind-mine').waitFor();
    await shots(second, '170-blind-list');
  });

  it('the case is closed to it everywhere else', async () => {
    for (const rest of ['', '/timeline', '/reviews', '/accesses']) assert.equal((await byToken(`/api/v1/cases/${file.id}${rest}`, 'second')).status, 409, rest);
    await second.page.goto(`${service.url}/audit#case=${file.id}`);
    await second.page.reload();
    await second.page.getByText('请先提交或退回').waitFor();
    await shots(second, '171-blind-closed');
    await tap(second, 'to-blind');
    await at(second, 'blind-looks').waitFor();
  });

  it('it sees the recording, the pictures and the scene, and no word of what others came to', async () => {
    const { page } = second;
    await tap(second, 'blind-begin');
    await at(second, 'blind-room').waitFor();
    await until('a picture of the replay', () => page.getByTestId('replay-video-A').evaluate((video) => video.videoWidth > 0), { within: 30000 });
    await at(second, 'blind-still').first().waitFor();
    const text = await page.locator('body').innerText();
    for (const secret of ['王建国', '611001', '陈静', '责任认定不公', '李四', '张三', '变更车道']) assert.ok(!text.includes(secret), secret);
    assert.equal(await at(second, 'blind-hand-in').isDisabled(), true);
    await shots(second, '172-blind-room');
    await at(second, 'blind-still').first().click();
    await page.getByRole('dialog').locator('img').waitFor();
    await shot(page, '173-blind-still-zh');
    await page.keyboard.press('Escape');
  });

  it('a split that contradicts itself is refused, and nothing is lost', async () => {
    const { page } = second;
    await at(second, 'blind-liability-A').selectOption('full');
    await at(second, 'blind-liability-B').selectOption('full');
    await at(second, 'blind-accident-form').selectOption('11');
    await at(second, 'blind-score-safety').selectOption('4');
    await at(second, 'blind-score-evidence').selectOption('3');
    await at(second, 'blind-score-manner').selectOption('4');
    await at(second, 'blind-text').fill('乙车也未注意观察。');
    await tap(second, 'blind-hand-in');
    await tap(second, 'blind-sure');
    await page.getByText('只能有一方承担全部责任').first().waitFor();
    assert.equal(await at(second, 'blind-text').inputValue(), '乙车也未注意观察。');
    await at(second, 'blind-hand-in').scrollIntoViewIfNeeded();
    await shots(second, '174-blind-refused');
    await tap(second, 'blind-give-back');
    await tap(second, 'blind-back-sure');
    await page.getByText('请写明理由').waitFor();
    await shots(second, '175-blind-give-back');
    await page.keyboard.press('Escape');
  });

  it('it hands in, and both are shown side by side', async () => {
    const { page } = second;
    await at(second, 'blind-liability-A').selectOption('primary');
    await at(second, 'blind-liability-B').selectOption('secondary');
    await tap(second, 'blind-hand-in');
    await tap(second, 'blind-sure');
    await at(second, 'blind-comparison').waitFor();
    assert.equal(await at(second, 'blind-answer-liability').getAttribute('data-differs'), 'true');
    assert.match(await at(second, 'blind-answer-liability').innerText(), /全部责任[\s\S]*主要责任/);
    assert.equal(await at(second, 'blind-answer-accident_form').getAttribute('data-differs'), 'false');
    assert.equal(await at(second, 'blind-answer-evidence').getAttribute('data-differs'), 'true');
    assert.equal(await page.getByTestId('blind-answer-procedure').count(), 0);
    await shots(second, '176-blind-comparison');
    assert.equal((await byToken(`/api/v1/cases/${file.id}`, 'second')).status, 200);
    look = new URLSearchParams(new URL(page.url()).hash.slice(1)).get('look');
  });

  it('how far both agree is counted, and the first auditor sees both too', async () => {
    await tap(first, 'audit-back');
    await tap(first, 'tab-blind');
    await at(first, 'blind-rates').waitFor();
    const liability = first.page.locator('[data-testid="blind-rate"][data-question="liability"]').first();
    assert.match(await liability.innerText(), /0\.0% \(0\.0–79\.3\)/);
    await shots(first, '177-blind-rates');
    await first.page.locator('[data-testid="blind-other"][data-state="handed_in"] button').click();
    await at(first, 'blind-comparison').waitFor();
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await service.signIn('auditor') });
    assert.deepEqual([...new Set(items.map((one) => one.kind).filter((kind) => kind.startsWith('blind.')))], ['blind.assigned', 'blind.handed_in', 'blind.disclosed']);
    assert.ok(look);
  });

  it('the lot comes to the same again, from the log', async () => {
    await service.halt();
    assert.match(execFileSync(join(build, 'src/cli/kuaichu'), ['--data', service.data, 'samples', 'verify'], { encoding: 'utf8' }), /1 samples of 1 cases are right.* 1 times/);
    await service.start();
  });

  it('nobody’s page complains', () => assert.deepEqual(complaints([first, second]), []));
});
