// A case leaves as a bundle: exported at /audit and by the driver, then checked by a page that was opened from the disk, with no network.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { person, shot } from './lib/browser.mjs';
import { claim, complaints, desk, flowing, forPurpose, officerAt, phone, queuedCase, shots, until } from './lib/flow.mjs';
import { fakeDevices } from './lib/media.mjs';
import { Service, build } from './lib/service.mjs';

const devices = fakeDevices();
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC';
const CHECKS = ['signature', 'key', 'sums', 'files', 'page', 'checkpoint', 'entries', 'objects', 'documents', 'damage'];

describe('a case as a bundle', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kc-bundle-'));
  let service, officer, driver, auditor, reader, one, file, other, document;
  const requests = [];
  const by = (id) => reader.page.getByTestId(id);

  /** Two parties, a still and a photo, a determination that the driver has signed. */
  async function handle(token) {
    other = (await service.api('POST', `${file}/parties`, { token, body: { name: '李四', phone: '13911112222', plate_number: '陕H54321', plate_type: '02' } })).party;
    const { still } = await service.api('POST', `${file}/snapshots`, { token, body: { party_id: one.party, shot: null } });
    const vehicle = { vehicle_type: 'K3', plate_type: '02', insurer: 'picc' };
    await service.api('PUT', `${file}/determination`, { token, body: {
      occurred_at: new Date(Date.now() - 600000).toISOString(), place_text: '商州区北新街', weather: '1', accident_form: '11', collision_type: '1', facts: '甲车追尾乙车。', cause: '甲车未保持安全距离。',
      injured: 0, damage_cny: 800, parties: [
        { party_id: one.party, ...vehicle, plate_number: '陕H12345', licence_number: '612501198501010027', collision_part: 'front', violations: ['REAR_END'], liability: 'full' },
        { party_id: other.id, ...vehicle, plate_number: '陕H54321', licence_number: '612501198001010012', collision_part: 'rear', violations: [], liability: 'none' }],
      reasons: [{ text: '照片显示接触。', evidence: [{ kind: 'still', id: still.id }] }] } });
    document = (await service.api('POST', `${file}/determination/issue`, { token })).document;
    await service.api('POST', `${file}/documents/${document.id}/signatures`, { token: one.token, body: { decision: 'signed', document_sha256: document.sha256, image_png: PNG } });
  }

  before(async () => {
    service = await new Service({ port: 19750 + (process.pid % 50), workers: 1 }).start();
    officer = await officerAt(service, devices);
    one = await queuedCase(service);
    file = `/api/v1/cases/${one.id}`;
    driver = await person({ devices: devices.driver, phone: true });
    await driver.page.goto(service.url + one.url);
    await claim(officer, one.id);
    await flowing(officer.page, desk.remote);
    await flowing(driver.page, phone.remote);
    await handle(await service.signIn('officer'));
    await new Promise((done) => setTimeout(done, 3000));
    await officer.close();
    officer = null;
    await driver.page.goto('about:blank');
    const token = await service.signIn('auditor');
    await until('both tracks are whole', async () => {
      const { items } = await service.api('GET', `${file}/recordings`, { token });
      return items.length === 2 && items.every((track) => track.status === 'complete');
    }, { within: 60000 });
  });
  after(async () => {
    for (const [name, who] of Object.entries({ driver, auditor, reader })) if (who) await shot(who.page, `bundle-end-${name}`).catch(() => {});
    for (const who of [officer, driver, auditor, reader]) await who?.close().catch(() => {});
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('the auditor exports it at /audit', async () => {
    auditor = await person({ permissions: [] });
    const { page } = auditor;
    await page.goto(`${service.url}/audit`);
    await page.getByTestId('username').fill('auditor');
    await page.getByTestId('password').fill('kuaichu-demo');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-in').waitFor({ state: 'detached' });
    await page.getByTestId('audit-search').fill('陕H12345');
    await page.getByTestId('audit-find').click();
    await page.locator(`[data-case="${one.id}"]`).click();
    await forPurpose(page);
    await page.getByTestId('bundle').waitFor();
    await shots(auditor, '97-audit-export');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('bundle').click()]);
    assert.match(download.suggestedFilename(), /^C-\d{8}-\d{6}\.zip$/);
    await download.saveAs(join(folder, 'bundle.zip'));
    mkdirSync(join(folder, 'files'));
    execFileSync('unzip', ['-q', join(folder, 'bundle.zip'), '-d', join(folder, 'files')]);
    execFileSync('sha256sum', ['--quiet', '-c', 'SHA256SUMS'], { cwd: join(folder, 'files') });
    execFileSync('minisign', ['-Vm', 'manifest.json', '-p', 'service.pub'], { cwd: join(folder, 'files') });
    assert.match(execFileSync(join(build, 'src/cli/kuaichu'), ['verify', join(folder, 'bundle.zip')], { encoding: 'utf8' }), /right, by the key that came with it/);
  });

  it('opened from the disk, without a network, the page shows the facts and says that nothing was checked yet', async () => {
    reader = await person({ permissions: [] });
    await reader.context.setOffline(true);
    await reader.context.route(/^https?:/, (route) => route.abort());
    reader.page.on('request', (request) => { if (!/^(file|blob|data):/.test(request.url())) requests.push(request.url()); });
    await reader.page.goto(pathToFileURL(join(folder, 'files', 'verify.html')).href);
    await by('not-yet').waitFor();
    assert.match(await by('number').textContent(), /^C-\d{8}-\d{6}$/);
    await shots(reader, '98-bundle-page');
  });

  it('the ZIP is right, each check by name, and its documents are shown', async () => {
    await by('zip-input').setInputFiles(join(folder, 'bundle.zip'));
    await by('verdict').getByText('核验通过').waitFor();
    await by('verdict').getByText('Everything is right').waitFor();
    for (const name of CHECKS) assert.equal(await by(`check-${name}`).getAttribute('data-right'), 'true', name);
    await by('document-text').getByText('甲车追尾乙车').waitFor();
    await until('pictures are shown', () => reader.page.locator('[data-testid="picture"] img').evaluateAll((all) => all.length > 0 && all.every((image) => image.naturalWidth > 0)));
    await shots(reader, '99-bundle-right');
    await reader.page.emulateMedia({ media: 'print' });
    await shot(reader.page, '99-bundle-print');
    await reader.page.emulateMedia({ media: 'screen' });
  });

  it('and its recordings play', async () => {
    const videos = reader.page.locator('[data-testid="recording"] video');
    assert.equal(await videos.count(), 2);
    for (let i = 0; i < 2; i++) {
      await videos.nth(i).evaluate((video) => { video.muted = true; return video.play(); });
      await until(`recording ${i} plays`, () => videos.nth(i).evaluate((video) => video.currentTime > 0.5 && video.getVideoPlaybackQuality().totalVideoFrames > 3 && video.videoWidth > 0));
      await videos.nth(i).evaluate((video) => video.pause());
    }
    assert.deepEqual(requests, []);
  });

  it('the folder that it was unpacked to does as well, by a key from elsewhere', async () => {
    await reader.page.locator('summary').click();
    await by('trusted').fill(readFileSync(join(folder, 'files/service.pub'), 'utf8'));
    await by('folder-input').setInputFiles(join(folder, 'files'));
    await by('verdict').getByText('签名为您输入的公钥所签').waitFor();
    for (const name of CHECKS) assert.equal(await by(`check-${name}`).getAttribute('data-right'), 'true', name);
  });

  it('a changed recording, a missing photo and a signature by another key are found and named', async () => {
    const bad = join(folder, 'bad');
    cpSync(join(folder, 'files'), bad, { recursive: true });
    const track = `recordings/${readdirSync(join(bad, 'recordings'))[0]}`, still = `stills/${readdirSync(join(bad, 'stills'))[0]}`;
    const bytes = readFileSync(join(bad, track));
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(join(bad, track), bytes);
    rmSync(join(bad, still));
    await by('trusted').fill('RWTshbdulwfKBOm+Y9b+6lFRGXHgvdl+tXmFOP+Z+Z+U5xX/T82Z5P42');
    await by('folder-input').setInputFiles(bad);
    await by('verdict').getByText('处问题').waitFor();
    for (const name of ['files', 'sums', 'objects', 'key']) assert.equal(await by(`check-${name}`).getAttribute('data-right'), 'false', name);
    for (const name of ['signature', 'checkpoint', 'entries', 'documents']) assert.equal(await by(`check-${name}`).getAttribute('data-right'), 'true', name);
    await by('check-files').getByText(track).waitFor();
    await by('check-files').getByText(still).waitFor();
    await shots(reader, '99-bundle-wrong');
    copyFileSync(join(bad, 'README.txt'), join(folder, 'none.zip'));
    await by('zip-input').setInputFiles(join(folder, 'none.zip'));
    await by('failed').waitFor();
    assert.deepEqual(requests, []);
  });

  it('the driver downloads its excerpt, in which the other’s numbers are masked', async () => {
    const { page } = driver;
    await page.goto(service.url + one.url);
    await page.getByTestId('evidence').click();
    await page.getByTestId('bundle').waitFor();
    await shots(driver, '99-driver-bundle');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('bundle').click()]);
    assert.match(download.suggestedFilename(), /-A\.zip$/);
    await download.saveAs(join(folder, 'excerpt.zip'));
    await by('trusted').fill('');
    await by('zip-input').setInputFiles(join(folder, 'excerpt.zip'));
    await by('verdict').getByText('核验通过').waitFor();
    await by('document-text').getByText('【摘录】').waitFor();
    const shown = await reader.page.locator('main').innerText();
    assert.ok(!shown.includes('612501198001010012') && !shown.includes('13911112222'));
    await shots(reader, '99-bundle-excerpt');
    assert.equal(await reader.page.locator('[data-testid="recording"]').count(), 1);
  });

  it('nobody is kept out', () => assert.deepEqual(complaints([driver, auditor, reader]), []));
});
