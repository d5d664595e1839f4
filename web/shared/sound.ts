// Live streams that go on playing. A browser refuses sound on a page that nobody has touched and that captures nothing;
// what was refused is tried again at each touch or key, when our own camera or microphone opens (Firefox and WebKit then
// allow it), and when the page is seen again (iOS pauses what plays behind another app).
import { Store } from './store';

const playing = new Set<HTMLMediaElement>();
const refused = new Set<HTMLMediaElement>();

/** Something waits for a touch; a page should say so. */
export const soundHeld = new Store(false);

/** Plays the element now and whenever it may; returns the function that ends this. */
export function keepPlaying(element: HTMLMediaElement): () => void {
  playing.add(element);
  void attempt(element);
  return () => {
    playing.delete(element);
    settle(element, false);
  };
}

/** Another try for everything that stands still; inside a touch's own event this is what unlocks the sound. */
export function playAll(): void {
  for (const element of playing) if (element.paused) void attempt(element);
}

async function attempt(element: HTMLMediaElement): Promise<void> {
  try {
    await element.play();
    settle(element, false);
  } catch (error) {
    // Any other refusal is a stream that changed meanwhile, which the element's own autoplay starts.
    if ((error as { name?: string } | null)?.name === 'NotAllowedError') settle(element, playing.has(element));
  }
}

function settle(element: HTMLMediaElement, isRefused: boolean): void {
  if (isRefused) refused.add(element);
  else refused.delete(element);
  soundHeld.set(refused.size > 0);
}

if (typeof document !== 'undefined') {
  for (const touch of ['touchend', 'click', 'keydown']) document.addEventListener(touch, playAll, { capture: true, passive: true });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') playAll(); });
}
