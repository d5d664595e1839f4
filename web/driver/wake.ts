// Keeps the screen on while somebody waits or talks; a phone that falls asleep ends the call.
export function keepAwake(): () => void {
  const lock = (navigator as Navigator & { wakeLock?: { request(kind: 'screen'): Promise<{ release(): Promise<void> }> } }).wakeLock;
  if (!lock) return () => undefined;
  let held: { release(): Promise<void> } | null = null;
  let over = false;
  const take = () => {
    if (over || document.visibilityState !== 'visible') return;
    lock.request('screen').then((got) => { if (over) void got.release(); else held = got; }, () => undefined);
  };
  take();
  document.addEventListener('visibilitychange', take);
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', take);
    void held?.release();
  };
}
