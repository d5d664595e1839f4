// The files of a bundle as somebody gives them: the ZIP, or the folder that it was unpacked to.
import { BlobReader, BlobWriter, type FileEntry, ZipReader, configure } from '@zip.js/zip.js/lib/zip-core-native.js';

/** By name; a name that stands twice is in `twice`. */
export interface Files { blobs: Map<string, () => Promise<Blob>>; twice: string[] }

configure({ useWebWorkers: false });

function enter(files: Files, name: string, blob: () => Promise<Blob>): void {
  if (files.blobs.has(name)) files.twice.push(name);
  else files.blobs.set(name, blob);
}

/** Read where it lies; a large file is never whole in memory. Throws what the library says of a file that is no ZIP. */
export async function filesOfZip(zip: Blob): Promise<Files> {
  const files: Files = { blobs: new Map(), twice: [] };
  for (const entry of await new ZipReader(new BlobReader(zip)).getEntries()) {
    if (!entry.directory) enter(files, entry.filename, () => (entry as FileEntry).getData(new BlobWriter(), { checkSignature: true }));
  }
  return files;
}

/** Of an <input webkitdirectory>; names begin below the chosen folder, or below the one in it that holds the manifest. */
export function filesOfFolder(list: Iterable<File>): Files {
  const files: Files = { blobs: new Map(), twice: [] };
  const given = [...list].map((file) => ({ file, path: ((file as { path?: string }).path ?? file.webkitRelativePath) || file.name }));
  const manifest = given.map((one) => one.path).filter((path) => /(^|\/)manifest\.json$/.test(path)).sort((a, b) => a.length - b.length)[0];
  const root = manifest?.slice(0, manifest.length - 'manifest.json'.length) ?? '';
  for (const { file, path } of given) if (path.startsWith(root)) enter(files, path.slice(root.length), () => Promise.resolve(file));
  return files;
}

type Entry = FileSystemEntry & { file?: (done: (file: File) => void, failed: (error: unknown) => void) => void; createReader?: () => FileSystemDirectoryReader };

async function walk(entry: Entry, found: File[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((done, failed) => entry.file!(done, failed));
    found.push(Object.assign(file, { path: entry.fullPath.slice(1) }));
    return;
  }
  const reader = entry.createReader!();
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((done, failed) => reader.readEntries(done, failed));
    if (some.length === 0) return;
    for (const one of some) await walk(one as Entry, found);
  }
}

/** What was dropped: a ZIP, a folder, or the files of one. */
export async function filesOfDrop(items: DataTransferItemList): Promise<Files> {
  const entries = [...items].map((item) => item.webkitGetAsEntry()).filter((one) => one !== null) as Entry[];
  const found: File[] = [];
  for (const entry of entries) await walk(entry, found);
  const zip = found.length === 1 && /\.zip$/i.test(found[0]!.name) ? found[0]! : null;
  return zip ? filesOfZip(zip) : filesOfFolder(found);
}
