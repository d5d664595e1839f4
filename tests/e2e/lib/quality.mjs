// What two people see and hear of each other, measured where they would: every decoded picture by its code (coded.mjs),
// the envelope of the sound, and what getStats counts. `observing` goes into a page before the call; then, by `seenBy`:
//
//   self, remote: {video: [[at ms, code, width]], audio: [[at ms, rms]]}    samples: [what getStats said, four a second]
//
// Times are of the one wall clock that all browsers of the machine share.
import { CODES, readCode } from './coded.mjs';

/** Arguments of addInitScript. `selector`: the <video> in which the page shows the other. */
export const observing = (selector) => [({ selector, readCodeSource }) => {
  const codeOf = new Function(`return ${readCodeSource}`)();
  const now = () => performance.timeOrigin + performance.now();
  const empty = () => ({ video: [], audio: [] });
  const seen = { self: empty(), remote: empty(), samples: [], peers: [] };
  const tracks = new Set();
  window.kcSeen = seen;

  const Real = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Real {
    constructor(...args) {
      super(...args);
      seen.peers.push(this);
    }
  };

  const picture = async (frame) => {
    const { width, height, x, y } = frame.visibleRect, bytes = frame.format.startsWith('RGB') || frame.format.startsWith('BGR') ? 4 : 1;
    const rect = { x, y: y + (Math.round(height / 36) & ~1), width: Math.round((width * 12) / 32) & ~1, height: 2 };
    const data = new Uint8Array(frame.allocationSize({ rect }));
    const [plane] = await frame.copyTo(data, { rect });
    return codeOf((n) => data[plane.offset + Math.round(((n + 0.5) * width) / 32) * bytes + (bytes === 4 ? 1 : 0)]);
  };
  const loudness = (sound) => {
    const data = new Float32Array(sound.numberOfFrames);
    sound.copyTo(data, { planeIndex: 0, format: 'f32-planar' });
    return Math.sqrt(data.reduce((sum, one) => sum + one * one, 0) / data.length);
  };
  const follow = async (track, into) => {
    if (!track || track.readyState !== 'live' || tracks.has(track)) return;
    tracks.add(track);
    const reader = new MediaStreamTrackProcessor({ track, maxBufferSize: 20 }).readable.getReader();
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (done) return;
      const at = now();
      try {
        if (track.kind === 'video') into.video.push([at, await picture(value), value.visibleRect.width]);
        else into.audio.push([at, loudness(value), value.timestamp / 1000]);
      } finally {
        value.close();
      }
    }
  };
  const sample = async (peer) => {
    const stats = [...(await peer.getStats()).values()];
    const of = (type, kind) => stats.find((one) => one.type === type && one.kind === kind && (type !== 'inbound-rtp' || one.packetsReceived > 0)) ?? {};
    const pair = stats.find((one) => one.type === 'candidate-pair' && one.nominated && one.state === 'succeeded') ?? {};
    const sent = of('outbound-rtp', 'video'), video = of('inbound-rtp', 'video'), audio = of('inbound-rtp', 'audio');
    seen.samples.push({
      at: now(), peer: seen.peers.length, state: peer.connectionState, estimate: pair.availableOutgoingBitrate ?? 0, rttMs: (pair.currentRoundTripTime ?? 0) * 1000,
      sent: { at: sent.timestamp ?? now(), frames: sent.framesSent ?? 0, width: sent.frameWidth ?? 0, limited: sent.qualityLimitationReason, keyframes: sent.keyFramesEncoded ?? 0 },
      video: { at: video.timestamp ?? now(), frames: video.framesDecoded ?? 0, whole: video.framesReceived ?? 0, lost: video.packetsLost ?? 0, freezes: video.freezeCount ?? 0, frozenS: video.totalFreezesDuration ?? 0,
        buffered: video.jitterBufferDelay ?? 0, emitted: video.jitterBufferEmittedCount ?? 0, keyframes: video.keyFramesDecoded ?? 0, nacks: video.nackCount ?? 0, plis: video.pliCount ?? 0 },
      audio: { samples: audio.totalSamplesReceived ?? 0, concealed: audio.concealedSamples ?? 0, silent: audio.silentConcealedSamples ?? 0, fec: audio.fecPacketsReceived ?? 0,
        lost: audio.packetsLost ?? 0, nacks: audio.nackCount ?? 0, retransmitted: audio.retransmittedPacketsReceived ?? 0 },
    });
  };
  setInterval(() => {
    const peer = seen.peers.at(-1);
    for (const sender of peer?.getSenders() ?? []) void follow(sender.track, seen.self);
    for (const track of document.querySelector(selector)?.srcObject?.getTracks() ?? []) void follow(track, seen.remote);
  }, 50);
  setInterval(() => seen.peers.length && void sample(seen.peers.at(-1)), 250);
}, { selector, readCodeSource: readCode.toString() }];

/** Everything since the page was loaded. */
export const seenBy = (page) => page.evaluate(() => {
  const { self, remote, samples } = window.kcSeen;
  return { self, remote, samples };
});

