// What the browsers' fake cameras and microphones play: the real clip where it is at hand (KUAICHU_CLIP, or
// shared/media beside the checkout), else a moving picture with a burnt-in counter; the voices are synthetic speech.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = join(tmpdir(), 'kuaichu-e2e-media');
const clip = process.env.KUAICHU_CLIP ?? fileURLToPath(new URL('../../../../shared/media/car-detection.mp4', import.meta.url));
const ffmpeg = (...args) => execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...args]);

function voice(file, text) {
  const raw = `${file}.raw.wav`;
  execFileSync('espeak-ng', ['-s', '140', '-w', raw, text]);
  ffmpeg('-i', raw, '-af', 'apad=pad_dur=0.4', '-ar', '48000', '-ac', '1', file);
}

/** Paths of `driver` and `officer`: {video: MJPEG, audio: WAV}; made once. `real` tells whether the clip was there. */
export function fakeDevices() {
  mkdirSync(cache, { recursive: true });
  const files = {
    driver: { video: join(cache, 'driver.mjpeg'), audio: join(cache, 'driver.wav') },
    officer: { video: join(cache, 'officer.mjpeg'), audio: join(cache, 'officer.wav') },
    real: existsSync(clip),
  };
  if (!existsSync(files.driver.video)) {
    // Two cars side by side, to and fro: a scene that never leaves the picture and never stands still.
    const scene = 'fps=25,scale=1280:720:force_original_aspect_ratio=increase,crop=1280:720,split[on][off];[off]reverse[back];[on][back]concat';
    const source = files.real
      ? ['-ss', '15.2', '-t', '1.6', '-i', clip, '-filter_complex', scene]
      : ['-f', 'lavfi', '-t', '20', '-i', 'testsrc2=size=1280x720:rate=25'];
    ffmpeg(...source, '-an', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg', files.driver.video);
  }
  if (!existsSync(files.officer.video))
    ffmpeg('-f', 'lavfi', '-t', '10', '-i', 'gradients=size=640x480:rate=25:c0=0x10283f:c1=0x3f78ad:speed=0.03:duration=10,drawtext=text=%{frame_num}:fontsize=90:fontcolor=white:x=(w-tw)/2:y=(h-th)/2', '-pix_fmt', 'yuvj420p', '-q:v', '4', '-f', 'mjpeg', files.officer.video);
  if (!existsSync(files.driver.audio)) voice(files.driver.audio, 'I changed lanes and we touched. Nobody is hurt. I am standing behind the barrier.');
  if (!existsSync(files.officer.audio)) voice(files.officer.audio, 'This is the remote centre. Please show me the point of impact and both number plates.');
  return files;
}
