// What is typed and not yet saved, kept by this window until it is: a reload, a lost network, a crash after which the browser
// brings its windows back, cost no keystroke. Each window has its own (`sessionStorage`), as each has its own text.
import type { Determination } from '@shared/types';

export interface Unsent { user: string; at: number; base: Determination; body: Determination }
/** What lay for longer is of a case that went on without it. */
const KEPT_FOR_MS = 24 * 3600e3;

export class UnsentStore {
  constructor(private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>, private readonly user: string, private readonly now: () => number = Date.now) {}

  private key(caseId: string): string {
    return `kuaichu-draft-${caseId}`;
  }

  read(caseId: string): Unsent | null {
    try {
      const unsent = JSON.parse(this.storage.getItem(this.key(caseId)) ?? 'null') as Unsent | null;
      return unsent && unsent.user === this.user && this.now() - unsent.at < KEPT_FOR_MS ? unsent : null;
    } catch {
      return null;
    }
  }

  /** A full or forbidden storage must not keep anybody from typing. */
  write(caseId: string, base: Determination, body: Determination): void {
    try {
      this.storage.setItem(this.key(caseId), JSON.stringify({ user: this.user, at: this.now(), base, body } satisfies Unsent));
    } catch { /* saved by the service within half a second, as long as it answers */ }
  }

  drop(caseId: string): void {
    this.storage.removeItem(this.key(caseId));
  }
}
