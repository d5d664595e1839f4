// Where the desk's policy draws lots: the seed is committed to, one who is free is drawn, asked with a clock, and answers by key.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { shot } from './lib/browser.mjs';
import { Service, patience } from './lib/service.mjs';
import { desk, flowing, officerAt, queuedCase, until } from './lib/flow.mjs';

const devices = fakeDevices();
const ACCEPT_S = 15;

/** The rules of the tree, but with lots. */
function rulesWithLots() {
  const dir = mkdtempSync(join(tmpdir(), 'kuaichu-rules-'));
  cpSync(fileURLToPath(new URL('../../schema/rules', import.meta.url)), dir, { recursive: true });
  const file = join(dir, 'desk.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), assignment: 'draw', accept_s: ACCEPT_S }));
  return dir;
}

/** Who is drawn, worked out from what is published, without a line of the service's. */
function drawnAgain({ number, case_id, seed, candidates }) {
  for (let block = 0; ; block += 1) {
    const value = createHmac('sha256', Buffer.from(seed, 'hex')).update(`kuaichu draw 1\n${number}\n${case_id}\n${block}\n`).digest().readBigUInt64BE();
    if (value < 2n ** 64n - (2n ** 64n % BigInt(candidates.length))) return candidates[Number(value % BigInt(candidates.length))].id;
  }
}

describe('a desk where lots are drawn', () => {
  const rules = rulesWithLots();
  let service, officer, supervisor, tokens = {}, file;
  const drawn = async () => (await service.api('GET', '/api/v1/draws', { token: tokens.supervisor })).items;
  const row = (number) => supervisor.page.locator(`[data-testid="draw"][data-number="${number}"]`);
  const offer = () => officer.page.getByTestId('offer');

  before(async () => {
    service = await new Service({ port: 19700 + (process.pid % 50), workers: 1, args: ['--rules', rules] }).start();
    for (const name of ['officer', 'supervisor']) tokens[name] = await service.signIn(name);
    officer = await officerAt(service, devices);
    supervisor = await officerAt(service, devices, { username: 'supervisor' });
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, supervisor })) {
      if (one) await shot(one.page, `draws-end-${name}`).catch(() => {});
      await one?.close().catch(() => {});
    }
    await service?.stop();
    rmSync(rules, { recursive: true, force: true });
  });

  it('the seed of the coming draw is committed to, for everybody to see', async () => {
    const { assignment, next } = await until('a commitment', async () => { const seen = await service.api('GET', '/api/v1/draws/next'); return seen.next && seen; });
    assert.equal(assignment, 'draw');
    assert.equal(next.number, 1);
    assert.match(next.commitment, /^[0-9a-f]{64}$/);
    await supervisor.page.getByTestId('commitment').getByText(next.commitment).waitFor();
    await officer.page.getByTestId('by-lot').waitFor();
  });

  it('who is free is drawn and asked; a seat that does not answer is away, and the case is drawn again', async () => {
    const { next } = await service.api('GET', '/api/v1/draws/next');
    file = await queuedCase(service);
    await offer().waitFor();
    assert.equal(await offer().getAttribute('data-kind'), 'draw');
    assert.equal(await officer.page.getByTestId('claim').count(), 0);
    assert.match(await officer.page.title(), /请接听/);
    await shot(officer.page, '90-drawn');
    await officer.page.emulateMedia({ colorScheme: 'dark' });
    await officer.page.getByTestId('lang').click();
    await offer().getByText('Drawn for you by lot').waitFor();
    await shot(officer.page, '91-drawn-dark-en');
    await officer.page.emulateMedia({ colorScheme: 'light' });
    await officer.page.getByTestId('lang').click();
    const refused = await service.api('POST', `/api/v1/cases/${file.id}/claim`, { token: tokens.officer, expect: [409] });
    assert.match(refused.type ?? JSON.stringify(refused), /drawn-by-lot/);

    await offer().waitFor({ state: 'detached', timeout: (ACCEPT_S + 5) * 1000 * patience });
    await officer.page.locator('[data-testid="say-away"][aria-pressed="true"]').waitFor();
    const [first] = await drawn();
    assert.deepEqual([first.number, first.case_id, first.outcome], [1, file.id, 'lapsed']);
    assert.equal(first.commitment, next.commitment);
    assert.equal(createHash('sha256').update(Buffer.from(first.seed, 'hex')).digest('hex'), next.commitment);
    assert.equal(drawnAgain(first), first.chosen.id);
    await row(1).getByTestId('draw-right').waitFor();
    await row(1).getByText('超时').waitFor();

    await officer.page.getByTestId('say-free').click();
    await offer().waitFor();
    await officer.page.keyboard.press('a');
    await officer.page.locator(desk.self).waitFor();
    await flowing(officer.page, desk.self);
    await row(2).getByText('已接听').waitFor();
    const [second] = await drawn();
    assert.equal(drawnAgain(second), second.chosen.id);
    assert.notEqual(second.seed, first.seed);
  });

  it('a supervisor may assign a case that waits, and take that back', async () => {
    const other = await queuedCase(service);
    const waiting = supervisor.page.locator(`[data-testid="waiting"][data-case="${other.id}"]`);
    await waiting.getByTestId('assign').click();
    await shot(supervisor.page, '92-assign');
    await service.api('POST', '/api/v1/admin/users', { token: await service.signIn('admin'), body: { username: 'li.si', password: 'kuaichu-demo', role: 'officer', name: '李四', badge_number: '611099' } });
    await supervisor.page.keyboard.press('Escape');
    const colleague = await service.signIn('li.si');
    await service.api('PUT', '/api/v1/seats/own', { token: colleague, body: { status: 'busy' } });
    await waiting.getByTestId('assign').click();
    await supervisor.page.getByTestId('colleague').filter({ hasText: '李四' }).getByTestId('ask-colleague').click();
    await waiting.getByText('等待 李四 接手').waitFor();
    await shot(supervisor.page, '93-board-lots');
    await supervisor.page.emulateMedia({ colorScheme: 'dark' });
    await supervisor.page.getByTestId('lang').click();
    await row(1).getByText('no answer in time').waitFor();
    await shot(supervisor.page, '94-board-lots-dark-en');
    const { items } = await service.api('GET', '/api/v1/offers', { token: colleague });
    assert.deepEqual(items.map((one) => [one.kind, one.case_id]), [['assign', other.id]]);
    await waiting.getByTestId('offer-withdraw').click();
    await waiting.getByTestId('assign').waitFor();
    const { items: story } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: tokens.supervisor });
    assert.deepEqual(story.map((one) => one.kind).filter((kind) => /^(draw|offer|seat|case\.cl)/.test(kind)),
      ['offer.made', 'draw.made', 'offer.lapsed', 'seat.set_away', 'offer.made', 'draw.made', 'case.claimed', 'offer.accepted']);
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => {
    for (const one of [officer, supervisor]) {
      assert.deepEqual(one.page.errors.filter((text) => !/40[1349]|ERR_/.test(text)), []);
      assert.deepEqual(one.page.barriers, []);
    }
  });
});
