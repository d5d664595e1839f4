// A service with one case of an hour: a phone's 720p and the desk's small picture, both real VP8 and Opus, repeated. Shared
// by the benches of replay.
import { clip, heldCase, record } from '../e2e/lib/recorded.mjs';
import { Service } from '../e2e/lib/service.mjs';

export const HOUR_MS = 3600000;

export async function serviceWithAnHour(port, seconds = 12, minutes = 60) {
  const service = await new Service({ port, workers: 1 }).start();
  const file = await heldCase(service);
  const repeat = (minutes * 60) / seconds;
  const ids = await record(service, file.id, [
    `party.${file.parties[0]}:0:${repeat}:complete:${clip('driver', seconds)}`, `user.${file.officer}:0:${repeat}:complete:${clip('officer', seconds, '640x360', '400k')}`]);
  return { service, file, ids };
}

export const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
