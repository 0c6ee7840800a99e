import type { AudioFrame } from './frames.ts';
import { opusDurationMs } from './opus.ts';
import { ReorderBuffer, type OrderedPacket } from './reorder-buffer.ts';
import { parseRtpPacket } from './rtp-packet.ts';
import { StreamClock } from './stream-clock.ts';

const REORDER_WAIT_MS = 120;

/** From a producer's RTP packets to timed Opus frames. */
export class AudioTrack {
  readonly #reorder = new ReorderBuffer(REORDER_WAIT_MS);
  readonly #clock = new StreamClock(48_000);
  readonly #onFrame: (frame: AudioFrame) => void;

  constructor(onFrame: (frame: AudioFrame) => void) {
    this.#onFrame = onFrame;
  }

  push(datagram: Buffer, arrivedAt: number): void {
    const packet = parseRtpPacket(datagram, arrivedAt);
    if (packet) this.#deliver(this.#reorder.push(packet));
  }

  tick(now: number): void {
    this.#deliver(this.#reorder.release(now));
  }

  #deliver(packets: OrderedPacket[]): void {
    for (const { packet } of packets) {
      if (packet.payload.length === 0) continue;
      const atMs = this.#clock.place(packet.timestamp, packet.arrivedAt);
      this.#onFrame({ atMs, durationMs: opusDurationMs(packet.payload), payload: packet.payload });
    }
  }
}
