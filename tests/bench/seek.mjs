// How soon a picture is there after a seek in a recording of one hour, at /audit in Chromium, two tracks at once:
//
//     KUAICHU_BUILD=build-bench node tests/bench/seek.mjs [SEEKS=40]
//
// From the input event of the scrubber to the first frame of the new place that is displayed (requestVideoFrameCallback), of
// the enlarged picture and of all pictures. Fails when the median or the 90th of the enlarged one is above 300 ms.
import { person } from '../e2e/lib/browser.mjs';
import { forPurpose } from '../e2e/lib/flow.mjs';
import { HOUR_MS, quantile, serviceWithAnHour } from './replay_hour.mjs';

const SEEKS = Number(process.argv[2] ?? 40);
const LIMIT_MS = 300;

const { service, file } = await serviceWithAnHour(19720);
const auditor = await person({});
const { page } = auditor;
// What is read for the seal stands aside for a seek; here it is left out, so that an hour need not be hashed first.
await page.route('**/receipt**', (route) => route.abort());
await page.goto(`${service.url}/audit#case=${file.id}`);
await page.getByTestId('username').fill('auditor');
await page.getByTestId('password').fill('kuaichu-demo');
await page.getByTestId('sign-in').click();
await forPurpose(page);
await page.waitForFunction(() => [...document.querySelectorAll('.picture video')].length === 2 && [...document.querySelectorAll('.picture video')].every((video) => video.readyState >= 2));

const seek = (ms) => page.evaluate((to) => new Promise((done, fail) => {
  const videos = [...document.querySelectorAll('.picture video')];
  const scrub = document.querySelector('[data-testid="replay-scrub"]');
  const shown = videos.map(() => null);
  const began = performance.now();
  const timer = setTimeout(() => fail(new Error(`no picture at ${to}`)), 20000);
  videos.forEach((video, n) => {
    const look = (now, frame) => {
      if (Math.abs(frame.mediaTime * 1000 - to) > 150) { video.requestVideoFrameCallback(look); return; }
      shown[n] = Math.max(now, frame.presentationTime) - began;
      if (shown.every((one) => one !== null)) { clearTimeout(timer); done({ first: shown[0], all: Math.max(...shown) }); }
    };
    video.requestVideoFrameCallback(look);
  });
  scrub.value = String(to);
  scrub.dispatchEvent(new Event('input', { bubbles: true }));
}), ms);

const took = [];
let seed = 7;
for (let n = 0; n < SEEKS; n += 1) {
  seed = (seed * 48271) % 2147483647;
  took.push(await seek(Math.round((seed / 2147483647) * (HOUR_MS - 5000))));
}
await auditor.close();
await service.stop();
const line = (what, list) => console.log(`${what}: median ${quantile(list, 0.5).toFixed(0)} ms, 90th ${quantile(list, 0.9).toFixed(0)} ms, worst ${Math.max(...list).toFixed(0)} ms`);
console.log(`${SEEKS} seeks in one hour, 1280x720 and 640x360 at once`);
line('the enlarged picture', took.map((one) => one.first));
line('all pictures', took.map((one) => one.all));
process.exitCode = quantile(took.map((one) => one.first), 0.9) > LIMIT_MS ? 1 : 0;
