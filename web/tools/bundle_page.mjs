// verify.html of exported bundles: script and style of bundle/main.tsx in one file, which its own policy allows by their hashes and
// nothing else. Usage: node tools/bundle_page.mjs DIST
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const hash = (text) => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const { output } = await build({
  configFile: join(root, 'vite.config.ts'),
  logLevel: 'warn',
  build: {
    write: false, cssCodeSplit: false, copyPublicDir: false,
    rollupOptions: { input: join(root, 'bundle/main.tsx'), output: { format: 'iife', inlineDynamicImports: true } },
  },
});
const script = output.find((one) => one.type === 'chunk').code.replaceAll('</script', '<\\/script').trim();
const style = output.find((one) => one.type === 'asset' && one.fileName.endsWith('.css')).source.toString().trim();
const values = { SCRIPT_HASH: hash(script), STYLE_HASH: hash(style), STYLE: style, SCRIPT: script };
const page = readFileSync(join(root, 'bundle/page.html'), 'utf8').replace(/SCRIPT_HASH|STYLE_HASH|STYLE|SCRIPT/g, (name) => values[name]);
const folder = join(resolve(process.argv[2] ?? 'dist'), 'bundle');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'verify.html'), page);
