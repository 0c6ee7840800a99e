/** Of a sender report (RFC 3550 6.4.1) without what it says of streams received. */
const SENDER_REPORT_BYTES = 28;
/** Packets that arrive so much later than the first of their stream are not late ones of before it. */
const SETTLED_PACKETS = 1_000;

/**
 * Makes one RTP stream of several that follow each other: one SSRC, numbers without a gap at a cut, and a time that goes
 * on by the clock while nothing comes. Whoever receives it sees one sender.
 */
export class Splice {
  readonly ssrc: number;
  readonly #clockRate: number;
  /** What is added to the present stream's own; null until its first packet. */
  #shift: { sequence: number; timestamp: number } | null = null;
  #firstSequence = 0;
  #passed = 0;
  #last: { sequence: number; timestamp: number; at: number } | null = null;

  constructor(ssrc: number, clockRate: number) {
    this.ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  /** What comes from now on is another stream's. */
  cut(): void {
    this.#shift = null;
  }

  /** Rewrites a packet in place, `at` in milliseconds. False: it is older than the cut, and nobody may have it. */
  pass(packet: Buffer, at: number): boolean {
    const ownSequence = packet.readUInt16BE(2);
    const ownTimestamp = packet.readUInt32BE(4);
    this.#shift ??= this.#join(ownSequence, ownTimestamp, at);
    if (this.#passed < SETTLED_PACKETS && ahead(ownSequence, this.#firstSequence) < 0) return false;
    const sequence = (ownSequence + this.#shift.sequence) & 0xffff;
    const timestamp = (ownTimestamp + this.#shift.timestamp) >>> 0;
    packet.writeUInt16BE(sequence, 2);
    packet.writeUInt32BE(timestamp, 4);
    packet.writeUInt32BE(this.ssrc, 8);
    this.#passed += 1;
    if (!this.#last || ahead(sequence, this.#last.sequence) > 0) this.#last = { sequence, timestamp, at };
    return true;
  }

  /** The same of a sender report that begins at `start`; null before the present stream's first packet. */
  report(datagram: Buffer, start: number): Buffer | null {
    if (!this.#shift || datagram.length < start + SENDER_REPORT_BYTES) return null;
    const report = Buffer.from(datagram.subarray(start, start + SENDER_REPORT_BYTES));
    report[0] = 0x80;
    report.writeUInt16BE(SENDER_REPORT_BYTES / 4 - 1, 2);
    report.writeUInt32BE(this.ssrc, 4);
    report.writeUInt32BE((report.readUInt32BE(16) + this.#shift.timestamp) >>> 0, 16);
    return report;
  }

  #join(ownSequence: number, ownTimestamp: number, at: number) {
    this.#firstSequence = ownSequence;
    this.#passed = 0;
    if (!this.#last) return { sequence: 0, timestamp: 0 };
    const { sequence, timestamp, at: lastAt } = this.#last;
    const elapsed = Math.max(1, Math.round(((at - lastAt) / 1000) * this.#clockRate));
    return { sequence: sequence + 1 - ownSequence, timestamp: timestamp + elapsed - ownTimestamp };
  }
}

/** How far one sequence number is ahead of another, negative behind it. */
const ahead = (one: number, other: number) => (((one - other) & 0xffff) << 16) >> 16;
