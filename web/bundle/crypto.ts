// Hashes and signatures of a bundle. SHA-256 by the browser where it can (crypto.subtle, files of moderate size); Ed25519 and BLAKE2b
// by a library, since browsers that people have do not all know them.
import { ed25519 } from '@noble/curves/ed25519';
import { blake2b } from '@noble/hashes/blake2';
import { sha256 } from '@noble/hashes/sha2';

const AT_ONCE = 128 * 1024 * 1024;
const SLICE = 4 * 1024 * 1024;

export const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function unhex(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g)!, (pair) => parseInt(pair, 16));
}

export function unbase64(text: string): Uint8Array | null {
  try {
    const raw = atob(text);
    return btoa(raw) === text ? Uint8Array.from(raw, (one) => one.charCodeAt(0)) : null;
  } catch { return null; }
}

export function join(...parts: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { all.set(part, at); return at + part.length; }, 0);
  return all;
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
export const digest = (...parts: Uint8Array[]): Uint8Array => sha256(join(...parts));

export async function digestOf(blob: Blob): Promise<string> {
  if (blob.size <= AT_ONCE && globalThis.crypto?.subtle) return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())));
  const hash = sha256.create();
  for (let at = 0; at < blob.size; at += SLICE) hash.update(new Uint8Array(await blob.slice(at, at + SLICE).arrayBuffer()));
  return hex(hash.digest());
}

function isBy(key: Uint8Array, signature: Uint8Array, message: Uint8Array): boolean {
  try { return ed25519.verify(signature, message, key); } catch { return false; }
}

// ---- minisign ----

export interface PublicKey { id: Uint8Array; key: Uint8Array; line: string }

/** Of a file, or of its second line. */
export function parsePublic(text: string): PublicKey | null {
  const lines = text.trim().split(/\r?\n/);
  const line = (lines.length > 1 ? lines[1]! : lines[0]!).trim();
  const bytes = unbase64(line);
  if (!bytes || bytes.length !== 42 || bytes[0] !== 0x45 || bytes[1] !== 0x64) return null;
  return { id: bytes.slice(2, 10), key: bytes.slice(10), line };
}

/** Over the BLAKE2b-512 of the file ("ED") or the file ("Ed"); the trusted comment is signed too. */
export function checkMinisig(signature: string, key: PublicKey, data: Uint8Array): boolean {
  const lines = signature.split(/\r?\n/);
  const one = unbase64(lines[1] ?? ''), all = unbase64(lines[3] ?? '');
  const comment = /^trusted comment: (.*)$/.exec(lines[2] ?? '')?.[1];
  if (!one || one.length !== 74 || !all || all.length !== 64 || comment === undefined || !same(one.slice(2, 10), key.id)) return false;
  const hashed = one[1] === 0x44;
  if (one[0] !== 0x45 || (!hashed && one[1] !== 0x64)) return false;
  const by = one.slice(10);
  return isBy(key.key, by, hashed ? blake2b(data, { dkLen: 64 }) : data) && isBy(key.key, all, join(by, utf8(comment)));
}

// ---- Signed notes (C2SP) ----

export interface LogKey { name: string; id: Uint8Array; key: Uint8Array; published: string }

/** "name+key id+base64(type || key)" of an Ed25519 key. */
export function parseLogKey(published: string): LogKey | null {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/.exec(published.trim());
  const bytes = match ? unbase64(match[3]!) : null;
  if (!match || !bytes || bytes.length !== 33 || bytes[0] !== 1) return null;
  const id = digest(utf8(`${match[1]}\n`), bytes).slice(0, 4);
  return hex(id) === match[2] ? { name: match[1]!, id, key: bytes.slice(1), published: published.trim() } : null;
}

/** The text of a note if that key signed it. */
export function openNote(note: string, key: LogKey): string | null {
  const gap = note.lastIndexOf('\n\n— ');
  if (gap < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, gap + 1);
  for (const line of note.slice(gap + 2, -1).split('\n')) {
    const [name, base64] = line.slice(2).split(' ');
    const bytes = line.startsWith('— ') && name === key.name && base64 ? unbase64(base64) : null;
    if (bytes && bytes.length === 68 && same(bytes.slice(0, 4), key.id) && isBy(key.key, bytes.slice(4), utf8(text))) return text;
  }
  return null;
}

export interface Head { origin: string; size: number; root: Uint8Array }

export function parseCheckpoint(text: string): Head | null {
  const [origin, size, base64] = text.split('\n');
  const root = unbase64(base64 ?? '');
  return origin && /^(0|[1-9]\d{0,15})$/.test(size ?? '') && root?.length === 32 ? { origin, size: Number(size), root } : null;
}

// ---- The tree (RFC 9162, 2.1.3.2) ----

export const leafHash = (text: string): Uint8Array => digest(Uint8Array.of(0), utf8(text));
const node = (left: Uint8Array, right: Uint8Array) => digest(Uint8Array.of(1), left, right);
const half = (n: number) => Math.floor(n / 2);

export function isInTree(leaf: Uint8Array, index: number, size: number, proof: Uint8Array[], root: Uint8Array): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false;
  let fn = index, sn = size - 1, at = leaf;
  for (const hash of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      at = node(hash, at);
      while (fn % 2 === 0 && fn !== 0) { fn = half(fn); sn = half(sn); }
    } else at = node(at, hash);
    fn = half(fn); sn = half(sn);
  }
  return sn === 0 && same(at, root);
}

/** That the tree of `size` leaves begins with that of `old` (2.1.4.2). */
export function hasGrown(old: number, oldRoot: Uint8Array, size: number, root: Uint8Array, proof: Uint8Array[]): boolean {
  if (!(old > 0) || old > size) return false;
  if (old === size) return proof.length === 0 && same(oldRoot, root);
  let fn = old - 1, sn = size - 1;
  const path = [...proof];
  while (fn % 2 === 1) { fn = half(fn); sn = half(sn); }
  const first = fn === 0 ? oldRoot : path.shift();
  if (!first) return false;
  let fr = first, sr = first;
  for (const hash of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = node(hash, fr); sr = node(hash, sr);
      while (fn % 2 === 0 && fn !== 0) { fn = half(fn); sn = half(sn); }
    } else sr = node(sr, hash);
    fn = half(fn); sn = half(sn);
  }
  return sn === 0 && same(fr, oldRoot) && same(sr, root);
}
