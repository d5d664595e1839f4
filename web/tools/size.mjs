// What a first visit to each page loads, gzip'd: its script, the modules it imports at once, its styles. Fails above
// the budget. Usage: node tools/size.mjs DIST [KILOBYTES]
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

const dist = process.argv[2] ?? 'dist';
const budget = Number(process.argv[3] ?? 60) * 1000;
const BUDGETED = 'driver/index.html';

/** Files a page needs before it shows anything. */
export function firstLoad(page) {
  const seen = new Set();
  const visit = (path) => {
    if (seen.has(path)) return;
    seen.add(path);
    if (!path.endsWith('.js')) return;
    for (const [, name] of readFileSync(path, 'utf8').matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w*{}\s,$]+from)?\s*["'](\.[^"']+)["']/g)) visit(join(dirname(path), name));
  };
  const html = readFileSync(join(dist, page), 'utf8');
  for (const [, path] of html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"/g)) visit(join(dist, path));
  return [...seen];
}

const pages = ['driver', 'desk', 'audit', 'admin', 'verify'].map((name) => `${name}/index.html`).filter((page) => existsSync(join(dist, page)));
for (const page of pages) {
  const total = firstLoad(page).reduce((sum, path) => sum + gzipSync(readFileSync(path)).length, 0);
  const over = page === BUDGETED && total > budget;
  console.log(`${page}: ${(total / 1000).toFixed(1)} kB gzip${page === BUDGETED ? ` of ${budget / 1000} kB` : ''}${over ? ' OVER' : ''}`);
  if (over) process.exitCode = 1;
}
