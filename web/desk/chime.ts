// Two soft tones for a new case; made here, so that nothing has to be loaded.
let context: AudioContext | null = null;

export function chime(): void {
  try {
    context ??= new AudioContext();
    void context.resume();
    const start = context.currentTime;
    [660, 880].forEach((frequency, index) => {
      const tone = context!.createOscillator();
      const gain = context!.createGain();
      tone.frequency.value = frequency;
      gain.gain.setValueAtTime(0, start + index * 0.18);
      gain.gain.linearRampToValueAtTime(0.16, start + index * 0.18 + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.001, start + index * 0.18 + 0.4);
      tone.connect(gain).connect(context!.destination);
      tone.start(start + index * 0.18);
      tone.stop(start + index * 0.18 + 0.45);
    });
  } catch { /* a browser without sound still shows the badge */ }
}
