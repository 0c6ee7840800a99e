type Entry = Record<string, unknown> & { type: string };

/** What WebRTC's statistics tell of a sending connection. */
export interface SendingReading {
  /** Of picture and sound, since the beginning. */
  bytesSent: number;
  /** Bits a second that the line is thought to carry. */
  availableBits: number | undefined;
  /** Share of packets that did not arrive lately, 0 to 1; the worst of all that is sent. */
  lossShare: number;
  /** Some picture is smaller than it could be because of the line; undefined where the browser does not say. */
  heldBack?: boolean;
}

export function readSending(stats: { forEach(visit: (entry: Entry) => void): void }): SendingReading {
  const reading: SendingReading = { bytesSent: 0, availableBits: undefined, lossShare: 0 };
  stats.forEach((entry) => {
    if (entry.type === 'outbound-rtp' && typeof entry.bytesSent === 'number')
      reading.bytesSent += entry.bytesSent;
    if (entry.type === 'outbound-rtp' && typeof entry.qualityLimitationReason === 'string')
      reading.heldBack = reading.heldBack === true || entry.qualityLimitationReason === 'bandwidth';
    if (entry.type === 'remote-inbound-rtp' && typeof entry.fractionLost === 'number')
      reading.lossShare = Math.max(reading.lossShare, entry.fractionLost);
    const { nominated, availableOutgoingBitrate: bits } = entry;
    if (entry.type === 'candidate-pair' && nominated === true && typeof bits === 'number')
      reading.availableBits = bits;
  });
  return reading;
}
