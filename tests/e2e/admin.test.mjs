// An admin changes the rules while the service runs: a preview first, then a new case follows them and the old one doesn't.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { person, shot } from './lib/browser.mjs';
import { atDesk } from './lib/flow.mjs';
import { Service, build } from './lib/service.mjs';

const NO = Object.fromEntries([
  'death', 'licence_problem', 'alcohol_or_drugs', 'overloaded_or_speeding_passenger_vehicle', 'plate_problem', 'cannot_move', 'party_left',
  'intent', 'no_inspection_or_insurance_mark', 'facility_damage', 'hazardous_goods'].map((key) => [key, false]));

describe('rules that change', () => {
  let service, admin, old;
  const page = () => admin.page;
  const by = (id) => page().getByTestId(id);
  const fileOf = (name) => page().locator(`[data-testid="file"][data-file="${name}"]`);
  const config = () => service.api('GET', '/api/v1/config');
  const rulesOf = async (one) => (await service.api('GET', `/api/v1/cases/${one.case.id}`, { token: one.token })).rules_number;
  const open = (loss_cny) => service.api('POST', '/api/v1/cases', {
    body: { channel: 'web', place: { text: '商州区北新街与工农路路口' }, triage: { ...NO, injury: 'none', loss_cny }, consents: ['recording', 'location'], party: { name: '张三', phone: '13800000000' } },
  });
  /** Replaces in the text as a person would: the whole text is typed anew. */
  const replace = async (from, to) => {
    const text = await by('rule-text').inputValue();
    assert.ok(text.includes(from), `no ${from}`);
    await by('rule-text').fill(text.replace(from, to));
  };

  before(async () => {
    service = await new Service({ port: 19500 + (process.pid % 50), workers: 1 }).start();
    admin = await person({ permissions: [] });
    await page().goto(`${service.url}/admin`);
    await by('username').fill('admin');
    await by('password').fill('kuaichu-demo');
    await by('sign-in').click();
    await by('in-force').getByText('现行版本 1').waitFor();
    old = await open(15000);
    assert.equal(old.eligibility.outcome, 'remote');
  });
  after(async () => {
    if (admin) await shot(page(), 'admin-end').catch(() => {});
    await admin?.close();
    await service?.stop();
  });

  it('a wrong text is refused with its line, as it is written and when it is sent', async () => {
    await fileOf('eligibility.json').click();
    await replace('"more_than": 20000', '"more_than": "20000"');
    await by('problem').getByText('第 ').waitFor();
    const said = await by('problem').textContent();
    const text = await by('rule-text').inputValue();
    const line = text.slice(0, text.indexOf('"more_than": "20000"')).split('\n').length;
    assert.match(said, new RegExp(`第 ${line} 行第 \\d+ 列：a number is expected`));
    await by('go-to').click();
    const selected = await by('rule-text').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd));
    assert.match(selected, /"more_than": "20000"/);
    await shot(page(), '90-admin-wrong');
    await page().keyboard.press('Control+Enter');
    await by('enact').getByText('a number is expected').waitFor();
    assert.equal(await by('enact-go').isDisabled(), true);
    await page().keyboard.press('Escape');
    const refused = await service.api('POST', '/api/v1/admin/rules', { token: await service.signIn('admin'), body: { files: [{ name: 'eligibility.json', text }], reason: 'x' } }).then(() => null, (error) => error);
    assert.match(String(refused), /422/);
    assert.equal((await config()).rules_number, 1);
    await by('undo').click();
    await by('problem').waitFor({ state: 'detached' });
  });

  it('a limit changes with a preview; a new case follows it, the old one keeps its own', async () => {
    await replace('"more_than": 20000', '"more_than": 10000');
    await by('check').getByText('内容有效').waitFor();
    await page().keyboard.press('Control+Enter');
    await by('change').getByText('20000').waitFor();
    await by('change').getByText('10000').waitFor();
    await by('open-cases').getByText('在办 1 件').waitFor();
    await by('enact-reason').fill('支队通知：快处限额调整为一万元');
    await shot(page(), '91-admin-preview');
    await by('enact-go').click();
    await by('in-force').getByText('现行版本 2').waitFor();
    const fresh = await open(15000);
    assert.equal(fresh.eligibility.outcome, 'on_scene');
    assert.equal(await rulesOf(fresh), 2);
    assert.equal(await rulesOf(old), 1);
    const kept = await service.api('GET', `/api/v1/cases/${old.case.id}`, { token: old.token });
    assert.equal(kept.eligibility.outcome, 'remote');
    assert.equal(kept.state, 'triaged');
  });

  it('a new year is added from a later day on, withdrawn, and the first version comes back', async () => {
    await by('new-year').click();
    await by('check').getByText('内容有效').waitFor();
    await by('see-changes').click();
    await by('enact-reason').fill('国务院办公厅通知');
    await by('enact-day').fill('2099-01-01');
    await by('enact-go').click();
    await by('in-force').getByText('版本 3 将于').waitFor();
    await by('history').click();
    await by('withdraw').click();
    await page().locator('[data-testid="version"][data-number="3"]').getByText('已撤回').waitFor();
    await shot(page(), '92-admin-history');
    await page().locator('[data-testid="version"][data-number="1"]').getByTestId('revert').click();
    await by('change').getByText('20000').waitFor();
    await by('enact-reason').fill('恢复原限额');
    await by('enact-go').click();
    await by('in-force').getByText('现行版本 4').waitFor();
    assert.equal((await open(15000)).eligibility.outcome, 'remote');
  });

  it('reads in English, in the dark and on a phone', async () => {
    await page().getByTestId('lang').first().click();
    await by('in-force').getByText('Version 4 is in force').waitFor();
    await fileOf('deadlines.json').click();
    await by('rule-text').waitFor();
    await page().emulateMedia({ colorScheme: 'dark' });
    await shot(page(), '93-admin-dark-en');
    await page().setViewportSize({ width: 390, height: 844 });
    await shot(page(), '94-admin-phone');
    assert.deepEqual(page().barriers, []);
    assert.deepEqual(page().errors.filter((one) => !/422/.test(one)), []);
  });

  it('the log as it is published is one click away, with who cosigns it', async () => {
    await page().setViewportSize({ width: 1600, height: 900 });
    await page().getByTestId('lang').first().click();
    await by('log').click();
    await by('checkpoint').getByText('kuaichu.localhost/log').waitFor();
    await page().getByText('没有见证人').waitFor();
    await shot(page(), '95-admin-log');
    await page().emulateMedia({ colorScheme: 'dark' });
    await shot(page(), '96-admin-log-dark');
  });

  it('an account that is disabled is signed out where it is, and can be enabled again', async () => {
    const account = (verb) => execFileSync(join(build, 'src/cli/kuaichu'), ['--data', service.data, 'user', verb, '--username', 'officer'],
      { encoding: 'utf8', env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
    const officer = await atDesk(service, await person({ permissions: [] }));
    try {
      assert.match(account('disable'), /is disabled and its sessions have ended/);
      await officer.page.getByTestId('sign-in').waitFor({ timeout: 30_000 });
      await shot(officer.page, '97-admin-disabled');
      account('enable');
      await atDesk(service, officer);
    } finally {
      await officer.close();
    }
  });
});
