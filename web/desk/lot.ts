// The lot by which a case came to a seat, drawn again in this browser, so that the check mark is not the service's own word
// (src/domain/draw.h; HMAC and SHA-256 by WebCrypto).
import type { Draw } from '@shared/types';

const ROUND = 1n << 64n;

const bytesOf = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes: ArrayBuffer): string => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

export async function commitmentOf(seed: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-256', bytesOf(seed)));
}

/** The place among `count` candidates, from 0. */
export async function placeOf(seed: string, draw: number, caseId: string, count: number): Promise<number> {
  const key = await crypto.subtle.importKey('raw', bytesOf(seed), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const whole = ROUND - (ROUND % BigInt(count));
  for (let block = 0; ; block += 1) {
    const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(`kuaichu draw 1\n${draw}\n${caseId}\n${block}\n`));
    const value = new DataView(mac).getBigUint64(0);
    if (value < whole) return Number(value % BigInt(count));
  }
}

/** Whether it comes to the same again, with the seed that was committed to. */
export async function isRight(draw: Draw): Promise<boolean> {
  if (!globalThis.crypto?.subtle) return draw.right; // a page that did not come by HTTPS: the service's word must do
  const ids = draw.candidates.map((one) => one.id);
  const ordered = ids.length > 0 && ids.every((id, at) => at === 0 || ids[at - 1]! < id);
  return /^[0-9a-f]{64}$/.test(draw.seed) && ordered && (await commitmentOf(draw.seed)) === draw.commitment
    && ids[await placeOf(draw.seed, draw.number, draw.case_id, ids.length)] === draw.chosen.id;
}
