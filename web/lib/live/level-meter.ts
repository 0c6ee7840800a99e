/** Listens to a microphone and tells how loud it is, 0 to 1, some ten times a second. */
export function openLevelMeter(stream: MediaStream, onLevel: (level: number) => void): { close(): void } {
  const Context = window.AudioContext;
  if (typeof Context === 'undefined' || stream.getAudioTracks().length === 0)
    return { close: () => undefined };
  const context = new Context();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    // Browsers start it asleep until the page is touched.
    if (context.state === 'suspended') void context.resume();
    analyser.getFloatTimeDomainData(samples);
    onLevel(loudness(samples));
  }, 90);
  return {
    close() {
      clearInterval(timer);
      if (context.state !== 'closed') void context.close();
    },
  };
}

const QUIETEST_DB = -55;

/** The share of the way from a quiet room (−55 dB) to full scale. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
  return Math.min(1, Math.max(0, 1 - decibels / QUIETEST_DB));
}
