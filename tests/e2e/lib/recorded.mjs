// Cases with recordings that no call was needed for: real VP8 and Opus through the project's own writer into the vault
// (tests/bench/make_replay.c), while the service is stopped.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakeDevices } from './media.mjs';
import { build } from './service.mjs';
import { queuedCase } from './flow.mjs';

const cache = join(tmpdir(), 'kuaichu-e2e-media');

/** A WebM of `seconds` as a phone sends it: a keyframe every three seconds, as the recorder asks for them. */
export function clip(who, seconds, size = '1280x720', bitrate = '1200k') {
  const file = join(cache, `${who}-${seconds}-${size}-${bitrate}.webm`);
  if (existsSync(file)) return file;
  const devices = fakeDevices();
  mkdirSync(cache, { recursive: true });
  const [width, height] = size.split('x');
  execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-stream_loop', '-1', '-framerate', '25', '-i', devices[who].video, '-stream_loop', '-1', '-i', devices[who].audio, '-t', String(seconds),
    '-vf', `scale=${width}:${height}:force_original_aspect_ratio=increase,crop=${width}:${height}`, '-r', '25', '-c:v', 'libvpx', '-b:v', bitrate, '-g', '75', '-keyint_min', '75', '-deadline', 'realtime', '-cpu-used', '8',
    '-c:a', 'libopus', '-b:a', '32k', '-ac', '2', `${file}.part.webm`]);
  renameSync(`${file}.part.webm`, file);
  return file;
}

/** A case with two parties, claimed by the officer: {id, parties: [A, B], officer, token}. */
export async function heldCase(service) {
  const { id, party } = await queuedCase(service);
  const token = await service.signIn('officer');
  await service.api('POST', `/api/v1/cases/${id}/claim`, { token, body: {} });
  const added = await service.api('POST', `/api/v1/cases/${id}/parties`, { token, body: { kind: 'motor', name: '李四', plate_number: '陕H54321' } });
  const file = await service.api('GET', `/api/v1/cases/${id}`, { token });
  return { id, parties: [party, added.party.id], officer: file.officer.id, token };
}

/** Adds tracks ("party.ID:FROM_MS:REPEAT:complete|cut:FILE[:GAP]") to a case; the service is stopped meanwhile. Ids. */
export async function record(service, id, tracks) {
  await service.halt();
  const ids = execFileSync(join(build, 'tests/bench/make_replay'), [service.data, id, ...tracks], { env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } }).toString().trim().split('\n');
  await service.start();
  return ids;
}
