// verify.html's checks over the published bundle: the same verdicts as `kuaichu verify` has (tests/cli/verify.sh).
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { CHECKS, check, NoBundle, type Verdict } from '@web/bundle/check';
import { filesOfZip, type Files } from '@web/bundle/files';
import type { Manifest } from '@web/bundle/manifest';
import { isInTree, leafHash, parseLogKey, parsePublic, checkMinisig, utf8 } from '@web/bundle/crypto';

const zip = () => new Blob([readFileSync(fileURLToPath(new URL('../vectors/bundle.zip', import.meta.url)))]);
const wrong = (verdict: Verdict) => CHECKS.filter((name) => verdict.findings[name].wrong.length > 0);

/** The files with some of them replaced, or taken out (null). */
async function changed(changes: Record<string, string | Uint8Array | null>): Promise<Files> {
  const files = await filesOfZip(zip());
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) files.blobs.delete(name);
    else files.blobs.set(name, () => Promise.resolve(new Blob([value as BlobPart])));
  }
  return files;
}
const textOf = async (name: string) => (await (await filesOfZip(zip())).blobs.get(name)!()).text();

describe('the published bundle', () => {
  it('is right, also by the keys it is published with', async () => {
    const files = await filesOfZip(zip());
    const steps: number[] = [];
    const verdict = await check(files, '', (done) => steps.push(done));
    expect(wrong(verdict)).toEqual([]);
    expect(verdict.findings.objects.lookedAt).toBeGreaterThan(5);
    expect(verdict.findings.entries.lookedAt).toBeGreaterThan(20);
    expect(steps.at(-1)).toBe(files.blobs.size);
    for (const key of [await textOf('service.pub'), verdict.manifest.log.keys[0]!.public]) expect(wrong(await check(files, key))).toEqual([]);
  }, 20000);

  it('names each file that was changed or taken out', async () => {
    const names = (JSON.parse(await textOf('manifest.json')) as Manifest).files.map((one) => one.name);
    for (const value of ['x', null]) {
      const { findings } = await check(await changed(Object.fromEntries(names.map((name) => [name, value]))), '');
      for (const name of names) expect(findings.files.wrong.some((one) => one.en.startsWith(`${name}:`)), name).toBe(true);
    }
  }, 20000);

  it('knows a key that nobody vouches for, an entry that was changed, and a file that was put in', async () => {
    const manifest = await textOf('manifest.json');
    expect(wrong(await check(await changed({}), 'RWTshbdulwfKBOm+Y9b+6lFRGXHgvdl+tXmFOP+Z+Z+U5xX/T82Z5P42'))).toEqual(['key']);
    const entry = await check(await changed({ 'manifest.json': manifest.replace('\\"seq\\":', '\\"seq\\":1') }), '');
    expect(wrong(entry)).toEqual(expect.arrayContaining(['signature', 'sums', 'entries']));
    const put = await check(await changed({ 'photos/999.png': 'x' }), '');
    expect(put.findings.files.wrong[0]!.en).toBe('photos/999.png: it is in no list');
    const note = await check(await changed({ 'manifest.json': manifest.replace(/"checkpoint": "([^"]*)"/, (all) => all.replace('kuaichu', 'other')) }), '');
    expect(wrong(note)).toEqual(expect.arrayContaining(['checkpoint', 'entries', 'objects']));
  }, 20000);

  it('is no bundle without a manifest, or of a later format', async () => {
    await expect(check(await changed({ 'manifest.json': null }), '')).rejects.toBeInstanceOf(NoBundle);
    const later = (await textOf('manifest.json')).replace('"version": 1', '"version": 2');
    await expect(check(await changed({ 'manifest.json': later }), '')).rejects.toBeInstanceOf(NoBundle);
    await expect(filesOfZip(new Blob(['no ZIP']))).rejects.toThrow();
  });
});

describe('what it stands on', () => {
  it('reads minisign’s signatures of both kinds', () => {
    const key = parsePublic('RWTshbdulwfKBOm+Y9b+6lFRGXHgvdl+tXmFOP+Z+Z+U5xX/T82Z5P42')!;
    const hashed = 'untrusted comment: signature from minisign secret key\nRUTshbdulwfKBIpxmUYUTkPemi+fNlEtwMRBkendKagk5SG87ctkoZSq4KP0zjYibsAY53kipGmrlqgAMHIbYN5TtQtnm76OAgM=\n'
      + 'trusted comment: a trusted comment\ntdRdClnd+cONbGCl5/LbotRdM6Adnqz56VhP86jYI+k5lieZzn/Ig3Ga4XCyDvSi5WSANAet8ZmC57SU/ZYKDQ==\n';
    const legacy = 'untrusted comment: signature from minisign secret key\nRWTshbdulwfKBArveV624vse2I8TNoZvtOlFlhpueW1/NjpNntf9bRhb6T1ZtWWwscsPFNESSjHIn4u2/SXk6p5nam+VQ+IqcAQ=\n'
      + 'trusted comment: legacy\nU/amB4cgE2aWmSczDOS+19/xvYx9UsJ+qZa9rX2UBgxYPjQrfk+PjgVfG+Jl3wJJQ2mtGEGcTBqHWJYAK+8TDw==\n';
    for (const one of [hashed, legacy]) {
      expect(checkMinisig(one, key, utf8('one text\n'))).toBe(true);
      expect(checkMinisig(one, key, utf8('another text\n'))).toBe(false);
      expect(checkMinisig(one.replace('\ntrusted comment: ', '\ntrusted comment: x'), key, utf8('one text\n'))).toBe(false);
    }
  });

  it('reads keys of notes as their documentation has them, and no others', () => {
    expect(parseLogKey('PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')?.name).toBe('PeterNeumann');
    expect(parseLogKey('PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW')).toBeNull();
  });

  it('proves a leaf in a tree of one, and nothing outside', () => {
    const leaf = leafHash('one');
    expect(isInTree(leaf, 0, 1, [], leaf)).toBe(true);
    expect(isInTree(leaf, 1, 1, [], leaf)).toBe(false);
    expect(isInTree(leaf, 0, 1, [leaf], leaf)).toBe(false);
    expect(isInTree(leaf, 0, 2, [], leaf)).toBe(false);
  });
});
