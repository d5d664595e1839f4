// Whether what this browser is served is what was sealed then: each recording is read and hashed here as it plays, and its
// hash compared with the case's list, with the log's entry about its end, and with the log's signed checkpoint.
import { ApiError, errorText } from '@shared/api';
import { api } from '@shared/staff';
import { Store } from '@shared/store';
import type { Recording, RecordingReceipt } from '@shared/types';
import type { HashNews, HashTask } from './hash_worker';
import { bytesOf, bytesOfHex, hasGrown, hexOf, isSigned, leafOf, parseCheckpoint, rootOf, sameBytes, type Checkpoint } from './log_proof';
import type { ReplayWord } from './replay_messages';

export interface TrackCheck {
  id: string; state: 'waiting' | 'checking' | 'good' | 'bad' | 'failed'; share: number;
  /** Of one that is bad: what does not fit. Of one that failed: why it could not be checked. */
  problem: ReplayWord | null; detail: string | null; hash: string | null; entry: number | null; checkedAt: string | null;
}
export interface LogCheck { size: number; at: string | null; signed: boolean | null; witnesses: number }
export interface VerificationState { tracks: TrackCheck[]; log: LogCheck | null; doneAt: string | null }

class Mismatch extends Error {
  constructor(readonly problem: ReplayWord, readonly detail: string) { super(problem); }
}

interface Log { checkpoint: Checkpoint; check: LogCheck }

const SEEN = 'kc.checkpoint';
interface Seen { origin: string; size: number; root: string }

/** The log has only grown since this browser looked at it last: whoever put an older copy back is found here. */
async function checkGrowth({ origin, size, root }: Checkpoint): Promise<void> {
  let seen: Seen | null = null;
  try { seen = JSON.parse(localStorage.getItem(SEEN) ?? 'null') as Seen | null; } catch { /* nothing is kept in a private window */ }
  if (seen && seen.origin === origin) {
    if (seen.size > size) throw new Mismatch('badGrowth', `${seen.size} > ${size}`);
    const { hashes } = await api.get<{ hashes: string[] }>(`/api/v1/log/proof?from=${seen.size}&size=${size}`);
    if (!(await hasGrown(seen.size, bytesOfHex(seen.root), size, root, hashes.map(bytesOf)))) throw new Mismatch('badGrowth', `${seen.size}, ${size}`);
  }
  try { localStorage.setItem(SEEN, JSON.stringify({ origin, size, root: hexOf(root) })); } catch { /* the same */ }
}

async function readLog(): Promise<Log> {
  const checkpoint = parseCheckpoint(await (await api.send('GET', '/log/checkpoint', { accept: 'text/plain' })).text());
  if (!checkpoint) throw new Mismatch('badCheckpoint', '');
  const { items } = await api.get<{ items: { public: string }[] }>('/api/v1/log/keys');
  const answers = await Promise.all(items.map((key) => isSigned(checkpoint, key.public)));
  const signed = answers.includes(true) ? true : answers.includes(null) ? null : false;
  if (signed === false) throw new Mismatch('badSignature', checkpoint.origin);
  await checkGrowth(checkpoint);
  return { checkpoint, check: { size: checkpoint.size, at: new Date().toISOString(), signed, witnesses: checkpoint.signatures.length - 1 } };
}

/** The log says the same hash of the same recording, and the checkpoint stands for that entry. */
async function checkEntry(receipt: RecordingReceipt, log: () => Promise<Log>): Promise<Log> {
  if (receipt.entry === null || receipt.salt === null || receipt.leaf === null) throw new Mismatch('noEntry', '');
  const entry = JSON.parse(receipt.entry) as { data: { object_id?: string; sha256?: string } };
  if (entry.data.object_id !== receipt.recording_id || entry.data.sha256 !== receipt.sha256) throw new Mismatch('badEntry', String(entry.data.sha256));
  const { checkpoint, check } = await log();
  const proof = await api.get<{ leaf: string; size: number; hashes: string[] }>(`/api/v1/log/proof?leaf=${receipt.leaf}&size=${checkpoint.size}`);
  const leaf = await leafOf(receipt.entry, receipt.salt);
  if (leaf !== proof.leaf) throw new Mismatch('badLeaf', '');
  if (!sameBytes(await rootOf(leaf, receipt.leaf, checkpoint.size, proof.hashes.map(bytesOf)), checkpoint.root)) throw new Mismatch('badProof', '');
  return { checkpoint, check };
}

