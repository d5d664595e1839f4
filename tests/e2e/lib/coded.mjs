// Fake cameras whose every picture says its number, so that a picture can be followed from the lens to another screen and
// into the recording. The code: twelve squares along the upper edge, each a 32nd of the width; white, nine bits of the
// number (lowest first), their parity, black.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fakeDevices } from './media.mjs';

export const CODES = 512;
const SQUARES = 12;

/** As fakeDevices, both with the driver's scene and the code in it. */
export function codedDevices() {
  const plain = fakeDevices();
  const video = join(dirname(plain.driver.video), 'coded.mjpeg');
  if (!existsSync(video)) {
    const square = (at, color, when) => `drawbox=x=${at * 40}:y=0:w=40:h=40:color=${color}:t=fill${when ? `:enable='${when}'` : ''}`;
    const bit = (b) => `gt(bitand(n,${2 ** b}),0)`;
    const bits = Array.from({ length: 9 }, (_, b) => b);
    const code = [`drawbox=x=0:y=0:w=${SQUARES * 40}:h=40:color=black:t=fill`, square(0, 'white'), ...bits.map((b) => square(b + 1, 'white', bit(b))),
      square(10, 'white', `mod(${bits.map(bit).join('+')},2)`)];
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-stream_loop', '-1', '-f', 'mjpeg', '-i', plain.driver.video, '-frames:v', String(CODES),
      '-vf', code.join(','), '-an', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg', video]);
  }
  return { driver: { ...plain.driver, video }, officer: { ...plain.officer, video } };
}

/** The number of a picture whose luma at the middle of square n is `luma(n)`; -1: there is no code. Runs in pages too. */
export function readCode(luma) {
  const on = Array.from({ length: 12 }, (_, n) => (luma(n) > 128 ? 1 : 0));
  const value = on.slice(1, 10).reduce((sum, bit, b) => sum + bit * 2 ** b, 0);
  const parity = on.slice(1, 10).reduce((sum, bit) => sum ^ bit, 0);
  return on[0] === 1 && on[11] === 0 && on[10] === parity ? value : -1;
}

/** The pictures of a WebM file: [{ms, code}]. */
export function codesOf(file) {
  const width = SQUARES * 20;
  const frames = execFileSync('ffmpeg', ['-loglevel', 'error', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough', '-vf', `scale=640:360,crop=${width}:2:0:10,format=gray`,
    '-f', 'rawvideo', '-'], { maxBuffer: 1 << 28 });
  const times = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', file]).toString().trim().split('\n');
  const count = frames.length / (width * 2);
  return Array.from({ length: count }, (_, i) => ({ ms: Math.round(Number(times[i]) * 1000), code: readCode((n) => frames[i * width * 2 + n * 20 + 10]) }));
}
