// The replay at /audit: every track in step, one scrubber, gaps and segments, all by keys, links to a moment.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { atDesk, forPurpose, shots, until, complaints } from './lib/flow.mjs';
import { person, shot } from './lib/browser.mjs';
import { clip, heldCase, record } from './lib/recorded.mjs';
import { Service, patience } from './lib/service.mjs';

const IN_STEP_MS = 40;
const TOGETHER_MS = 45;
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];

describe('replay', () => {
  let service, auditor, file, page, tracks;
  const at = async () => { const [m, s] = (await page.getByTestId('replay-time').textContent()).split(' / ')[0].split(':'); return Number(m) * 60000 + Math.round(Number(s) * 1000); };
  const press = (key) => page.keyboard.press(key);
  const go = async (ms) => { await page.getByTestId('replay-scrub').evaluate((input, to) => { input.value = String(to); input.dispatchEvent(new Event('input', { bubbles: true })); }, ms); };
  const stand = async () => { if (await page.getByTestId('replay-play').getAttribute('aria-pressed') === 'true') await press('k'); };
  const settled = () => until('no picture is seeking', () => page.evaluate(() => [...document.querySelectorAll('.picture video')].every((one) => !one.seeking && one.readyState >= 2)));

  /**
   * Of every frame that is shown within `ms`: how far it is from what each other lane shows at that moment, by
   * requestVideoFrameCallback: its time in the case less the time at which it is displayed is one number for all that are in
   * step. The clock may stand while somebody waits for bytes, so only frames that are shown together are compared. Of each
   * lane: {lane: [ms apart]}.
   */
  const deviations = async (ms, speed = 1, skip = 0) => {
    const frames = await page.evaluate(async ({ ms: length, tracks: known, skip: first }) => {
      const seen = [];
      let over = false;
      const began = performance.now();
      for (const video of document.querySelectorAll('.picture video')) {
        const note = (now, frame) => {
          if (over) return;
          const track = known.find((one) => video.currentSrc.includes(one.id));
          if (performance.now() - began >= first) seen.push({ lane: video.dataset.testid, shown: frame.expectedDisplayTime, ms: track.fromMs + frame.mediaTime * 1000 });
          video.requestVideoFrameCallback(note);
        };
        video.requestVideoFrameCallback(note);
      }
      await new Promise((done) => setTimeout(done, length));
      over = true;
      return seen;
    }, { ms, tracks, skip });
    const offsets = frames.map((one) => ({ ...one, off: one.ms - one.shown * speed }));
    const lanes = {};
    for (const one of offsets) {
      const others = [...new Set(offsets.map((other) => other.lane))].filter((lane) => lane !== one.lane);
      for (const lane of others) {
        const near = offsets.filter((other) => other.lane === lane).sort((a, b) => Math.abs(a.shown - one.shown) - Math.abs(b.shown - one.shown))[0];
        if (Math.abs(near.shown - one.shown) <= TOGETHER_MS / Math.min(1, speed)) (lanes[one.lane] ??= []).push(Math.abs(one.off - near.off) / speed);
      }
    }
    return lanes;
  };
  const say = (what, lanes) => {
    for (const [lane, list] of Object.entries(lanes)) {
      console.log(`# ${what}, ${lane}: ${list.length} pairs of frames, apart in the median ${quantile(list, 0.5).toFixed(1)}, 95th ${quantile(list, 0.95).toFixed(1)}, worst ${Math.max(...list).toFixed(1)} ms`);
    }
  };
  const inStep = (what, lanes, expected) => {
    say(what, lanes);
    assert.deepEqual(Object.keys(lanes).sort(), expected.map((one) => `replay-video-${one}`).sort());
    for (const [lane, list] of Object.entries(lanes)) assert.ok(quantile(list, 0.9) <= IN_STEP_MS * Math.min(patience, 2), `${what}: ${lane}`);
  };

  before(async () => {
    service = await new Service({ port: 19300 + (process.pid % 50), workers: 1 }).start();
    file = await heldCase(service);
    const [a, b] = file.parties, scene = clip('driver', 20, '640x360', '500k'), desk = clip('officer', 20, '640x480', '300k'), short = clip('driver', 6, '640x360', '500k');
    await record(service, file.id, [
      `party.${a}:0:1:complete:${scene}:8000-9500`, `party.${b}:3000:1:cut:${short}`, `party.${b}:11000:1:complete:${short}`, `user.${file.officer}:1000:1:complete:${desk}`]);
    auditor = await person({ locale: 'zh-CN' });
    page = auditor.page;
    const token = await service.signIn('auditor');
    const { items } = await until('the cut recording is recovered', async () => {
      const found = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token });
      return found.items.every((one) => one.status !== 'live') && found;
    });
    const origin = Math.min(...items.map((one) => Date.parse(one.started_at)));
    tracks = items.map((one) => ({ id: one.id, fromMs: Date.parse(one.started_at) - origin, status: one.status }));
    assert.deepEqual(tracks.map((one) => one.status).sort(), ['complete', 'complete', 'complete', 'recovered']);
    await page.goto(`${service.url}/audit#case=${file.id}&t=4.2`);
    await page.getByTestId('username').fill('auditor');
    await page.getByTestId('password').fill('kuaichu-demo');
    await page.getByTestId('sign-in').click();
    await forPurpose(page);
    await page.getByTestId('replay-time').waitFor();
  });
  after(async () => {
    if (page) await shot(page, 'replay-end').catch(() => {});
    await auditor?.close().catch(() => {});
    await service?.stop();
  });

  it('a link to a moment opens there, paused', async () => {
    await settled();
    assert.equal(await at(), 4200);
    assert.equal(await page.getByTestId('replay-play').getAttribute('aria-pressed'), 'false');
    const shown = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('.picture video')].map((one) => [one.dataset.testid, one.currentTime])));
    assert.ok(Math.abs(shown['replay-video-A'] - 4.2) < 0.002 && Math.abs(shown['replay-video-officer'] - 3.2) < 0.002 && Math.abs(shown['replay-video-B'] - 1.2) < 0.002, JSON.stringify(shown));
    await shots({ page }, 'replay-moment');
  });

  it('all tracks are in step while they play, and again after each seek', async () => {
    await press(' ');
    inStep('playing', await deviations(3000, 1, 300), ['A', 'B', 'officer']);
    for (const ms of [1500, 12500, 5000]) {
      await go(ms);
      await until('it plays on', async () => await at() > ms + 200);
      inStep(`after a seek to ${ms / 1000} s`, await deviations(1500), ['A', 'B', 'officer']);
    }
    await press('k');
    assert.equal(await page.getByTestId('replay-play').getAttribute('aria-pressed'), 'false');
  });

  it('a segment that begins while the others play is in step from its first frames', async () => {
    await stand();
    await go(10200);
    await settled();
    await press(' ');
    await until('they play', async () => await at() > 10300);
    const stops = await page.evaluateHandle(() => {
      const seen = [];
      for (const video of document.querySelectorAll('.picture video')) video.addEventListener('pause', () => seen.push(video.dataset.testid), { once: true });
      return seen;
    });
    const lanes = await deviations(2200);
    inStep('over a beginning', lanes, ['A', 'B', 'officer']);
    assert.deepEqual(await stops.jsonValue(), [], 'nobody is stopped for one who stands ready');
    await press(' ');
  });

  it('in step at half and at twice the speed, from 0.5 to 4 times', async () => {
    for (const [speed, ms] of [[0.5, 2000], [2, 2000]]) {
      await stand();
      await page.getByTestId('replay-speed').selectOption(String(speed));
      await go(11200);
      await settled();
      await press(' ');
      inStep(`${speed} times`, await deviations(ms, speed, 300), ['A', 'B', 'officer']);
      await press(' ');
    }
    for (const key of ['[', '[', '[', '[', '[', '[', '[']) await press(key);
    assert.equal(await page.getByTestId('replay-speed').inputValue(), '0.5');
    for (let i = 0; i < 8; i += 1) await press(']');
    assert.equal(await page.getByTestId('replay-speed').inputValue(), '4');
    await go(0);
    await press(' ');
    await until('four times as fast', async () => await at() > 6000, { within: 6000 });
    await press(' ');
    await press('\\');
    assert.equal(await page.getByTestId('replay-speed').inputValue(), '1');
  });

  it('a step is exactly one frame of the enlarged picture, on and back', async () => {
    await stand();
    await go(4200);
    await settled();
    const shownFrame = () => page.getByTestId('replay-video-A').evaluate((video) => new Promise((done) => {
      video.requestVideoFrameCallback((_, frame) => done(Math.round(frame.mediaTime * 1000)));
      video.currentTime += 0.0001;
    }));
    const first = await shownFrame();
    const frames = [];
    for (const key of ['.', '.', '.', ',', ',', ',', ',']) {
      await press(key);
      await until('one step', async () => await at() !== frames.at(-1)?.at && !(await page.getByTestId('replay-video-A').evaluate((one) => one.seeking)));
      frames.push({ at: await at() });
      frames.at(-1).frame = await shownFrame();
    }
    assert.deepEqual(frames.map((one) => one.frame - first), [40, 80, 120, 80, 40, 0, -40]);
  });

  it('keys: seconds, ends, marks, enlarging, the map of keys; and what was pressed in a dialog does nothing', async () => {
    await stand();
    await go(10000);
    for (const [key, ms] of [['ArrowRight', 15000], ['ArrowLeft', 10000], ['l', 20000], ['j', 10000], ['Home', 0]]) {
      await press(key);
      assert.equal(await at(), ms, key);
    }
    await press('End');
    assert.ok(await at() >= 20900);
    await press('Home');
    await press('2');
    await page.locator('.picture--main[data-testid="picture-B"]').waitFor();
    await press('2');
    await page.locator('.picture--main[data-testid="picture-A"]').waitFor();
    await press('?');
    await page.getByTestId('keyrow-keyFrame').waitFor();
    await shots({ page }, 'replay-keys');
    await press('ArrowRight');
    assert.equal(await at(), 0);
    await press('Escape');
    await page.getByTestId('key-map').waitFor({ state: 'detached' });
  });

  it('what is missing is shown with its time and its reason', async () => {
    for (const [ms, lane, words] of [[8500, 'A', /没有录像.*丢失/], [1000, 'B', /没有录像.*尚未加入/], [10000, 'B', /00:0[89]–00:11 没有录像.*录制程序中断/]]) {
      await go(ms);
      await until(`${lane} at ${ms}`, async () => words.test(await page.getByTestId(`picture-${lane}`).getByTestId('absence').textContent()));
    }
    assert.ok(await page.getByTestId('lane-B').getByTestId('lane-gap').count() >= 2);
    await settled();
    await shots({ page }, 'replay-gap');
  });

  it('thumbnails stand over the line, and one more where the pointer is', async () => {
    await until('ten thumbnails', async () => await page.locator('.strip__picture[data-drawn]').count() === 10);
    const box = await page.getByTestId('replay-scrub').boundingBox();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20);
    await page.locator('.preview__picture[data-drawn]').waitFor();
    await shot(page, 'replay-preview');
    await page.mouse.click(box.x + box.width * 0.3, box.y + 20);
    await until('there', async () => Math.abs(await at() - 0.3 * 21000) < 300);
  });

  it('the link to this moment is copied, and leads there', async () => {
    await go(12345);
    await press('c');
    assert.match(page.url(), /t=12\.345$/);
    await page.evaluate(() => { location.hash = location.hash.replace(/t=.*/, 't=7.5'); });
    await until('at the other moment', async () => await at() === 7500);
  });

  it('every recording is verified here as it plays, against the log, and the seal says so', async () => {
    await until('the seal', async () => await page.getByTestId('seal').getAttribute('data-state') === 'good', { within: 30000 });
    assert.deepEqual(await page.getByTestId('track-check').evaluateAll((all) => all.map((one) => one.dataset.state)), ['good', 'good', 'good', 'good']);
    await page.getByTestId('seal-details').click();
    const { items } = await service.api('GET', `/api/v1/cases/${file.id}/recordings`, { token: await service.signIn('auditor') });
    const words = await page.getByTestId('seal-dialog').textContent();
    for (const one of items) assert.ok(words.includes(one.sha256));
    assert.match(words, /签名已在本浏览器核对/);
    await shots({ page }, 'replay-sealed');
    await page.getByTestId('seal-close').click();
  });

  it('one byte that differs on the way, or another hash in the log, is loud', async () => {
    const change = async (where, how) => {
      await page.route(where, async (route) => {
        const reply = await route.fetch();
        await route.fulfill({ response: reply, ...await how(reply) });
      });
      await page.reload();
      await page.getByTestId('verify-alarm').waitFor({ timeout: 30000 });
      const words = await page.getByTestId('verify-alarm').textContent();
      await shots({ page }, `replay-alarm-${words.length}`);
      await page.unroute(where);
      return words;
    };
    const bad = tracks.find((one) => one.status === 'recovered').id;
    assert.match(await change(`**/recordings/${bad}/media`, async (reply) => { const body = await reply.body(); body[body.length - 100] ^= 1; return { body }; }), /乙方的录像与登记不一致.*摘要不同/);
    assert.match(await change(`**/recordings/${bad}/receipt**`, async (reply) => {
      const receipt = await reply.json();
      return { json: { ...receipt, entry: receipt.entry.replace(/"bytes":(\d)/, '"bytes":9$1') } };
    }), /叶子对应的不是这一条/);
  });

  it('nobody is kept out, and nothing was said to the console', async () => assert.deepEqual(complaints([auditor]), []));
});
