// Real Chromium with a fake camera and microphone; one browser per person, as their devices differ.
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience } from './service.mjs';

export const artefacts = fileURLToPath(new URL('../artefacts', import.meta.url));
mkdirSync(artefacts, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function person({ devices, phone = false, permissions = ['camera', 'microphone', 'geolocation'], locale = 'zh-CN', videoFake = true }) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--use-fake-device-for-media-stream', '--allow-loopback-in-peer-connection',
      ...(permissions.includes('microphone') ? ['--use-fake-ui-for-media-stream'] : []),
      '--disable-features=WebRtcHideLocalIpsWithMdns', '--autoplay-policy=no-user-gesture-required',
      ...(devices && videoFake ? [`--use-file-for-fake-video-capture=${devices.video}`] : []),
      ...(devices ? [`--use-file-for-fake-audio-capture=${devices.audio}`] : []),
    ],
  });
  const context = await browser.newContext({
    locale,
    permissions,
    geolocation: { latitude: 33.8704, longitude: 109.9187, accuracy: 12 },
    ...(phone
      ? { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
      : { viewport: { width: 1600, height: 900 } }),
  });
  context.setDefaultTimeout(30000 * patience);
  const page = await context.newPage();
  page.errors = [];
  page.barriers = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && page.errors.push(message.text()));
  return { browser, context, page, version: `Chromium ${browser.version()}`, close: () => browser.close() };
}

/** Many encoders and decoders share the machine with the relay: this camera gives a small picture. */
export const small = (one) => one.context.addInitScript(() => {
  const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => real(wanted.video ? { ...wanted, video: { width: 320, height: 180, frameRate: 10 } } : wanted);
});

/** Keeps a picture of the screen, and in `page.barriers` what WCAG 2.2 AA has against it. */
export async function shot(page, name) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < 2000).map((one) => one.finished.catch(() => {}))));
  await page.screenshot({ path: join(artefacts, `${name}.png`) });
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const { id, help, nodes } of violations) page.barriers.push(`${name}: ${id} (${help}): ${nodes.map((node) => node.target).join(', ')}`);
}

/** Decoded frames and how much the picture changes between two looks, 300 ms apart, of a <video>. */
export async function watch(page, selector) {
  return page.locator(selector).evaluate(async (video) => {
    const canvas = new OffscreenCanvas(64, 36);
    const look = () => {
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(video, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data;
    };
    const frames = () => video.mozPaintedFrames ?? video.getVideoPlaybackQuality().totalVideoFrames; // Firefox does not count a stream's there
    const first = look(), from = frames();
    await new Promise((done) => setTimeout(done, 1000));
    const second = look();
    let change = 0;
    for (let i = 0; i < first.length; i++) change += Math.abs(first[i] - second[i]);
    return { frames: frames() - from, change: change / first.length, width: video.videoWidth, height: video.videoHeight };
  });
}

/** Loudest sound (root mean square of a block, 0 to 1) of a media element's stream within two seconds. */
export async function listen(page, selector) {
  return page.locator(selector).evaluate(async (element) => {
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    const source = element.srcObject ? context.createMediaStreamSource(element.srcObject) : context.createMediaElementSource(element);
    source.connect(analyser);
    const block = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (let i = 0; i < 40; i++) {
      await new Promise((done) => setTimeout(done, 50));
      analyser.getFloatTimeDomainData(block);
      loudest = Math.max(loudest, Math.sqrt(block.reduce((sum, x) => sum + x * x, 0) / block.length));
    }
    await context.close();
    return loudest;
  });
}

/** The same of what a second of the element's stream holds, without the sound device that Firefox's AudioContext needs. */
export async function hear(page, selector) {
  return page.locator(selector).evaluate(async (element) => {
    const recorder = new MediaRecorder(new MediaStream(element.srcObject.getAudioTracks())), parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((done) => { recorder.onstop = done; });
    recorder.start();
    await new Promise((done) => setTimeout(done, 1000));
    recorder.stop();
    await stopped;
    const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(await new Blob(parts).arrayBuffer());
    const samples = sound.getChannelData(0).subarray(-24000);
    let loudest = 0;
    for (let at = 0; at + 2048 <= samples.length; at += 2048)
      loudest = Math.max(loudest, Math.sqrt(samples.subarray(at, at + 2048).reduce((sum, x) => sum + x * x, 0) / 2048));
    return element.paused ? 0 : loudest;
  });
}
