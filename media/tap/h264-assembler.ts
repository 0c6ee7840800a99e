import type { OrderedPacket } from './reorder-buffer.ts';

/** One picture as it left the encoder: NAL units without start codes or lengths. */
export interface AccessUnit {
  timestamp: number;
  arrivedAt: number;
  keyframe: boolean;
  nals: Buffer[];
}

const IDR = 5;
const SPS = 7;
const STAP_A = 24;
const FU_A = 28;

export function nalType(nal: Buffer): number {
  return (nal[0] ?? 0) & 0x1f;
}

/**
 * RFC 6184 packetization mode 1 (single NAL, STAP-A, FU-A) back to pictures. After a loss pictures are withheld up
 * to the next keyframe: a decoder that is fed a broken picture freezes or shows smears.
 */
export class H264Assembler {
  #nals: Buffer[] = [];
  #fragments: Buffer[] = [];
  #timestamp: number | null = null;
  #arrivedAt = 0;
  #broken = false;
  #needsKeyframe = true;
  /** Pictures withheld so far. */
  dropped = 0;

  /** True while pictures are withheld, so a keyframe is worth asking for. */
  get needsKeyframe(): boolean {
    return this.#needsKeyframe;
  }

  push({ packet, afterLoss }: OrderedPacket): AccessUnit[] {
    const units: AccessUnit[] = [];
    if (afterLoss) this.#markLoss();
    if (packet.payload.length === 0) return units;
    if (this.#timestamp !== null && packet.timestamp !== this.#timestamp) this.#finish(units);
    if (this.#timestamp === null) {
      this.#timestamp = packet.timestamp;
      this.#arrivedAt = packet.arrivedAt;
    }
    this.#take(packet.payload);
    if (packet.marker) this.#finish(units);
    return units;
  }

  #markLoss(): void {
    this.#needsKeyframe = true;
    this.#fragments = [];
    if (this.#timestamp !== null) this.#broken = true;
  }

  #take(payload: Buffer): void {
    const type = payload[0]! & 0x1f;
    if (type === STAP_A) {
      for (let at = 1; at + 2 <= payload.length;) {
        const size = payload.readUInt16BE(at);
        this.#nals.push(payload.subarray(at + 2, at + 2 + size));
        at += 2 + size;
      }
    } else if (type === FU_A) {
      this.#takeFragment(payload);
    } else if (type > 0 && type < STAP_A) {
      this.#nals.push(payload);
    }
  }

  #takeFragment(payload: Buffer): void {
    const header = payload[1] ?? 0;
    if (header & 0x80) {
      this.#fragments = [Buffer.from([(payload[0]! & 0xe0) | (header & 0x1f)])];
    } else if (this.#fragments.length === 0) {
      // Its beginning is missing.
      this.#broken = true;
      return;
    }
    this.#fragments.push(payload.subarray(2));
    if (header & 0x40) {
      this.#nals.push(Buffer.concat(this.#fragments));
      this.#fragments = [];
    }
  }

  #finish(units: AccessUnit[]): void {
    const nals = this.#nals;
    const keyframe = nals.some((nal) => nalType(nal) === IDR);
    const whole = !this.#broken && this.#fragments.length === 0 && nals.length > 0;
    // A keyframe that begins with its parameter sets cannot have lost its head.
    const startsClean = keyframe && nals.some((nal) => nalType(nal) === SPS);
    if (whole && (!this.#needsKeyframe || startsClean)) {
      this.#needsKeyframe = false;
      units.push({ timestamp: this.#timestamp!, arrivedAt: this.#arrivedAt, keyframe, nals });
    } else {
      this.dropped += 1;
      this.#needsKeyframe = true;
    }
    this.#nals = [];
    this.#fragments = [];
    this.#timestamp = null;
    this.#broken = false;
  }
}
