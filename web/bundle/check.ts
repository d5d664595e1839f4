// What `kuaichu verify` checks (src/app/bundle_check.c), in the browser: the same checks by the same names, and nothing taken for right
// because the bundle says so.
import type { Bilingual } from '@shared/i18n';
import { checkMinisig, digest, digestOf, hasGrown, hex, isInTree, leafHash, openNote, parseCheckpoint, parseLogKey, parsePublic, unbase64, unhex, utf8, type Head, type LogKey } from './crypto';
import type { Files } from './files';
import { parseManifest, type BundleDocument, type EvidenceObject, type LogItem, type Manifest, type Message } from './manifest';

export const CHECKS = ['signature', 'key', 'sums', 'files', 'page', 'checkpoint', 'entries', 'objects', 'documents', 'damage'] as const;
export type CheckName = typeof CHECKS[number];
export interface Finding { lookedAt: number; wrong: Bilingual[] }
export type Findings = Record<CheckName, Finding>;
export interface Verdict { manifest: Manifest; findings: Findings; wrong: number; head: Head | null; keyId: string; entries: LogEntry[] }
export interface LogEntry { seq: number; at_us: number; kind: string; case_id: string | null; actor: { kind: string; id: string | null }; data: Record<string, unknown> }
export interface Hashed { sha256: string; sealed: string | null; problem: string | null }
export type Progress = (done: number, all: number) => void;

const DATA = /(<script type="application\/json" id="bundle">)([\s\S]*?)(<\/script>)/;
const FRAME = ['manifest.json', 'manifest.json.minisig', 'SHA256SUMS', 'verify.html'];

export class NoBundle extends Error {}

class Check {
  readonly findings = Object.fromEntries(CHECKS.map((name) => [name, { lookedAt: 0, wrong: [] }])) as unknown as Findings;
  readonly hashed = new Map<string, Hashed>();
  entries: LogEntry[] = [];
  head: Head | null = null;
  constructor(readonly files: Files, readonly manifest: Manifest, readonly texts: Map<string, string>, readonly trusted: string) {}

  wrong(name: CheckName, zh: string, en: string): void { this.findings[name].wrong.push({ zh, en }); }
  look(name: CheckName): void { this.findings[name].lookedAt++; }
  text(name: string): string { return this.texts.get(name) ?? ''; }

  // ---- files ----

  async hashAll(progress: Progress): Promise<void> {
    const heads = new Map(this.manifest.objects.filter((one) => one.file && one.sealed?.head).map((one) => [one.file!, one.sealed!]));
    const names = [...this.files.blobs.keys()];
    for (const [done, name] of names.entries()) {
      progress(done, names.length);
      this.hashed.set(name, await this.hashOne(name, heads.get(name)));
    }
    progress(names.length, names.length);
  }

