// What is typed and not yet saved, kept by this window until it is: a reload, a lost network, a crash after which the browser
// brings its windows back, cost no keystroke. Each window has its own (`sessionStorage`), as each has its own text.
import type { Determination } from '@shared/types';

export interface Unsent<T = Determination> { user: string; at: number; base: T; body: T }
/** What lay for longer is of a case that went on without it. */
const KEPT_FOR_MS = 24 * 3600e3;

export class UnsentStore<T = Determination> {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, private readonly user: string, private readonly now: () => number = Date.now, private readonly prefix = 'kuaichu-draft-') {}

  private key(id: string): string {
    return `${this.prefix}${id}`;
  }

  read(id: string): Unsent<T> | null {
    try {
      const unsent = JSON.parse(this.storage.getItem(this.key(id)) ?? 'null') as Unsent<T> | null;
      return unsent && unsent.user === this.user && this.now() - unsent.at < KEPT_FOR_MS ? unsent : null;
    } catch {
      return null;
    }
  }

  /** A full or forbidden storage must not keep anybody from typing. */
  write(id: string, base: T, body: T): void {
    try {
      this.storage.setItem(this.key(id), JSON.stringify({ user: this.user, at: this.now(), base, body } satisfies Unsent<T>));
    } catch { /* saved by the service within a second, as long as it answers */ }
  }

  drop(id: string): void {
    this.storage.removeItem(this.key(id));
  }
}
