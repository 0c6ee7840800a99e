import type { AudioFrame } from './frames.ts';
import { opusDurationMs } from './opus.ts';
import { ReorderBuffer, type OrderedPacket } from './reorder-buffer.ts';
import { parseRtpPacket } from './rtp-packet.ts';
import { StreamClock, type SenderClock, type SenderReport } from './stream-clock.ts';

const REORDER_WAIT_MS = 120;
const SLEW_MS = 2;

/** From a producer's RTP packets to timed Opus frames. */
export class AudioTrack {
  readonly #reorder = new ReorderBuffer(REORDER_WAIT_MS);
  readonly #clock: StreamClock;
  readonly #onFrame: (frame: AudioFrame) => void;

  /** `sender`: the clock of the peer, where it reports. */
  constructor(onFrame: (frame: AudioFrame) => void, sender?: SenderClock) {
    this.#clock = new StreamClock({ rate: 48_000, slewMs: SLEW_MS, sender });
    this.#onFrame = onFrame;
  }

  push(datagram: Buffer, arrivedAt: number): void {
    const packet = parseRtpPacket(datagram, arrivedAt);
    if (packet) this.#deliver(this.#reorder.push(packet));
  }

  report(report: SenderReport): void {
    this.#clock.report(report);
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