  private async hashOne(name: string, sealed: EvidenceObject['sealed']): Promise<Hashed> {
    try {
      const blob = await this.files.blobs.get(name)!();
      const head = sealed?.head ? unbase64(sealed.head) : null;
      return {
        sha256: await digestOf(blob), problem: this.files.twice.includes(name) ? 'two files have this name' : null,
        sealed: head ? await digestOf(new Blob([head as BlobPart, blob.slice(sealed!.replaces_bytes ?? 0)])) : null,
      };
    } catch (error) {
      return { sha256: '', sealed: null, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  checkFiles(): void {
    for (const listed of this.manifest.files) {
      const file = this.hashed.get(listed.name);
      this.look('files');
      if (!file) this.wrong('files', `${listed.name}：文件缺失`, `${listed.name}: it is not there`);
      else if (file.problem) this.wrong('files', `${listed.name}：读取失败（${file.problem}）`, `${listed.name}: ${file.problem}`);
      else if (file.sha256 !== listed.sha256) this.wrong('files', `${listed.name}：内容与清单不符`, `${listed.name}: its SHA-256 is not that of the manifest`);
    }
    const wanted = new Set([...FRAME, ...this.manifest.files.map((one) => one.name)]);
    for (const name of this.hashed.keys()) if (!wanted.has(name)) this.wrong('files', `${name}：清单中没有这个文件`, `${name}: it is in no list`);
  }

  checkSums(): void {
    const summed = new Set(['SHA256SUMS']);
    for (const line of this.text('SHA256SUMS').split('\n').filter((one) => one !== '')) {
      const [, sha, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
      this.look('sums');
      if (name === undefined || !this.hashed.has(name)) this.wrong('sums', `SHA256SUMS 所列文件不存在：${line}`, `SHA256SUMS names what is not there: ${line}`);
      else if (this.hashed.get(name)!.sha256 !== sha) this.wrong('sums', `${name}：与 SHA256SUMS 不符`, `${name}: it is not what SHA256SUMS says`);
      if (name !== undefined) summed.add(name);
    }
    for (const name of this.hashed.keys()) if (!summed.has(name)) this.wrong('sums', `${name}：SHA256SUMS 未列出`, `${name}: SHA256SUMS does not name it`);
  }

  checkPage(): void {
    const html = this.text('verify.html'), match = DATA.exec(html);
    if (this.manifest.page_sha256 === null && html === '') return;
    this.look('page');
    if (!match) { this.wrong('page', 'verify.html：缺失或不是本页面', 'verify.html: it is not there, or not such a page'); return; }
    if (hex(digest(utf8(html.replace(DATA, '$1$3')))) !== this.manifest.page_sha256) this.wrong('page', 'verify.html：不是签名时的页面', 'verify.html: it is another page than the one that was signed');
    let data: { manifest?: string; signature?: string } = {};
    try { data = JSON.parse(match[2]!) as typeof data; } catch { /* wrong, as is said next */ }
    if (data.manifest !== this.text('manifest.json') || data.signature !== this.text('manifest.json.minisig')) {
      this.wrong('page', 'verify.html：内嵌的清单或签名不同', 'verify.html: it shows another manifest or signature');
    }
  }

  // ---- signature and keys ----

  checkSignature(): void {
    const key = parsePublic(this.text('service.pub'));
    this.look('signature');
    if (!key || !checkMinisig(this.text('manifest.json.minisig'), key, utf8(this.text('manifest.json')))) {
      this.wrong('signature', 'manifest.json：签名不符，清单、签名或公钥被改动', 'manifest.json: the signature is wrong: manifest, signature or key was changed');
    }
  }

  private logKeys(): LogKey[] {
    const given = parseLogKey(this.trusted);
    return given ? [given] : this.manifest.log.keys.map((one) => parseLogKey(one.public)).filter((one) => one !== null);
  }

  checkKey(): void {
    const key = parsePublic(this.text('service.pub')), note = this.manifest.service.vouched_by_log, given = parsePublic(this.trusted);
    this.look('key');
    if (!key || key.line !== this.manifest.service.public_key) this.wrong('key', 'service.pub：不是清单所列的公钥', 'service.pub is not the key that the manifest names');
    const vouched = this.logKeys().some((one) => openNote(note, one) === `kuaichu service key v1\n${one.name}\n${key?.line ?? ''}\n`);
    if (!vouched) this.wrong('key', '日志密钥没有为 service.pub 作证', 'no key of the log vouches for service.pub');
    if (given && given.line !== key?.line) this.wrong('key', 'service.pub 与您输入的公钥不同', 'service.pub is not the key that you gave');
  }

  // ---- the log ----

  checkCheckpoint(): void {
    const note = this.manifest.log.checkpoint;
    this.look('checkpoint');
    for (const key of this.logKeys()) {
      const text = openNote(note, key);
      if (text !== null) this.head = parseCheckpoint(text);
    }
    this.checkCosigned();
    if (!this.head) this.wrong('checkpoint', '检查点没有日志密钥的有效签名', 'the checkpoint is not signed by a key of the log');
  }

  private checkCosigned(): void {
    const cosigned = this.manifest.log.cosigned;
    if (!cosigned) return;
    this.look('checkpoint');
    const text = this.logKeys().map((key) => openNote(cosigned.checkpoint, key)).find((one) => one !== null) ?? null;
    const seen = text === null ? null : parseCheckpoint(text), growth = cosigned.growth.map(unbase64);
    const grown = seen && this.head && growth.every((one) => one?.length === 32) && hasGrown(seen.size, seen.root, this.head.size, this.head.root, growth as Uint8Array[]);
    if (!grown) this.wrong('checkpoint', '见证人联署的检查点与此日志不连贯', 'the log has not grown from the checkpoint that witnesses cosigned');
  }

  private fault(item: LogItem, entry: LogEntry | null): Bilingual | null {
    const salt = unhex(item.salt), proof = item.proof.map(unbase64);
    if (!entry || salt?.length !== 32 || proof.some((one) => one?.length !== 32)) return { zh: '无法读取', en: 'it can’t be read' };
    if (entry.seq !== item.index + 1) return { zh: '序号与位置不符', en: 'its number is not that of its leaf' };
    if (entry.case_id !== this.manifest.case.id) return { zh: '属于其他案件', en: 'it is of another case' };
    const leaf = `{"at_us":${entry.at_us},"commitment":"${hex(digest(salt, utf8(item.entry)))}","kind":${JSON.stringify(entry.kind)},"seq":${entry.seq}}`;
    const within = this.head !== null && isInTree(leafHash(leaf), item.index, this.head.size, proof as Uint8Array[], this.head.root);
    return within ? null : { zh: '不在日志中：记录、盐或证明被改动', en: 'it is not in the log: entry, salt or proof was changed' };
  }

  checkEntries(): void {
    let before = -1;
    for (const item of this.manifest.log.entries) {
      let entry: LogEntry | null = null;
      try { entry = JSON.parse(item.entry) as LogEntry; } catch { /* said below */ }
      const fault = this.fault(item, entry) ?? (item.index <= before ? { zh: '次序颠倒或重复', en: 'it stands out of its order, or twice' } : null);
      this.look('entries');
      if (fault) this.wrong('entries', `第 ${item.index} 条日志：${fault.zh}`, `log entry at index ${item.index}: ${fault.en}`);
      else this.entries.push(entry!);
      before = item.index;
    }
  }

  // ---- evidence ----

  private isInLog(id: string, sha256: string | null): boolean {
    return this.entries.some((entry) => { const said = Object.values(entry.data); return said.includes(id) && said.includes(sha256); });
  }

  checkObject(object: EvidenceObject): void {
    const sealed = object.sealed?.sha256 ?? null, what = `${object.kind} ${object.id}`;
    this.look('objects'); this.look('damage');
    if (object.damage) this.wrong('damage', `${object.file ?? what}：导出时已损坏（${object.damage.detail}）`, `${object.file ?? what}: damaged when it was exported: ${object.damage.detail}`);
    if (sealed === null) return;
    if (!this.isInLog(object.id, sealed)) { this.wrong('objects', `${what}：日志中没有这一摘要`, `${what}: the log does not name it with this SHA-256`); return; }
    for (const source of object.made_from ?? []) {
      if (!this.isInLog(source.object_id, source.sha256)) this.wrong('objects', `${what}：其来源不在日志中`, `${what}: made from what the log does not name`);
    }
    if (object.derived_from) {
      if (object.derived_from.sha256 !== sealed) this.wrong('objects', `${what}：来源不符`, `${what}: it is derived from something else`);
      return;
    }
    if (object.damage) return;
    const file = object.file ? this.hashed.get(object.file) : undefined;
    if (!object.file) this.wrong('objects', `${what}：没有文件也没有说明`, `${what}: it has no file, and nothing says why`);
    else if (file && (file.sealed ?? file.sha256) !== sealed) this.wrong('objects', `${object.file}：不是封存的原件`, `${object.file}: it is not object ${object.id} as it was sealed`);
  }

  /** Its words are bound by the manifest's signature alone. */
  checkMessage({ id, from }: Message): void {
    this.look('objects');
    const named = this.entries.some((entry) => entry.kind === 'message.sent' && entry.data.message_id === id && entry.actor.id === from.id);
    if (!named) this.wrong('objects', `文字消息 ${id}：日志中没有它和它的发送人`, `message ${id}: the log does not name it with who wrote it`);
  }

  checkDocument(document: BundleDocument): void {
    this.look('documents');
    if (!this.isInLog(document.id, document.text_sha256)) this.wrong('documents', `文书 ${document.number}：日志中没有这一摘要`, `document ${document.number}: the log does not name it with this SHA-256`);
    for (const file of document.files) {
      const source = file.derived_from?.sha256;
      if (!file.derived_from && file.file.endsWith('.txt') && this.hashed.get(file.file)?.sha256 !== document.text_sha256) {
        this.wrong('documents', `${file.file}：不是签发的正文`, `${file.file}: it is not the text that was issued`);
      }
      if (source && source !== document.text_sha256 && source !== document.pdf_sha256) this.wrong('documents', `${file.file}：来源不符`, `${file.file}: it is derived from another document`);
    }
    for (const signature of document.signatures) {
      if (signature.document_sha256 !== document.text_sha256 && signature.document_sha256 !== document.pdf_sha256) {
        this.wrong('documents', `文书 ${document.number}：当事人${signature.label ?? ''}所签的是另一文本`, `document ${document.number}: what party ${signature.label ?? ''} decided on is another text`);
      }
    }
  }
}

async function textOf(files: Files, name: string): Promise<string> {
  try { return await (await files.blobs.get(name)?.())?.text() ?? ''; } catch { return ''; }
}

/** Everything that is wrong, by check. Throws NoBundle if there is no manifest that this page knows. `trusted`: a key from elsewhere, or ''. */
export async function check(files: Files, trusted: string, progress: Progress = () => undefined): Promise<Verdict> {
  const texts = new Map<string, string>();
  for (const name of [...FRAME, 'service.pub']) texts.set(name, await textOf(files, name));
  const manifest = parseManifest(texts.get('manifest.json')!);
  if (!manifest) throw new NoBundle();
  const run = new Check(files, manifest, texts, trusted);
  await run.hashAll(progress);
  run.checkSignature(); run.checkKey(); run.checkSums(); run.checkFiles(); run.checkPage(); run.checkCheckpoint(); run.checkEntries();
  manifest.objects.forEach((one) => run.checkObject(one));
  manifest.messages?.forEach((one) => run.checkMessage(one));
  manifest.documents.forEach((one) => run.checkDocument(one));
  const wrong = CHECKS.reduce((sum, name) => sum + run.findings[name].wrong.length, 0);
  return { manifest, findings: run.findings, wrong, head: run.head, keyId: manifest.service.key_id, entries: run.entries };
}
