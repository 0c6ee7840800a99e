import type { AccessUnit } from './h264-assembler.ts';
import type { OrderedPacket } from './reorder-buffer.ts';

/** A packet's payload without its descriptor (RFC 7741 4.2); null when it is cut short. */
export function readVp8Payload(payload: Buffer): { data: Buffer; startsFrame: boolean } | null {
  const first = payload[0];
  if (first === undefined) return null;
  const startsFrame = (first & 0x10) !== 0 && (first & 0x0f) === 0;
  let at = 1;
  if (first & 0x80) {
    const extensions = payload[at] ?? 0;
    at += 1;
    if (extensions & 0x80) at += (payload[at] ?? 0) & 0x80 ? 2 : 1;
    if (extensions & 0x40) at += 1;
    if (extensions & 0x30) at += 1;
  }
  return at < payload.length ? { data: payload.subarray(at), startsFrame } : null;
}

/** Picture size by a keyframe's header (RFC 6386 9.1); null for any other frame. */
export function readVp8KeyframeSize(frame: Buffer): { width: number; height: number } | null {
  if (frame.length < 10 || frame[0]! & 1) return null;
  if (frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return null;
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}

/** RFC 7741 back to pictures. After a loss pictures are withheld up to the next keyframe. */
export class Vp8Assembler {
  #parts: Buffer[] = [];
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
    const read = readVp8Payload(packet.payload);
    if (this.#timestamp === null) {
      this.#timestamp = packet.timestamp;
      this.#arrivedAt = packet.arrivedAt;
      if (!read?.startsFrame) this.#broken = true;
    }
    if (read) this.#parts.push(read.data);
    else this.#broken = true;
    if (packet.marker) this.#finish(units);
    return units;
  }

  #markLoss(): void {
    this.#needsKeyframe = true;
    if (this.#timestamp !== null) this.#broken = true;
  }

  #finish(units: AccessUnit[]): void {
    const frame = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const keyframe = readVp8KeyframeSize(frame) !== null;
    if (!this.#broken && frame.length > 0 && (keyframe || !this.#needsKeyframe)) {
      this.#needsKeyframe = false;
      units.push({ timestamp: this.#timestamp!, arrivedAt: this.#arrivedAt, keyframe, nals: [frame] });
    } else {
      this.dropped += 1;
      this.#needsKeyframe = true;
    }
    this.#parts = [];
    this.#timestamp = null;
    this.#broken = false;
  }
}
