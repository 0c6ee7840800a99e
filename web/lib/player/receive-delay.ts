/** Sums of a receiving connection since it began, as WebRTC's statistics tell them. */
export interface DelayReading {
  /** Seconds that all frames together waited in the jitter buffer. */
  bufferDelaySeconds: number;
  framesEmitted: number;
  packetsReceived: number;
  packetsLost: number;
  /** How often the picture stood still. */
  freezes: number;
  roundTripSeconds: number;
}

type Entry = Record<string, unknown> & { type: string };

/** Reads the picture's delay and the line's losses from `getStats()`. */
export function readDelay(stats: { forEach(visit: (entry: Entry) => void): void }): DelayReading {
  const reading: DelayReading = {
    bufferDelaySeconds: 0,
    framesEmitted: 0,
    packetsReceived: 0,
    packetsLost: 0,
    freezes: 0,
    roundTripSeconds: 0,
  };
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  stats.forEach((entry) => {
    if (entry.type === 'inbound-rtp') {
      reading.packetsReceived += number(entry.packetsReceived);
      reading.packetsLost += number(entry.packetsLost);
      if (entry.kind === 'video') {
        reading.bufferDelaySeconds = number(entry.jitterBufferDelay);
        reading.framesEmitted = number(entry.jitterBufferEmittedCount);
        reading.freezes = number(entry.freezeCount);
      }
    }
    if (entry.type === 'candidate-pair' && entry.nominated === true)
      reading.roundTripSeconds = number(entry.currentRoundTripTime);
  });
  return reading;
}
