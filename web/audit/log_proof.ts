// The transparency log, checked here: that an entry is the one its leaf commits to, that the leaf is in the tree of a
// checkpoint (RFC 9162, 2.1.3.2), and that the service's key signed that checkpoint (C2SP signed-note). Pure but for
// WebCrypto.
export const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
export const hexOf = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const bytesOfHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const utf8 = (text: string) => new TextEncoder().encode(text);

export async function sha256(...parts: Uint8Array[]): Promise<Uint8Array> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

const leafHash = (text: string) => sha256(new Uint8Array([0]), utf8(text));
const nodeHash = (left: Uint8Array, right: Uint8Array) => sha256(new Uint8Array([1]), left, right);

/** The leaf that must stand for an entry: canonical JSON, its keys in order. */
export async function leafOf(entry: string, salt: string): Promise<string> {
  const { at_us: at, kind, seq } = JSON.parse(entry) as { at_us: number; kind: string; seq: number };
  const commitment = hexOf(await sha256(bytesOfHex(salt), utf8(entry)));
  return JSON.stringify({ at_us: at, commitment, kind, seq });
}

/** The root that a path leads to; null: it is not as long as it must be. */
export async function rootOf(leaf: string, index: number, size: number, path: Uint8Array[]): Promise<Uint8Array | null> {
  if (index >= size) return null;
  let fn = index, sn = size - 1, root = await leafHash(leaf);
  for (const hash of path) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(hash, root);
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else {
      root = await nodeHash(root, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 ? root : null;
}

/** Whether the tree of `size` begins with that of `oldSize` (RFC 9162, 2.1.4.2). */
export async function hasGrown(oldSize: number, oldRoot: Uint8Array, size: number, root: Uint8Array, path: Uint8Array[]): Promise<boolean> {
  if (oldSize === size) return path.length === 0 && sameBytes(oldRoot, root);
  if (oldSize < 1 || oldSize > size) return false;
  const isPower = 2 ** Math.floor(Math.log2(oldSize)) === oldSize;
  const [first, ...rest] = isPower ? [oldRoot, ...path] : path;
  if (!first || path.length === 0) return false;
  let fn = oldSize - 1, sn = size - 1, oldTree = first, tree = first;
  while (fn % 2 === 1) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
  for (const hash of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      oldTree = await nodeHash(hash, oldTree);
      tree = await nodeHash(hash, tree);
      while (fn % 2 === 0 && fn !== 0) { fn = Math.floor(fn / 2); sn = Math.floor(sn / 2); }
    } else {
      tree = await nodeHash(tree, hash);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && sameBytes(oldTree, oldRoot) && sameBytes(tree, root);
}

export interface Checkpoint { origin: string; size: number; root: Uint8Array; text: string; signatures: { name: string; bytes: Uint8Array }[] }

export function parseCheckpoint(note: string): Checkpoint | null {
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return null;
  const text = note.slice(0, split + 1);
  const [origin, size, root] = text.split('\n');
  const signatures = note.slice(split + 2).split('\n').flatMap((line) => {
    const found = /^\u2014 (\S+) (\S+)$/.exec(line);
    return found ? [{ name: found[1]!, bytes: bytesOf(found[2]!) }] : [];
  });
  return origin && size && root && /^\d+$/.test(size) ? { origin, size: Number(size), root: bytesOf(root), text, signatures } : null;
}

/** By the key as it is published (NAME+ID+BASE64); null: this browser has no Ed25519. */
export async function isSigned(checkpoint: Checkpoint, published: string): Promise<boolean | null> {
  const [name, id, ...rest] = published.split('+');
  const key = bytesOf(rest.join('+'));
  const signature = checkpoint.signatures.find((one) => one.name === name && hexOf(one.bytes.subarray(0, 4)) === id);
  if (!signature || key[0] !== 1) return false;
  try {
    const verifier = await crypto.subtle.importKey('raw', key.slice(1), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', verifier, signature.bytes.slice(4), utf8(checkpoint.text));
  } catch {
    return null;
  }
}

export const sameBytes = (a: Uint8Array | null, b: Uint8Array) => a !== null && a.length === b.length && a.every((byte, i) => byte === b[i]);
