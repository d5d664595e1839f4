// The place on the map: with tiles of one's own and without any, corrected by hand and by keys; the county follows.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { fakeDevices } from './lib/media.mjs';
import { shot, small } from './lib/browser.mjs';
import { Service } from './lib/service.mjs';
import { claim, complaints, officerAt, queuedCase, shots, until } from './lib/flow.mjs';

const devices = fakeDevices();
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Gives every tile, and remembers which were asked for. */
async function tileServer() {
  const asked = [];
  const server = createServer((request, response) => { asked.push(request.url); response.writeHead(200, { 'content-type': 'image/png', 'cross-origin-resource-policy': 'cross-origin' }); response.end(PIXEL); });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { asked, url: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

describe('the place on the map', () => {
  let service, bare, officer, other, tiles, file;
  const at = (id) => officer.page.getByTestId(id);
  const look = async () => service.api('GET', `/api/v1/cases/${file.id}`, { token: await service.signIn('officer') });
  const atPlace = async (one, id) => {
    await claim(one, id);
    await one.page.getByTestId('case-number').waitFor();
    await one.page.keyboard.press('Alt+m');
    await one.page.locator('[data-testid="map"][data-state="ready"]').waitFor();
  };

  before(async () => {
    tiles = await tileServer();
    service = await new Service({ port: 19750 + (process.pid % 50), workers: 1, args: ['--map-tiles', `${tiles.url}/{z}/{x}/{y}.png`, '--map-attribution', '(c) test & tiles'] }).start();
    officer = await officerAt(service, devices, { prepare: small });
    file = await queuedCase(service);
    await atPlace(officer, file.id);
  });
  after(async () => {
    for (const [name, one] of Object.entries({ officer, other })) if (one) await shot(one.page, `map-end-${name}`).catch(() => {});
    for (const one of [officer, other]) await one?.close().catch(() => {});
    for (const one of [service, bare]) await one?.stop();
    tiles.close();
  });

  it('tiles come from the address that is set, the point lies on them with its accuracy, county and hospital beside', async () => {
    await until('tiles are asked for', () => tiles.asked.some((url) => /^\/16\/\d+\/\d+\.png$/.test(url)));
    await officer.page.locator('.mappin--here').waitFor();
    await officer.page.locator('.map__accuracy').waitFor({ state: 'attached' });
    assert.equal(await at('place-point').textContent(), '33.87040, 109.91870');
    assert.equal(await at('place-county').textContent(), '商州区');
    assert.match(await at('place-hospital').textContent(), /示例市中心医院/);
    assert.match(await officer.page.locator('.leaflet-control-attribution').textContent(), /\(c\) test & tiles/);
    await shots(officer, '120-desk-map');
  });

  it('by keys: the arrows move the map, Enter the point; saved, and the timeline says how far without saying where', async () => {
    await at('map-view').focus();
    const { page } = officer;
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowUp']) { await page.keyboard.press(key); await page.waitForTimeout(350); }
    await page.keyboard.press('Enter');
    await at('place-save').waitFor();
    await at('place-point').getByText('33.87040, 109.91870').waitFor({ state: 'detached' });
    await shot(page, '121-desk-map-moved');
    await at('place-save').focus();
    await page.keyboard.press('Enter');
    await at('place-save').waitFor({ state: 'detached' });
    const { place } = await look();
    assert.ok(place.longitude > 109.9187 && place.latitude > 33.8704, JSON.stringify(place));
    assert.equal(place.accuracy_m, null, 'a hand has no accuracy');
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/timeline`, { token: await service.signIn('officer') });
    const entry = items.find((one) => one.kind === 'case.place_changed');
    assert.deepEqual(entry.data.fields, ['position']);
    assert.ok(entry.data.moved_m > 10 && entry.data.moved_m < 2000, JSON.stringify(entry.data));
  });

  it('by hand: the pin is dragged, and taken back', async () => {
    const pin = officer.page.locator('.mappin--here');
    const box = await pin.boundingBox();
    await officer.page.mouse.move(box.x + 14, box.y + 14);
    await officer.page.mouse.down();
    await officer.page.mouse.move(box.x - 40, box.y + 40, { steps: 6 });
    await officer.page.mouse.up();
    await at('place-save').waitFor();
    const before = await look();
    await at('place-undo').click();
    await at('place-save').waitFor({ state: 'detached' });
    assert.deepEqual((await look()).place, before.place);
  });

  it('other words are of another county', async () => {
    await at('case-place').fill('洛南县城关街道华阳路');
    await at('place-save').click();
    await at('place-county').getByText('洛南县').waitFor();
    assert.equal((await look()).county, '611021');
  });

  it('without tiles: a grid, the point, the scale', async () => {
    bare = await new Service({ port: 19800 + (process.pid % 50), workers: 1 }).start();
    other = await officerAt(bare, devices, { prepare: small });
    const second = await queuedCase(bare);
    await atPlace(other, second.id);
    const { page } = other;
    await page.locator('.map__cell').first().waitFor();
    await page.locator('.mappin--here').waitFor();
    await page.locator('.leaflet-control-scale-line').waitFor();
    assert.equal(await page.locator('.map img.leaflet-tile').count(), 0);
    await shots(other, '122-desk-map-bare');
  });

  it('no page reported an error, and no screen keeps anybody out (WCAG 2.2 AA)', () => assert.deepEqual(complaints([officer, other]), []));
});
