// Real Chromium with a fake camera and microphone, which are the browser's: one for each person, or for those with the same.
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { patience } from './service.mjs';

export const artefacts = fileURLToPath(new URL('../artefacts', import.meta.url));
mkdirSync(artefacts, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** `beside`: another person with the same devices, whose browser then serves both, for less of the machine. */
export async function person({ devices, phone = false, permissions = ['camera', 'microphone', 'geolocation'], locale = 'zh-CN', videoFake = true, beside }) {
  const browser = beside?.browser ?? await chromium.launch({
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
  return { browser, context, page, version: `Chromium ${browser.version()}`, close: () => (beside ? context : browser).close() };
}

/** Many encoders and decoders share the machine with the relay: this camera gives a small picture, and nothing on the screen moves by itself. */
export async function small(one, picture = { width: 320, height: 180, frameRate: 10 }) {
  await one.page.emulateMedia({ reducedMotion: 'reduce' });
  await one.context.addInitScript((video) => {
    const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = (wanted) => real(wanted.video ? { ...wanted, video } : wanted);
  }, picture);
}

/**
 * Keeps every peer connection of a page in `window.peers`, with how many ms it `took` to connect, how many `offers` it
 * made, and whether the page gave it up while it stood. Runs in the page.
 */
export const keepPeers = () => {
  window.peers = [];
  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    offers = 0;
    givenUp = false;
    constructor(configuration) {
      super({ ...configuration, ...window.forcedConfiguration });
      window.peers.push(this);
      const begun = performance.now();
      this.addEventListener('connectionstatechange', () => { if (this.connectionState === 'connected') this.took ??= Math.round(performance.now() - begun); });
    }
    createOffer(...options) { this.offers++; return super.createOffer(...options); }
    close() { this.givenUp ||= this.connectionState === 'connected'; super.close(); }
  };
};

/** Keeps a picture of the screen, and in `page.barriers` what WCAG 2.2 AA has against it. */
export async function shot(page, name) {
  await page.evaluate(() => Promise.all(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime < 2000).map((one) => one.finished.catch(() => {}))));
  await page.screenshot({ path: join(artefacts, `${name}.png`) });
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
  for (const { id, help, nodes } of violations) page.barriers.push(`${name}: ${id} (${help}): ${nodes.map((node) => node.target).join(', ')}`);
}

/**
 * Decoded frames of a <video> and how much its picture changes, in a second; in as many more, up to the patience of the
 * build, as it takes to see the `enough` = {frames, change} that are wanted.
 */
export async function watch(page, selector, enough = {}) {
  return page.locator(selector).evaluate(async (video, [enough, seconds]) => {
    const canvas = new OffscreenCanvas(64, 36);
    const look = () => {
      const context = canvas.getContext('2d', { willReadFrequently: true });
      context.drawImage(video, 0, 0, 64, 36);
      return context.getImageData(0, 0, 64, 36).data;
    };
    const frames = () => video.mozPaintedFrames ?? video.getVideoPlaybackQuality().totalVideoFrames; // Firefox does not count a stream's there
    const first = look(), from = frames();
    const seen = { frames: 0, change: 0 };
    for (let second = 0; second === 0 || (second < seconds && (seen.frames < (enough.frames ?? 0) || seen.change < (enough.change ?? 0))); second++) {
      await new Promise((done) => setTimeout(done, 1000));
      const now = look();
      seen.frames = frames() - from;
      seen.change = Math.max(seen.change, first.reduce((sum, value, i) => sum + Math.abs(now[i] - value), 0) / first.length);
    }
    return { ...seen, width: video.videoWidth, height: video.videoHeight };
  }, [enough, patience]);
}

/** Fails unless so many frames came, and the picture changed so much. */
export async function moves(page, selector, enough) {
  const seen = await watch(page, selector, enough);
  assert.ok(seen.frames >= enough.frames && seen.change >= (enough.change ?? 0), `${selector}: ${JSON.stringify(seen)}`);
}

/** Loudest sound (root mean square of a block, 0 to 1) of a media element's stream within two seconds, or in as many as it takes to hear `enough`. */
export async function listen(page, selector, enough = 0) {
  return page.locator(selector).evaluate(async (element, [enough, turns]) => {
    const context = new AudioContext();
    await context.resume();
    const analyser = context.createAnalyser();
    const source = element.srcObject ? context.createMediaStreamSource(element.srcObject) : context.createMediaElementSource(element);
    source.connect(analyser);
    const block = new Float32Array(analyser.fftSize);
    let loudest = 0;
    for (let i = 0; i < 40 || (i < turns && loudest < enough); i++) {
      await new Promise((done) => setTimeout(done, 50));
      analyser.getFloatTimeDomainData(block);
      loudest = Math.max(loudest, Math.sqrt(block.reduce((sum, x) => sum + x * x, 0) / block.length));
    }
    await context.close();
    return loudest;
  }, [enough, 40 * patience]);
}

/** Fails unless the element's stream is heard. */
export async function speaks(page, selector) {
  const loudest = await listen(page, selector, 0.01);
  assert.ok(loudest >= 0.01, `${selector} is silent: ${loudest}`);
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
