// Walks the driver's page through every screen in a real browser against the stand-in, with a second page as the
// officer's end of the call, checks each with axe, and keeps a picture of each.
// Usage: node tests/web/screens.mjs OUT [--dark] [--en] [--width N] [--height N]
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Mock } from './mock.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const web = resolve(here, '../../web');
const require = createRequire(join(web, 'package.json'));
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [out = 'screens', ...flags] = process.argv.slice(2);
const number = (name, otherwise) => flags.includes(name) ? Number(flags[flags.indexOf(name) + 1]) : otherwise;
const lang = flags.includes('--en') ? 'en' : 'zh-CN';
mkdirSync(out, { recursive: true });

const mock = await new Mock(process.env.KC_WEB_DIST ?? join(web, 'dist')).listen();
const browser = await chromium.launch({
  executablePath: process.env.KC_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
});
const options = { viewport: { width: number('--width', 390), height: number('--height', 844) }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: lang, colorScheme: flags.includes('--dark') ? 'dark' : 'light', bypassCSP: false };
const context = await browser.newContext({ ...options, permissions: ['camera', 'microphone', 'geolocation'], geolocation: { latitude: 33.8704, longitude: 109.9187, accuracy: 12 } });
const page = await context.newPage();
const complaints = [];
// The stream is cut on purpose once, which the browser reports.
page.on('console', (message) => { if (message.type() === 'error' && !message.text().includes('ERR_INCOMPLETE_CHUNKED_ENCODING')) complaints.push(`console: ${message.text()}`); });
page.on('pageerror', (error) => complaints.push(`page: ${error.message}`));

// The officer's end: another page of the same browser, reached by answering the offer there.
const officer = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
await officer.goto(`${mock.url}/`);
await officer.evaluate(() => {
  window.answer = async (offer) => {
    const pc = new RTCPeerConnection();
    window.peer = pc;
    await pc.setRemoteDescription({ type: 'offer', sdp: offer });
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of media.getTracks()) pc.addTrack(track, media);
    await pc.setLocalDescription(await pc.createAnswer());
    await new Promise((done) => { if (pc.iceGatheringState === 'complete') done(); else { pc.onicegatheringstatechange = () => { if (pc.iceGatheringState === 'complete') done(); }; setTimeout(done, 1000); } });
    return pc.localDescription.sdp;
  };
});
let legs = 0;
await page.route('**/api/v1/cases/*/call', async (route) => {
  if (route.request().method() !== 'POST') { await route.continue(); return; }
  const sdp = await officer.evaluate((offer) => window.answer(offer), route.request().postData());
  legs += 1;
  await route.fulfill({ status: 201, body: sdp, headers: { 'Content-Type': 'application/sdp', Location: `${new URL(route.request().url()).pathname}/leg${legs}`, ETag: `"${legs}"` } });
});
await page.route('**/api/v1/cases/*/call/*', (route) => route.fulfill({ status: 200 }));

