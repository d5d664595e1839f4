// What the browser's statistics say of one connection, as rates.
import type { Level } from './meter';

export interface NetworkReport {
  /** By the meter; null: not known yet. */
  level: Level | null;
  rttMs: number | null; lossIn: number; lossOut: number; inBps: number; outBps: number;
  width: number; height: number; fps: number;
}

export interface StatsSample {
  at: number; received: number; lost: number; bytesIn: number; bytesOut: number; lossOut: number; rttMs: number | null;
  width: number; height: number; fps: number; framesDecoded: number;
}

export function sampleOf(stats: RTCStatsReport): StatsSample {
  const sample: StatsSample = {
    at: Date.now(), received: 0, lost: 0, bytesIn: 0, bytesOut: 0, lossOut: 0, rttMs: null, width: 0, height: 0, fps: 0, framesDecoded: 0,
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the report is a bag of differing dictionaries
  stats.forEach((entry: any) => {
    if (entry.type === 'inbound-rtp') {
      sample.received += entry.packetsReceived ?? 0;
      sample.lost += Math.max(0, entry.packetsLost ?? 0);
      sample.bytesIn += entry.bytesReceived ?? 0;
      if (entry.kind === 'video') sample.framesDecoded += entry.framesDecoded ?? 0;
      // Of several pictures, the largest.
      if (entry.kind === 'video' && (entry.frameWidth ?? 0) > sample.width) {
        sample.width = entry.frameWidth;
        sample.height = entry.frameHeight ?? 0;
        sample.fps = entry.framesPerSecond ?? 0;
      }
    } else if (entry.type === 'outbound-rtp') {
      sample.bytesOut += entry.bytesSent ?? 0;
    } else if (entry.type === 'remote-inbound-rtp') {
      sample.lossOut = Math.max(sample.lossOut, entry.fractionLost ?? 0);
    } else if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime !== undefined) {
      sample.rttMs = Math.round(entry.currentRoundTripTime * 1000);
    }
  });
  return sample;
}

export function reportOf(before: StatsSample, now: StatsSample): Omit<NetworkReport, 'level'> {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const received = Math.max(0, now.received - before.received);
  const lost = Math.max(0, now.lost - before.lost);
  const lossIn = received + lost > 0 ? lost / (received + lost) : 0;
  const inBps = Math.max(0, now.bytesIn - before.bytesIn) * 8 / seconds;
  const outBps = Math.max(0, now.bytesOut - before.bytesOut) * 8 / seconds;
  return {
    rttMs: now.rttMs, lossIn, lossOut: now.lossOut,
    inBps, outBps, width: now.width, height: now.height, fps: now.fps,
  };
}