const percentile = (values, share) => values.length === 0 ? NaN : [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
const within = ([at], { from, to }) => at >= from && at <= to;

/** When each picture was shown and how long it took from `sender`'s camera to `receiver`'s screen: [[at, ms]]. */
function pictureDelays(sent, received, span) {
  const delays = [];
  let at = 0;
  for (const [shown, code] of received.filter((one) => one[1] >= 0 && within(one, span))) {
    while (at + 1 < sent.length && sent[at + 1][0] <= shown) at += 1;
    for (let back = at; back >= 0 && back > at - CODES / 2; back -= 1)
      if (sent[back][1] === code) { delays.push([shown, shown - sent[back][0]]); break; }
  }
  return delays;
}

/** How far behind the camera the screen was at a moment: what is shown then was sent so long before. */
function behindAt(shown, moment) {
  const nearest = [...shown].sort(([a], [b]) => Math.abs(a - moment) - Math.abs(b - moment)).slice(0, 5);
  return percentile(nearest.map(([, ms]) => ms), 0.5) || 0;
}

/** Holes longer than `ms` between one picture and the next: [[from, to]]; the ends of the span count as pictures. */
export function holes(pictures, { from, to }, ms) {
  const times = [from, ...pictures.map(([at]) => at).filter((at) => at >= from && at <= to), to];
  return times.slice(1).map((at, i) => [times[i], at]).filter(([a, b]) => b - a > ms);
}

const BIN_MS = 10;
/** Loudness in dB, one value each 10 ms of the span. */
function envelope(sound, { from, to }) {
  const offset = Math.min(...sound.map(([at, , timestamp]) => at - timestamp)); // the least delayed look gives the clock
  const bins = new Float64Array(Math.floor((to - from) / BIN_MS)).fill(-60);
  for (const [, rms, timestamp] of sound) {
    const bin = Math.floor((timestamp + offset - from) / BIN_MS);
    if (bin >= 0 && bin < bins.length) bins[bin] = Math.max(-60, 20 * Math.log10(rms + 1e-6));
  }
  return bins;
}

function correlation(a, b, lag) {
  const n = Math.min(a.length, b.length) - lag;
  let sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (let i = 0; i < n; i += 1) {
    const x = a[i], y = b[i + lag];
    sa += x; sb += y; saa += x * x; sbb += y * y; sab += x * y;
  }
  return (n * sab - sa * sb) / Math.sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
}

/** How like what was said what was heard is: the best correlation of the envelopes, and the delay at which it is found. */
function likeness(said, heard, span) {
  if (said.length === 0 || heard.length === 0) return { likeness: 0, delayMs: NaN };
  const a = envelope(said, span), b = envelope(heard, span);
  let best = { likeness: -1, delayMs: NaN };
  for (let lag = 0; lag <= 150; lag += 1) {
    const r = correlation(a, b, lag);
    if (r > best.likeness) best = { likeness: r, delayMs: lag * BIN_MS };
  }
  return best;
}

/** A counter at a moment between two looks, as if it had grown evenly. `time`: when what was said was true. */
function counterAt(samples, moment, read, time) {
  const next = samples.findIndex((one) => time(one) >= moment);
  if (next <= 0) return read(samples.at(next));
  const [a, b] = [samples[next - 1], samples[next]];
  return read(a) + ((read(b) - read(a)) * (moment - time(a))) / (time(b) - time(a));
}
const between = (samples, { from, to }, read, time = (one) => one.at) => counterAt(samples, to, read, time) - counterAt(samples, from, read, time);

/** One direction of a call during {from, to}: what `receiver` had of `sender`. */
export function quality(sender, receiver, span) {
  const shown = pictureDelays(sender.self.video, receiver.remote.video, span), delays = shown.map(([, ms]) => ms);
  const pictures = receiver.remote.video.filter((one) => within(one, span));
  const gaps = holes(pictures, span, 0).map(([a, b]) => b - a);
  const samples = between(receiver.samples, span, (one) => one.audio.samples);
  const concealed = between(receiver.samples, span, (one) => one.audio.concealed - one.audio.silent);
  const last = receiver.samples.at(-1);
  const sent = between(sender.samples, { from: span.from - behindAt(shown, span.from), to: span.to - behindAt(shown, span.to) }, (one) => one.sent.frames, (one) => one.sent.at);
  const came = (read) => between(receiver.samples, span, read, (one) => one.video.at);
  return {
    // Whole frames are what the network is to be judged by; a slow machine leaves out some of them.
    sent: Math.round(sent), decoded: Math.round(came((one) => one.video.frames)), share: came((one) => one.video.whole) / sent,
    freezes: gaps.filter((ms) => ms > 500).length, longestMs: Math.max(...gaps),
    counted: between(receiver.samples, span, (one) => one.video.freezes),
    pictureMs: percentile(delays, 0.5), pictureP95Ms: percentile(delays, 0.95),
    ...likeness(sender.self.audio, receiver.remote.audio, span),
    concealed: samples ? concealed / samples : NaN, fec: last.audio.fec, audioNacks: last.audio.nacks, plis: last.video.plis,
    width: pictures.at(-1)?.[2] ?? 0, widest: Math.max(0, ...pictures.map((one) => one[2])),
    estimateKbps: Math.round((sender.samples.filter((one) => one.at <= span.to).at(-1)?.estimate ?? 0) / 1000),
  };
}
