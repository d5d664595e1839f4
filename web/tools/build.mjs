// Builds the pages in a folder of the build tree and packs them into one C file. The source tree stays as it is, so
// several build trees may build at once. Packages are installed only when the lock file changed; with them in place
// a rebuild needs no network.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';

const { values: args } = parseArgs({
  options: Object.fromEntries(['source', 'stage', 'output', 'depfile', 'npm', 'compiler'].map((name) => [name, { type: 'string' }])),
});
const PREFIX = '/cn/kuaichu/web';
const SKIP = new Set(['node_modules', 'dist', '.vite']);
const source = resolve(args.source);
const stage = resolve(args.stage);
const dist = join(stage, 'dist');

function* walk(folder) {
  yield folder;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (SKIP.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else yield path;
  }
}

function run(program, parameters, options = {}) {
  execFileSync(program, parameters, { cwd: stage, stdio: ['ignore', 'inherit', 'inherit'], ...options });
}

function copySources() {
  mkdirSync(stage, { recursive: true });
  for (const entry of readdirSync(stage)) if (entry !== 'node_modules' && entry !== '.installed') rmSync(join(stage, entry), { recursive: true });
  cpSync(source, stage, { recursive: true, filter: (path) => path === source || !SKIP.has(path.split('/').pop()) });
}

function install() {
  const stamp = join(stage, '.installed');
  const lock = createHash('sha256').update(readFileSync(join(stage, 'package-lock.json'))).digest('hex');
  if (existsSync(join(stage, 'node_modules')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  rmSync(stamp, { force: true });
  run(args.npm, ['ci', '--omit=dev', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(stamp, lock);
}

/** Beside each text of over 1 kB its gzip'd twin, which the service sends to those who accept it. */
function compress() {
  for (const path of [...walk(dist)].filter((one) => /\.(html|js|css|svg)$/.test(one))) {
    const plain = readFileSync(path);
    if (plain.length > 1000) writeFileSync(`${path}.gz`, gzipSync(plain, { level: 9 }));
  }
}

function pack() {
  const files = [...walk(dist)].filter((path) => statSync(path).isFile()).map((path) => relative(dist, path)).sort();
  const lines = files.map((file) => `    <file>${file}</file>`).join('\n');
  const description = join(stage, 'web.gresource.xml');
  writeFileSync(description, `<?xml version="1.0"?>\n<gresources>\n  <gresource prefix="${PREFIX}">\n${lines}\n  </gresource>\n</gresources>\n`);
  run(args.compiler, ['--generate-source', '--internal', '--c-name', 'kc_web', '--sourcedir', dist, '--target', resolve(args.output), description]);
}

copySources();
install();
run(process.execPath, [join(stage, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], { env: { ...process.env, KC_WEB_OUT: dist } });
run(process.execPath, [join(stage, 'tools/bundle_page.mjs'), dist]);
compress();
pack();
const escaped = (path) => path.replaceAll(' ', '\\ ');
writeFileSync(args.depfile, `${escaped(args.output)}: ${[...walk(source)].map(escaped).join(' ')}\n`);
