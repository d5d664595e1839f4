/** Shakes the phone, where it can and its owner has touched the page: a browser refuses it before that. */
export function buzz(pattern: number | number[]): void {
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(pattern);
}
