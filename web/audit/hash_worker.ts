// Reads a recording as it is served, from its first Cluster to its end, and hashes it behind what it was sealed with in
// front. In pieces, so that it can stand aside while the player waits for bytes.
import { sha256 } from '@noble/hashes/sha2';

const PIECE_BYTES = 2 * 1024 * 1024;

export interface HashTask { url: string; head: Uint8Array; from: number; size: number }
export type HashNews = { share: number } | { hash: Uint8Array } | { failed: string };

let held = false;
let wake: (() => void) | null = null;
const turn = () => (held ? new Promise<void>((done) => { wake = done; }) : Promise.resolve());
const tell = (news: HashNews) => postMessage(news);

async function piece(url: string, from: number, to: number): Promise<Uint8Array> {
  const reply = await fetch(url, { headers: { Range: `bytes=${from}-${to - 1}` }, cache: 'no-store' });
  if (reply.status !== 206) throw new Error(`HTTP ${reply.status}`);
  const bytes = new Uint8Array(await reply.arrayBuffer());
  if (bytes.length !== to - from) throw new Error(`${bytes.length} bytes instead of ${to - from}`);
  return bytes;
}

async function run({ url, head, from, size }: HashTask): Promise<void> {
  const hash = sha256.create().update(head);
  for (let at = from; at < size; at += PIECE_BYTES) {
    await turn();
    hash.update(await piece(url, at, Math.min(size, at + PIECE_BYTES)));
    tell({ share: (Math.min(size, at + PIECE_BYTES) - from) / (size - from) });
  }
  tell({ hash: hash.digest() });
}

addEventListener('message', ({ data }: MessageEvent<HashTask | 'hold' | 'go'>) => {
  if (data === 'hold') held = true;
  else if (data === 'go') { held = false; wake?.(); wake = null; } else void run(data).catch((failure: unknown) => tell({ failed: String(failure) }));
});