const at = (id) => page.getByTestId(id);
let count = 0;
async function shot(name) {
  await page.waitForTimeout(250);
  count += 1;
  await page.screenshot({ path: join(out, `${String(count).padStart(2, '0')}-${name}.png`) });
  const found = await page.evaluate(async () => window.axe ? (await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(' | ')}`) : ['axe did not load']);
  for (const violation of found) complaints.push(`${name}: ${violation}`);
  const small = await page.evaluate(() => [...document.querySelectorAll('button, a[href], select, label.btn')].filter((one) => { const box = one.getBoundingClientRect(); return box.width > 0 && (box.height < 44 || box.width < 44); }).map((one) => `${one.dataset.testid ?? one.className} ${Math.round(one.getBoundingClientRect().width)}x${Math.round(one.getBoundingClientRect().height)}`));
  if (small.length) complaints.push(`${name}: small targets ${small.join(', ')}`);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth
    || [...document.querySelectorAll('button, a, input, p, h1, h2, small')].some((one) => { const box = one.getBoundingClientRect(); return box.width > 1 && !one.closest('.visually-hidden') && (box.right > innerWidth + 1 || box.left < -1); }));
  if (wide) complaints.push(`${name}: scrolls sideways`);
}

// axe comes in as an init script, which the page's own policy does not bind.
await context.addInitScript({ content: axe });
await page.goto(`${mock.url}/?lang=${lang}`);
await at('screen-safety').waitFor();
await shot('safety');
await at('send-officer').tap(); await shot('send-officer'); await at('send-officer-cancel').tap();
await at('start').tap();
for (const id of ['injury', 'move', 'driver', 'left', 'papers', 'other']) {
  await at(`screen-question-${id}`).waitFor();
  await shot(`question-${id}`);
  if (id === 'driver') { await at('answer-yes').tap(); await shot('question-detail'); await at('back').tap(); }
  await at('answer-no').tap();
}
await at('screen-place').waitFor();
await at('consent-location').check();
await at('locate').tap();
await page.waitForTimeout(400);
await at('place-text').fill('北新街与工农路路口，加油站旁');
await shot('place');
await at('next').tap();
await at('next').tap();
await shot('who-errors');
await at('plate').fill('陕H12345'); await at('phone').fill('13800000000'); await at('name').fill('张三');
await shot('who');
await at('plate-province').tap(); await shot('provinces'); await page.keyboard.press('Escape');
await at('next').tap();
await at('screen-consents').waitFor();
await at('consent-recording').check(); await at('consent-electronic-service').check();
await shot('consents');
await at('next').tap();
await at('screen-outcome').waitFor();
await shot('outcome');
await page.reload();
await at('screen-outcome').waitFor();
await at('next').tap();
await shot('test-before');
await at('open-devices').tap();
await at('mic-level').waitFor();
await page.waitForTimeout(1200);
await shot('test');
await at('join-queue').tap();
await at('screen-waiting').waitFor();
await page.waitForTimeout(600);
await at('photo-front_overview').setInputFiles(resolve(here, '../../web/shared/icon.svg')).catch(() => undefined);
await shot('waiting');
mock.dropStreams();
mock.claim();
await at('screen-call').waitFor();
await page.waitForFunction(() => document.querySelector('[data-testid="call-state"]')?.dataset.phase === 'connected', null, { timeout: 8000 });
await page.waitForFunction(() => document.querySelector('[data-testid="call-remote-video"]').videoWidth > 0);
await page.waitForTimeout(2500);
await shot('call');
await officer.evaluate(() => window.peer.close());
mock.emit('call.lost', { leg_ids: [`leg${legs}`], reason: 'worker' });
await page.waitForTimeout(30);
await shot('call-reconnecting');
await page.waitForFunction(() => document.querySelector('[data-testid="call-state"]')?.dataset.phase === 'connected', null, { timeout: 5000 });
await at('mute').tap(); await at('camera-off').tap();
await page.waitForTimeout(400);
await shot('call-muted');
await at('mute').tap(); await at('camera-off').tap();
const newer = await context.newPage();
await newer.goto(page.url());
await at('screen-replaced').waitFor();
await newer.close();
await at('replaced-action').tap();
await page.waitForFunction(() => document.querySelector('[data-testid="call-state"]')?.dataset.phase === 'connected', null, { timeout: 8000 });
mock.set({ state: 'evidence_fixed', evacuated_at: new Date().toISOString() });
await at('evacuate-screen').waitFor();
await shot('evacuate');
await at('evacuate-ok').tap();
mock.issue();
await at('screen-document').waitFor();
await page.waitForTimeout(500);
await shot('document');
await at('document-text').evaluate((element) => element.scrollTo(0, element.scrollHeight));
await page.waitForFunction(() => !document.querySelector('[data-testid="sign"]').disabled);
await shot('document-read');
await at('object').tap(); await shot('object'); await at('object-cancel').tap();
await at('sign').tap();
await page.waitForFunction(() => document.querySelector('[data-testid="signature-canvas"]')?.dataset.ready === 'true');
const box = await at('signature-canvas').boundingBox();
await page.mouse.move(box.x + 40, box.y + 120); await page.mouse.down();
for (let i = 0; i <= 24; i += 1) await page.mouse.move(box.x + 40 + i * 10, box.y + 90 + Math.sin(i / 2) * 45);
await page.mouse.up();
await shot('sign');
await at('sign-confirm').tap();
await at('screen-summary').waitFor();
await shot('summary');
if (!mock.signed?.image_png?.startsWith('iVBOR')) complaints.push('signature: not a PNG');
mock.set({ state: 'closed', closed_at: new Date().toISOString(), closing_code: '1' });
await at('screen-closed').waitFor();
await shot('closed');
mock.set({ state: 'on_scene', on_scene_at: new Date().toISOString() });
await at('screen-on-scene').waitFor();
await shot('on-scene');
const second = await context.newPage();
await second.goto(page.url());
await at('screen-replaced').waitFor();
await shot('replaced');

for (const complaint of complaints) console.log(complaint);
console.log(`${count} screens, ${complaints.length} complaints`);
await browser.close();
mock.close();
process.exit(complaints.length ? 1 : 0);
