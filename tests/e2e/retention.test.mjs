// A supervisor looks at what the rules will erase, holds a case by its number and lifts the hold again; in both languages and the dark.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { person, shot } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';

const NO = Object.fromEntries([
  'death', 'licence_problem', 'alcohol_or_drugs', 'overloaded_or_speeding_passenger_vehicle', 'plate_problem', 'cannot_move', 'party_left',
  'intent', 'no_inspection_or_insurance_mark', 'facility_damage', 'hazardous_goods'].map((key) => [key, false]));

describe('retention and legal holds', () => {
  let service, supervisor, one;
  const page = () => supervisor.page;
  const by = (id) => page().getByTestId(id);

  before(async () => {
    service = await new Service({ port: 19560 + (process.pid % 30), workers: 1 }).start();
    one = await service.api('POST', '/api/v1/cases', {
      body: { channel: 'web', place: { text: '商州区北新街与工农路路口' }, triage: { ...NO, injury: 'none' }, consents: ['recording', 'location'], party: { name: '张三', phone: '13800000000' } },
    });
    supervisor = await person({ permissions: [] });
    await page().goto(`${service.url}/admin#retention`);
    await by('username').fill('supervisor');
    await by('password').fill('kuaichu-demo');
    await by('sign-in').click();
    await by('retention').waitFor();
  });
  after(async () => {
    if (supervisor) await shot(page(), 'retention-end').catch(() => {});
    await supervisor?.close();
    await service?.stop();
  });

  it('holds a case by its number', async () => {
    await by('retention').getByText('没有内容到期').waitFor();
    await by('place').click();
    await by('hold-number').fill('C-20200101-000001');
    await by('hold-reason').fill('法院调取证据');
    await by('hold-basis').fill('道路交通事故处理程序规定第106条');
    await by('hold-go').click();
    await by('place-hold').getByText('没有此编号的案件').waitFor();
    await by('hold-number').fill(one.case.number);
    await by('hold-go').click();
    await by('hold').getByText(one.case.number).waitFor();
    await by('hold').getByText('法院调取证据').waitFor();
    await shot(page(), '97-retention');
  });

  it('lifts it, in English and in the dark', async () => {
    await page().emulateMedia({ colorScheme: 'dark' });
    await page().getByTestId('lang').first().click();
    await by('retention').getByRole('heading', { name: 'Legal holds' }).waitFor();
    await shot(page(), '98-retention-dark-en');
    await by('lift').click();
    await by('lift-reason').fill('The court has ruled');
    await by('lift-go').click();
    await by('retention').getByText('No case is on hold').waitFor();
    assert.deepEqual(page().barriers, []);
    assert.deepEqual(page().errors, []);
  });
});
