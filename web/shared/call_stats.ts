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

/** What was sent, and how it fared; counted since the connection began. */
export interface SentSample {
  at: number; availableBps: number | null; videoBytes: number; frames: number; packets: number; waitS: number | null; limited: boolean;
  lossAudio: number | null; lossVideo: number | null; rttMs: number | null;
}

export function sentOf(stats: RTCStatsReport, at: number): SentSample {
  const sample: SentSample = {
    at, availableBps: null, videoBytes: 0, frames: 0, packets: 0, waitS: null, limited: false, lossAudio: null, lossVideo: null, rttMs: null,
  };
  const slowest = (seconds: number | undefined) => { if (seconds !== undefined) sample.rttMs = Math.max(sample.rttMs ?? 0, Math.round(seconds * 1000)); };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the report is a bag of differing dictionaries
  stats.forEach((entry: any) => {
    if (entry.type === 'outbound-rtp' && entry.kind === 'video') {
      sample.videoBytes += entry.bytesSent ?? 0;
      sample.frames += entry.framesSent ?? entry.framesEncoded ?? 0;
      sample.packets += entry.packetsSent ?? 0;
      if (entry.totalPacketSendDelay !== undefined) sample.waitS = (sample.waitS ?? 0) + entry.totalPacketSendDelay;
      sample.limited ||= entry.qualityLimitationReason === 'bandwidth';
    } else if (entry.type === 'remote-inbound-rtp') {
      if (entry.kind === 'video') sample.lossVideo = entry.fractionLost ?? null;
      else { sample.lossAudio = entry.fractionLost ?? null; slowest(entry.roundTripTime); }
    } else if (entry.type === 'candidate-pair' && entry.nominated) {
      if (entry.availableOutgoingBitrate !== undefined) sample.availableBps = entry.availableOutgoingBitrate;
      slowest(entry.currentRoundTripTime);
    }
  });
  return sample;
}

/** Rates of the time between two samples. Reports of a picture that is not sent are old: they count for nothing. */
export function sentRates(before: SentSample, now: SentSample) {
  const seconds = Math.max(0.001, (now.at - before.at) / 1000);
  const packets = now.packets - before.packets;
  return {
    availableBps: now.availableBps, videoBps: Math.max(0, now.videoBytes - before.videoBytes) * 8 / seconds,
    fps: Math.max(0, now.frames - before.frames) / seconds, limited: now.limited, lossAudio: now.lossAudio,
    lossVideo: packets > 0 ? now.lossVideo : null, rttMs: now.rttMs,
    waitMs: packets > 0 && now.waitS !== null && before.waitS !== null ? (now.waitS - before.waitS) * 1000 / packets : null,
  };
}
export type SentRates = ReturnType<typeof sentRates>;

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
