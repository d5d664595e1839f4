// One video of a case: asked for at /audit, made by a process that is killed, stopped and begun again on the way, played by Chromium,
// saved, exported as a derivative, and taken away. The real composer over real recordings.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { artefacts, moves, person, shot } from './lib/browser.mjs';
import { complaints, forPurpose, shots, until } from './lib/flow.mjs';
import { clip, heldCase, record } from './lib/recorded.mjs';
import { Service, build, patience, probe } from './lib/service.mjs';

const LENGTH_S = 20;
const MADE_WITHIN = 120000 * patience;

describe('one video of a case', () => {
  let service, auditor, file, page, token, before_;
  const path = () => `/api/v1/cases/${file.id}/compositions`;
  const newest = async () => (await service.api('GET', path(), { token })).items[0];
  const ask = async () => (await service.api('POST', path(), { token, body: {}, expect: [202] })).composition.id;
  const comes = (state) => until(`one is ${state}`, async () => { const one = await newest(); return one?.state === state && one; }, { within: MADE_WITHIN });
  const shown = (state) => page.locator(`[data-testid="composition"][data-state="${state}"]`).first();
  /** Process ids of composers, children of the daemon. */
  const composers = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.includes('(kuaichu-compose') && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === service.process.pid;
    } catch { return false; }
  });
  const killed = async (known) => until('a composer runs', () => {
    const pid = composers().find((one) => !known.includes(one));
    if (pid) process.kill(pid, 'SIGKILL');
    return pid;
  }, { within: 20000, every: 5 });
  const enter = async () => {
    await page.goto(`${service.url}/audit#case=${file.id}`);
    await page.reload();
    if (await page.getByTestId('username').isVisible().catch(() => false)) {
      await page.getByTestId('username').fill('auditor');
      await page.getByTestId('password').fill('kuaichu-demo');
      await page.getByTestId('sign-in').click();
    }
  };

  before(async () => {
    service = await new Service({ port: 19350 + (process.pid % 50), workers: 1, args: ['--access-purpose', 'required'] }).start();
    file = await heldCase(service);
    const [a, b] = file.parties, scene = clip('driver', LENGTH_S, '640x360', '500k'), desk = clip('officer', LENGTH_S, '640x480', '300k'), short = clip('driver', 6, '640x360', '500k');
    await record(service, file.id, [
      `party.${a}:0:1:complete:${scene}:8000-9500`, `party.${b}:3000:1:cut:${short}`, `party.${b}:11000:1:complete:${short}`, `user.${file.officer}:1000:1:complete:${desk}`]);
    token = await service.signIn('auditor');
    await service.api('POST', path(), { token, body: {}, expect: [403] }); // no purpose is stated
    await service.api('POST', `/api/v1/cases/${file.id}/accesses`, { token, body: { purpose: 'court' } });
    before_ = await until('the cut recording is recovered', async () => {
      const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token });
      return items.every((one) => one.status !== 'live') && items;
    });
    auditor = await person({ locale: 'zh-CN' });
    page = auditor.page;
    await enter();
    await page.getByTestId('username').waitFor();
    await enter();
    await forPurpose(page, 'court');
    await page.getByTestId('compose').waitFor();
  });
  after(async () => {
    if (page) await shot(page, 'compose-end').catch(() => {});
    await auditor?.close().catch(() => {});
    await service?.stop();
  });

  it('one button, its progress, and it is there when one comes back', async () => {
    await page.getByTestId('compose').click();
    await shots({ page }, 'compose-none');
    await page.getByTestId('compose-begin').click();
    await shown('making').waitFor({ timeout: 20000 });
    await until('its share grows', async () => (await newest()).permille > 0 || (await newest()).state === 'done', { within: MADE_WITHIN });
    await shots({ page }, 'compose-making');
    await page.getByTestId('compose-close').click();
    await page.getByTestId('audit-back').click(); // somewhere else
    await comes('done');
    await enter();
    await page.getByTestId('compose').click();
    await shown('done').waitFor();
    await shots({ page }, 'compose-done');
  });

  it('Chromium plays it, and seeks in it', async () => {
    await shown('done').getByTestId('compose-play').click();
    await until('it plays', () => page.getByTestId('compose-video').evaluate((video) => video.currentTime > 0.5 && video.videoWidth === 1280 && video.videoHeight === 720), { within: 20000 });
    await moves(page, '[data-testid="compose-video"]', { frames: 4, change: 0.01 });
    await page.getByTestId('compose-video').evaluate((video) => { video.pause(); video.currentTime = 15; });
    await until('it stands at 15 s', () => page.getByTestId('compose-video').evaluate((video) => !video.seeking && Math.abs(video.currentTime - 15) < 0.1));
    const length = await page.getByTestId('compose-video').evaluate((video) => video.duration);
    assert.ok(Math.abs(length - (LENGTH_S + 1)) < 0.2, `${length} s`); // the officer's began a second later
    await shots({ page }, 'compose-played');
  });

  it('the file that is saved is what was promised', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), shown('done').getByTestId('compose-save').click()]);
    assert.match(download.suggestedFilename(), /^C-\d{8}-\d{6}-derivative\.webm$/);
    const saved = join(artefacts, 'composed.webm');
    await download.saveAs(saved);
    const { duration, streams } = probe(saved);
    assert.ok(Math.abs(duration - (LENGTH_S + 1)) < 0.2, `${duration} s`);
    assert.deepEqual(streams.map((one) => one.codec_name).sort(), ['opus', 'vp8']);
    const picture = streams.find((one) => one.codec_name === 'vp8');
    assert.deepEqual([picture.width, picture.height], [1280, 720]);
    for (const at of ['4', '10']) execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-ss', at, '-i', saved, '-frames:v', '1', join(artefacts, `composed-${at}.png`)]);
    await page.getByTestId('compose-close').click();
  });

  it('the originals are as they were, and the bundle has it as a derivative', async () => {
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token });
    assert.deepEqual(items.map((one) => [one.id, one.sha256]), before_.map((one) => [one.id, one.sha256]));
    const reply = await fetch(`${service.url}/api/v1/cases/${file.id}/bundle`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    const zip = join(service.data, 'bundle.zip');
    writeFileSync(zip, Buffer.from(await reply.arrayBuffer()));
    const manifest = JSON.parse(execFileSync('unzip', ['-p', zip, 'manifest.json'], { maxBuffer: 1 << 28 }));
    const one = manifest.objects.find((object) => object.kind === 'derivative');
    assert.equal(one.file, 'derivatives/001.webm');
    assert.deepEqual(one.made_from.map((source) => source.object_id).sort(), before_.map((source) => source.id).sort());
    execFileSync(join(build, 'src/cli/kuaichu'), ['verify', zip], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } });
    const found = execFileSync(join(build, 'src/cli/kuaichu'), ['--data', service.data, 'fsck'], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } }).toString();
    assert.ok(found.length > 0);
  });

  it('it is cancelled', async () => {
    await page.getByTestId('compose').click();
    await page.getByTestId('compose-begin').click();
    await page.getByTestId('compose-cancel').click();
    await shown('stopped').waitFor();
    await until('no composer runs', () => composers().length === 0);
    assert.equal((await newest()).state, 'stopped');
  });

  it('a composer that is killed is tried again once, then it failed with a reason', async () => {
    await page.getByTestId('compose-begin').click();
    const first = await killed([]);
    await killed([first]);
    await shown('failed').waitFor({ timeout: 20000 });
    assert.equal(await page.getByTestId('compose-reason').first().textContent(), '合成程序两次中断');
    await shots({ page }, 'compose-failed');
    assert.equal((await newest()).reason, 'composer-died');
    await ask();
    await killed([]);
    await comes('done'); // by the second one
  });

  it('what a killed service was making is made by the next', async () => {
    const id = await ask();
    await comes('making');
    await service.kill();
    await service.start();
    const one = await comes('done');
    assert.equal(one.id, id);
  });

  it('it is taken away, and the log knows of each step and look', async () => {
    await enter();
    await page.getByTestId('compose').click();
    const many = await page.locator('[data-testid="composition"][data-state="done"]').count();
    await shown('done').getByTestId('compose-remove').click();
    await shown('done').getByTestId('compose-sure').click();
    await until('it is gone', async () => await page.locator('[data-testid="composition"][data-state="done"]').count() === many - 1);
    await page.getByTestId('compose-close').click();
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token });
    const kinds = items.map((one) => one.kind);
    for (const kind of ['asked', 'started', 'made', 'viewed', 'stopped', 'interrupted', 'failed', 'removed']) assert.ok(kinds.includes(`composition.${kind}`), kind);
    assert.equal(items.find((one) => one.kind === 'composition.asked').data.purpose, 'court');
  });

  it('nobody is kept out, and nothing was said to the console', async () => assert.deepEqual(complaints([auditor]), []));
});
