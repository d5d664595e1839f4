// Parties that take turns on one phone: whose link is whose. Kept on the phone alone, as the links themselves are.
export type Phone = Record<string, string>; // label → token

const key = (caseId: string) => `kc.phone.${caseId}`;

export function phoneOf(caseId: string): Phone {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(key(caseId)) ?? '{}');
    return saved && typeof saved === 'object' ? (saved as Phone) : {};
  } catch {
    return {};
  }
}

export function sharePhone(caseId: string, more: Phone): void {
  try { localStorage.setItem(key(caseId), JSON.stringify({ ...phoneOf(caseId), ...more })); } catch { /* the links are in the history */ }
}