export class Verification extends Store<VerificationState> {
  private worker: Worker | null = null;
  private stopped = false;
  private log: Promise<Log> | null = null;

  constructor(private readonly recordings: Recording[]) {
    super({ tracks: recordings.map((one) => ({ id: one.id, state: 'waiting', share: 0, problem: null, detail: null, hash: null, entry: null, checkedAt: null })), log: null, doneAt: null });
  }

  async run(): Promise<void> {
    for (const one of this.recordings) if (!this.stopped) await this.check(one);
    if (!this.stopped) this.patch({ doneAt: new Date().toISOString() });
  }

  /** Stands aside while the player waits for bytes. */
  hold(held: boolean): void {
    this.worker?.postMessage(held ? 'hold' : 'go');
  }

  stop(): void {
    this.stopped = true;
    this.worker?.terminate();
  }

  private set1(id: string, part: Partial<TrackCheck>): void {
    this.patch({ tracks: this.value.tracks.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  }

  private async check(recording: Recording): Promise<void> {
    this.set1(recording.id, { state: 'checking' });
    try {
      const receipt = await api.get<RecordingReceipt>(`/api/v1/recordings/${recording.id}/receipt?check=true`, { timeoutMs: 60000 });
      const hash = hexOf(await this.hash({ url: recording.url, head: bytesOf(receipt.head), from: receipt.media_from, size: receipt.size }, (share) => this.set1(recording.id, { share })));
      if (hash !== receipt.sha256 || hash !== recording.sha256) throw new Mismatch('badBytes', hash);
      const { check } = await checkEntry(receipt, () => this.readLog(receipt.leaf ?? 0));
      this.set1(recording.id, { state: 'good', share: 1, hash, entry: (receipt.leaf ?? 0) + 1, checkedAt: receipt.checked_at });
      this.patch({ log: check });
    } catch (failure) {
      if (this.stopped) return;
      if (failure instanceof Mismatch) this.set1(recording.id, { state: 'bad', problem: failure.problem, detail: failure.detail });
      else if (failure instanceof ApiError && failure.status >= 500) this.set1(recording.id, { state: 'bad', problem: 'badServer', detail: errorText(failure) });
      else this.set1(recording.id, { state: 'failed', problem: 'notChecked', detail: failure instanceof ApiError ? errorText(failure) : String(failure) });
    }
  }

  /** A checkpoint is published some seconds after an entry: an old one that does not reach so far is asked for again. */
  private async readLog(leaf: number): Promise<Log> {
    for (let tries = 0; ; tries += 1) {
      const log = await (this.log ??= readLog());
      if (log.checkpoint.size > leaf || tries === 20) return log;
      this.log = null;
      await new Promise((done) => setTimeout(done, 1000));
    }
  }

  private hash(task: HashTask, onShare: (share: number) => void): Promise<Uint8Array> {
    const worker = this.worker ?? new Worker(new URL('./hash_worker.ts', import.meta.url), { type: 'module' });
    this.worker = worker;
    return new Promise((done, fail) => {
      worker.onmessage = ({ data }: MessageEvent<HashNews>) => {
        if ('share' in data) onShare(data.share);
        else if ('hash' in data) done(data.hash);
        else fail(new Error(data.failed));
      };
      worker.onerror = (event) => fail(new Error(event.message));
      worker.postMessage(task);
    });
  }
}
