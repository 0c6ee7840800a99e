import type { RtpPacket } from './rtp-packet.ts';

export interface OrderedPacket {
  packet: RtpPacket;
  /** Packets right before this one are lost for good. */
  afterLoss: boolean;
}

/** Distance a → b on the 16-bit circle, -32768 … 32767. */
function distance(a: number, b: number): number {
  return ((b - a + 0x18000) & 0xffff) - 0x8000;
}

/**
 * Puts packets back in order. A missing one is waited for (a retransmission takes a round trip or two) and then
 * given up. Duplicates and late ones are dropped.
 */
export class ReorderBuffer {
  readonly #waitMs: number;
  #next: number | null = null;
  #held = new Map<number, RtpPacket>();
  /** When the wait for the packet `#next` began. */
  #gapSince: number | null = null;

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** Returns what can be delivered now, in order. */
  push(packet: RtpPacket): OrderedPacket[] {
    this.#next ??= packet.sequenceNumber;
    const ahead = distance(this.#next, packet.sequenceNumber);
    // So far off is another stream's numbering, not lateness: start anew.
    if (Math.abs(ahead) > 3000) {
      this.#held.clear();
      this.#gapSince = null;
      this.#next = (packet.sequenceNumber + 1) & 0xffff;
      return [{ packet, afterLoss: true }];
    }
    if (ahead < 0) return [];
    this.#held.set(packet.sequenceNumber, packet);
    return this.release(packet.arrivedAt);
  }

  /** Also to be called now and then while nothing arrives, so that a gap at the end does not hold packets back. */
  release(now: number): OrderedPacket[] {
    const ready: OrderedPacket[] = [];
    let afterLoss = false;
    while (this.#held.size > 0 && this.#next !== null) {
      const packet = this.#held.get(this.#next);
      if (packet) {
        this.#held.delete(this.#next);
        this.#next = (this.#next + 1) & 0xffff;
        this.#gapSince = null;
        ready.push({ packet, afterLoss });
        afterLoss = false;
        continue;
      }
      this.#gapSince ??= now;
      if (now - this.#gapSince < this.#waitMs) break;
      this.#next = this.#nearestHeld(this.#next);
      this.#gapSince = null;
      afterLoss = true;
    }
    return ready;
  }

  #nearestHeld(from: number): number {
    let nearest = from;
    let best = Infinity;
    for (const number of this.#held.keys()) {
      const ahead = distance(from, number);
      if (ahead >= 0 && ahead < best) [best, nearest] = [ahead, number];
    }
    return nearest;
  }
}
