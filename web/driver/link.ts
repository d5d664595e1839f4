// The link /p/TOKEN is the pass of one person in one case. The last one is kept on the phone, so that somebody who
// opens the plain address after a crash is led back.
export function tokenOfPath(path: string): string | null {
  const match = /^\/p\/([A-Za-z0-9_\-.~]+)\/?$/.exec(path);
  return match ? match[1]! : null;
}

const KEY = 'kc.link';
export interface SavedLink { token: string; caseId: string; partyId: string | null; at: number }
const DAY_MS = 86400000;

export function savedLink(now = Date.now()): SavedLink | null {
  try {
    const saved = JSON.parse(localStorage.getItem(KEY) ?? 'null') as SavedLink | null;
    return saved && now - saved.at < DAY_MS ? saved : null;
  } catch {
    return null;
  }
}
export function saveLink(link: SavedLink | null): void {
  try {
    if (link) localStorage.setItem(KEY, JSON.stringify(link));
    else localStorage.removeItem(KEY);
  } catch { /* the address bar still has it */ }
}
