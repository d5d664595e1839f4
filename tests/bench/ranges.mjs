// What reading a recording costs beside nginx serving the same plain bytes, in turn in one sitting, by curl on 127.0.0.1:
//
//     KUAICHU_BUILD=build-bench node tests/bench/ranges.mjs [TURNS=7]
//
// The whole hour in one request, and RANGES random megabytes over one connection. Prints the medians of all turns and their
// ratio; fails below 0.7.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, serviceWithAnHour } from './replay_hour.mjs';

const TURNS = Number(process.argv[2] ?? 7);
const RANGES = 200, RANGE_BYTES = 1 << 20, WANTED = 0.7;

const { service, ids } = await serviceWithAnHour(19740);
const token = await service.signIn('auditor');
const dir = mkdtempSync(join(tmpdir(), 'kuaichu-ranges-'));
const ours = { url: `${service.url}/api/v1/recordings/${ids[0]}/media`, header: `Authorization: Bearer ${token}` };
execFileSync('curl', ['-sf', '-H', ours.header, '-o', join(dir, 'hour.webm'), ours.url]);
const { size } = statSync(join(dir, 'hour.webm'));
writeFileSync(join(dir, 'nginx.conf'), `worker_processes 2; daemon off; pid ${dir}/pid; error_log stderr; events {}
http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${dir}; server { listen 127.0.0.1:19741; root ${dir}; } }`);
const nginx = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' });
const theirs = { url: 'http://127.0.0.1:19741/hour.webm', header: 'Accept: */*' };
await new Promise((done) => setTimeout(done, 500));

const curl = (args) => { const began = process.hrtime.bigint(); execFileSync('curl', args, { stdio: ['ignore', 'ignore', 'inherit'] }); return Number(process.hrtime.bigint() - began) / 1e9; };
const whole = ({ url, header }) => size / curl(['-sf', '-H', header, '-o', '/dev/null', url]) / 1e6;
function random({ url, header }, turn) {
  let seed = 11 + turn;
  const lines = [];
  for (let n = 0; n < RANGES; n += 1) {
    seed = (seed * 48271) % 2147483647;
    const from = Math.floor((seed / 2147483647) * (size - RANGE_BYTES));
    lines.push(`${n ? 'next\n' : ''}url = "${url}"\nheader = "${header}"\nrange = ${from}-${from + RANGE_BYTES - 1}\noutput = /dev/null\nsilent\nfail`);
  }
  writeFileSync(join(dir, 'ranges'), lines.join('\n'));
  return (RANGES * RANGE_BYTES) / curl(['-K', join(dir, 'ranges')]) / 1e6;
}

const rows = { whole: [[], []], random: [[], []] };
whole(ours); whole(theirs); // both have it in memory
for (let turn = 0; turn < TURNS; turn += 1) {
  for (const [n, server] of [ours, theirs].entries()) {
    rows.whole[n].push(whole(server));
    rows.random[n].push(random(server, turn));
  }
}
nginx.kill();
await service.stop();
rmSync(dir, { recursive: true });
console.log(`${(size / 1e6).toFixed(0)} MB, ${TURNS} turns, MB/s in the median`);
for (const [what, [a, b]] of Object.entries(rows)) {
  const ratio = quantile(a, 0.5) / quantile(b, 0.5);
  console.log(`| ${what} | kuaichu ${quantile(a, 0.5).toFixed(0)} | nginx ${quantile(b, 0.5).toFixed(0)} | ${ratio.toFixed(2)} |`);
  if (ratio < WANTED) process.exitCode = 1;
}
