// Reports in the browser of who oversees the desk: what the page says is what the service counted, each figure leads to as many
// cases as it says, and the year reads as a work report.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { person, shot } from './lib/browser.mjs';
import { build, Service } from './lib/service.mjs';
import { complaints, until } from './lib/flow.mjs';

const DAY = 86_400_000;
const there = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
const yesterday = there(Date.now() - DAY), from = there(Date.now() - 90 * DAY);
const number = (text) => Number(text.replace(/[^\d]/g, ''));

describe('reports', () => {
  let service, one, token;
  const get = (path) => service.api('GET', path, { token });
  const at = (id) => one.page.getByTestId(id);
  const shown = async (id) => number(await at(id).innerText());
  const open = async (hash) => {
    await one.page.goto('about:blank');
    await one.page.goto(`${service.url}/audit#tab=reports&${hash}`);
  };
  const custom = `period=custom&from=${from}&to=${yesterday}`;

  before(async () => {
    service = new Service({ port: 19800 + (process.pid % 50), workers: 1 });
    execFileSync(join(build, 'tests/cli/make_cases'), [service.data, '600', '2', yesterday]);
    await service.start();
    token = await service.signIn('auditor');
    one = await person({ permissions: [] });
    await one.page.goto(`${service.url}/audit`);
    await at('username').fill('supervisor');
    await at('password').fill('kuaichu-demo');
    await at('sign-in').click();
    await at('tab-reports').click();
  });
  after(async () => {
    await one?.close().catch(() => {});
    await service?.stop();
  });

  it('a supervisor comes to the reports by the tab, and an officer sees none', async () => {
    await at('reports-range').waitFor();
    const officer = await person({ permissions: [] });
    await officer.page.goto(`${service.url}/audit`);
    await officer.page.getByTestId('username').fill('officer');
    await officer.page.getByTestId('password').fill('kuaichu-demo');
    await officer.page.getByTestId('sign-in').click();
    await officer.page.getByTestId('audit-search').waitFor();
    assert.equal(await officer.page.getByTestId('tab-reports').count(), 0);
    await officer.close();
  });

  it('what the page says is what the service counted', async () => {
    const report = await get(`/api/v1/reports/summary?from=${from}&to=${yesterday}&by=county`);
    await open(custom);
    await at('figure-cases').waitFor();
    assert.ok(report.total.figures.cases > 80, `${report.total.figures.cases} cases`);
    for (const figure of ['cases', 'remote', 'determined', 'agreed', 'on_scene', 'abandoned', 'answered', 'answered_in_time', 'ended_in_time', 'recorded', 'shots_complete'])
      assert.equal(await shown(`figure-${figure}`), report.total.figures[figure], figure);
    for (const group of report.breakdowns[0].groups) assert.equal(await shown(`cell-${group.key}-remote`), group.figures.remote, group.key);
    await until('three charts', async () => (await one.page.locator('.uplot canvas').count()) === 3);
    await shot(one.page, 'reports-zh');
    await one.page.screenshot({ path: 'artefacts/reports-zh-full.png', fullPage: true });
  });

  it('a figure leads to as many cases as it says, and a case opens', async () => {
    const largest = (await get(`/api/v1/reports/summary?from=${from}&to=${yesterday}&by=county`)).breakdowns[0].groups[0];
    await open(custom);
    await at(`cell-${largest.key}-cases`).focus();
    await one.page.keyboard.press('Enter');
    await at('behind-count').waitFor();
    await at('behind-case').first().waitFor();
    while (await at('behind-more').count()) {
      const listed = await at('behind-case').count();
      await at('behind-more').click();
      await until('more cases', async () => (await at('behind-case').count()) > listed);
    }
    assert.equal(await at('behind-case').count(), largest.figures.cases);
    assert.equal(new Set(await at('behind-case').evaluateAll((rows) => rows.map((row) => row.dataset.case))).size, largest.figures.cases);
    await shot(one.page, 'reports-cases-zh');
    await one.page.goBack();
    await at(`cell-${largest.key}-on_scene`).click();
    await at('behind-case').first().waitFor();
    assert.equal(await at('behind-case').count(), Math.min(largest.figures.on_scene, 50));
    const id = await at('behind-case').first().getAttribute('data-case');
    await at('behind-case').first().getByRole('button').click();
    await until('the case is open', () => one.page.url().includes(`case=${id}`));
  });

  it('broken down by anything, in English, in the dark, compared with before', async () => {
    await one.page.emulateMedia({ colorScheme: 'dark' });
    await one.page.evaluate(() => localStorage.setItem('kc.lang', 'en'));
    await open(`${custom}&by=scenario&compare=1`);
    await at('figure-cases').waitFor();
    await until('the charts', async () => (await one.page.locator('.uplot canvas').count()) === 3);
    await one.page.getByText('on the period before').first().waitFor();
    await shot(one.page, 'reports-en-dark');
    await one.page.screenshot({ path: 'artefacts/reports-en-dark-full.png', fullPage: true });
    for (const by of ['channel', 'form', 'officer', 'hour', 'outcome', 'closing_code', 'ground']) {
      await at(`by-${by}`).click();
      const report = await get(`/api/v1/reports/summary?from=${from}&to=${yesterday}&by=${by}`);
      await until(`the table of ${by}`, async () => (await at('group-table').locator('tbody tr').count()) === report.breakdowns[0].groups.length);
      for (const { key, figures } of report.breakdowns[0].groups) assert.equal(await shown(`cell-${key || 'none'}-cases`), figures.cases, `${by} ${key}`);
    }
    await at('by-ground').focus();
    await one.page.keyboard.press('Home');
    await until('the keys move among the tabs', async () => (await at('by-county').getAttribute('aria-selected')) === 'true');
  });

  it('CSV is what the service says', async () => {
    const [file] = await Promise.all([one.page.waitForEvent('download'), at('reports-csv').click()]);
    const text = readFileSync(await file.path(), 'utf8');
    assert.match(text, /^\ufeffby,key,title,cases,remote,/);
    const total = (await get(`/api/v1/reports/summary?from=${from}&to=${yesterday}`)).total.figures;
    assert.equal(text.split('\r\n')[1].split(',')[3], String(total.cases));
    assert.match(text, /channel,app_12123,the 12123 app,/);
  });

  it('the year reads as a work report whose figures lead to their cases', async () => {
    await one.page.emulateMedia({ colorScheme: 'light' });
    await one.page.evaluate(() => localStorage.setItem('kc.lang', 'zh-CN'));
    const year = Number(yesterday.slice(0, 4));
    const report = await get(`/api/v1/reports/year?year=${year}`);
    await open(`period=year&year=${year}`);
    await at('year-report').waitFor();
    const text = await at('year-report').innerText();
    assert.ok(text.includes(`全年通过远程视频处理事故 ${report.now.total.figures.remote.toLocaleString('en')} 起，其中`));
    await until('the chart of months', async () => (await one.page.locator('.uplot canvas').count()) === 1);
    await shot(one.page, 'reports-year-zh');
    await one.page.screenshot({ path: 'artefacts/reports-year-zh-full.png', fullPage: true });
    await one.page.emulateMedia({ media: 'print' });
    await one.page.screenshot({ path: 'artefacts/reports-year-print.png', fullPage: true });
    await one.page.emulateMedia({ media: 'screen' });
    const [file] = await Promise.all([one.page.waitForEvent('download'), at('year-pdf').click()]);
    assert.equal(readFileSync(await file.path()).subarray(0, 5).toString(), '%PDF-');
    const app = at('prose-remote-app_12123');
    const said = number(await app.innerText());
    await app.click();
    await at('behind-case').first().waitFor();
    while (await at('behind-more').count()) {
      const listed = await at('behind-case').count();
      await at('behind-more').click();
      await until('more cases', async () => (await at('behind-case').count()) > listed);
    }
    assert.equal(await at('behind-case').count(), said);
    await one.page.evaluate(() => localStorage.setItem('kc.lang', 'en'));
    await open(`period=year&year=${year}`);
    await at('year-report').waitFor();
    await shot(one.page, 'reports-year-en');
    await one.page.evaluate(() => localStorage.setItem('kc.lang', 'zh-CN'));
  });

  it('nothing in a period, wrong days and a service that fails say so', async () => {
    await open('period=custom&from=2001-01-01&to=2001-01-02');
    await at('reports-empty').waitFor();
    await shot(one.page, 'reports-empty-zh');
    await at('reports-from').fill('2001-02-01');
    await at('reports-show').click();
    await one.page.getByText('起始不晚于截止').waitFor();
    await one.page.route('**/api/v1/reports/summary**', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"title":"x","status":500}' }));
    await open(custom);
    const again = one.page.getByRole('button', { name: '重试' });
    await again.waitFor();
    await shot(one.page, 'reports-error-zh');
    await one.page.unroute('**/api/v1/reports/summary**');
    await again.click();
    await at('figure-cases').waitFor();
  });

  it('nothing on any of these screens bars anybody', () => {
    assert.deepEqual(complaints([one], /status of (40[13469]|412|422|500)|ERR_/), []);
  });
});
