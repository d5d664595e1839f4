// What reading a recording costs beside nginx serving the same plain bytes, in turn in one sitting, by curl on 127.0.0.1:
//
//     KUAICHU_BUILD=build-bench node tests/bench/ranges.mjs [TURNS=41]
//
// The whole hour in one request, and RANGES random megabytes over one connection: by HTTPS, which is how browsers come (none
// gives a page its camera without), and by plain HTTP, where nginx has the kernel send the file and we still open what is
// sealed. Prints the medians of all turns and their ratio; fails below 0.7.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quantile, serviceWithAnHour } from './replay_hour.mjs';

const TURNS = Number(process.argv[2] ?? 41);
const RANGES = 200, RANGE_BYTES = 1 << 20, WANTED = 0.7;
const PORT = 19740, NGINX = { http: 19741, https: 19742 };

const dir = mkdtempSync(join(tmpdir(), 'kuaichu-ranges-'));
const certificate = join(dir, 'certificate.pem'), key = join(dir, 'key.pem');
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj',
  '/CN=127.0.0.1', '-out', certificate, '-keyout', key], { stdio: 'ignore' });

const { service, ids } = await serviceWithAnHour(PORT);
const token = await service.signIn('auditor');
const path = `/api/v1/recordings/${ids[0]}/media`;
const ours = (scheme) => ({ url: `${scheme}://127.0.0.1:${PORT}${path}`, header: `Authorization: Bearer ${token}` });
const theirs = (scheme) => ({ url: `${scheme}://127.0.0.1:${NGINX[scheme]}/hour.webm`, header: 'Accept: */*' });

execFileSync('curl', ['-sf', '-H', ours('http').header, '-o', join(dir, 'hour.webm'), ours('http').url]);
const { size } = statSync(join(dir, 'hour.webm'));
writeFileSync(join(dir, 'nginx.conf'), `worker_processes 2; daemon off; pid ${dir}/pid; error_log stderr; events {}
http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${dir}; root ${dir};
  server { listen 127.0.0.1:${NGINX.http}; }
  server { listen 127.0.0.1:${NGINX.https} ssl; ssl_certificate ${certificate}; ssl_certificate_key ${key}; } }`);
const nginx = spawn('nginx', ['-p', dir, '-c', join(dir, 'nginx.conf')], { stdio: 'ignore' });

function megabytes(bytes, args) {
  const began = process.hrtime.bigint();
  execFileSync('curl', ['--cacert', certificate, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  return bytes / (Number(process.hrtime.bigint() - began) / 1e9) / 1e6;
}
const whole = ({ url, header }) => megabytes(size, ['-sf', '-H', header, '-o', '/dev/null', url]);
function random({ url, header }, turn) {
  let seed = 11 + turn;
  const lines = [];
  for (let n = 0; n < RANGES; n += 1) {
    seed = (seed * 48271) % 2147483647;
    const from = Math.floor((seed / 2147483647) * (size - RANGE_BYTES));
    lines.push(`${n ? 'next\n' : ''}url = "${url}"\nheader = "${header}"\nrange = ${from}-${from + RANGE_BYTES - 1}\noutput = /dev/null\nsilent\nfail\ncacert = "${certificate}"`);
  }
  writeFileSync(join(dir, 'ranges'), lines.join('\n'));
  return megabytes(RANGES * RANGE_BYTES, ['-K', join(dir, 'ranges')]);
}

function compare(scheme) {
  const servers = [ours(scheme), theirs(scheme)];
  const rows = { whole: [[], []], random: [[], []] };
  servers.forEach(whole); // both have it in memory
  for (let turn = 0; turn < TURNS; turn += 1) {
    servers.forEach((server, n) => {
      rows.whole[n].push(whole(server));
      rows.random[n].push(random(server, turn));
    });
  }
  for (const [what, [a, b]] of Object.entries(rows)) {
    const ratio = quantile(a, 0.5) / quantile(b, 0.5);
    console.log(`| ${scheme}, ${what} | kuaichu ${quantile(a, 0.5).toFixed(0)} | nginx ${quantile(b, 0.5).toFixed(0)} | ${ratio.toFixed(2)} |`);
    if (ratio < WANTED) process.exitCode = 1;
  }
}

console.log(`${(size / 1e6).toFixed(0)} MB, ${TURNS} turns, MB/s in the median`);
compare('http');
await service.halt();
service.args.push('--tls-certificate', certificate, '--tls-key', key);
await service.start();
compare('https');
nginx.kill();
await service.stop();
rmSync(dir, { recursive: true });
