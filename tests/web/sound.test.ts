// Sound that a browser holds back, with elements that refuse as browsers do.
import { afterEach, describe, expect, it } from 'vitest';
import { keepPlaying, playAll, soundHeld } from '@shared/sound';

const ends: (() => void)[] = [];
afterEach(() => { for (const end of ends.splice(0)) end(); });
const settled = () => new Promise((done) => setTimeout(done));

/** An element that plays only while `allowed.now`. */
function element(allowed: { now: boolean }, refusal = 'NotAllowedError') {
  const made = {
    paused: true, asked: 0,
    play: async () => {
      made.asked += 1;
      if (!allowed.now) throw Object.assign(new Error(), { name: refusal });
      made.paused = false;
    },
  };
  ends.push(keepPlaying(made as unknown as HTMLMediaElement));
  return made;
}

describe('sound', () => {
  it('says so while the browser refuses, and plays at the next try', async () => {
    const allowed = { now: false };
    const [one, other] = [element(allowed), element(allowed)];
    await settled();
    expect(soundHeld.value).toBe(true);
    playAll();
    await settled();
    expect([one.paused, soundHeld.value]).toEqual([true, true]);
    allowed.now = true;
    playAll();
    await settled();
    expect([one.paused, other.paused, soundHeld.value]).toEqual([false, false, false]);
  });

  it('leaves alone what plays, and starts again what was paused by the system', async () => {
    const one = element({ now: true });
    await settled();
    playAll();
    expect(one.asked).toBe(1);
    one.paused = true;
    playAll();
    await settled();
    expect([one.asked, one.paused]).toEqual([2, false]);
  });

  it('forgets an element that is gone, and what is no refusal', async () => {
    const gone = element({ now: false });
    await settled();
    ends.pop()!();
    expect(soundHeld.value).toBe(false);
    playAll();
    expect(gone.asked).toBe(1);
    element({ now: false }, 'AbortError');
    await settled();
    expect(soundHeld.value).toBe(false);
  });
});
