import { H264Assembler, nalType, type AccessUnit } from './h264-assembler.ts';
import type { ParameterSets, VideoFrame } from './frames.ts';
import { ReorderBuffer, type OrderedPacket } from './reorder-buffer.ts';
import { parseRtpPacket } from './rtp-packet.ts';
import { readPictureFormat } from './sps.ts';
import { StreamClock } from './stream-clock.ts';

const REORDER_WAIT_MS = 250;
const [IDR, SEI, SPS, PPS, DELIMITER] = [5, 6, 7, 8, 9];

/** From a producer's RTP packets to whole, decodable, timed pictures. */
export class VideoTrack {
  readonly #reorder = new ReorderBuffer(REORDER_WAIT_MS);
  readonly #assembler = new H264Assembler();
  readonly #clock = new StreamClock(90_000);
  readonly #onFrame: (frame: VideoFrame) => void;
  #picture: ParameterSets | null = null;

  constructor(onFrame: (frame: VideoFrame) => void) {
    this.#onFrame = onFrame;
  }

  get dropped(): number {
    return this.#assembler.dropped;
  }

  /** True while pictures are withheld until a keyframe comes. */
  get needsKeyframe(): boolean {
    return this.#assembler.needsKeyframe;
  }

  push(datagram: Buffer, arrivedAt: number): void {
    const packet = parseRtpPacket(datagram, arrivedAt);
    if (packet) this.#deliver(this.#reorder.push(packet));
  }

  tick(now: number): void {
    this.#deliver(this.#reorder.release(now));
  }

  #deliver(packets: OrderedPacket[]): void {
    for (const packet of packets) for (const unit of this.#assembler.push(packet)) this.#take(unit);
  }

  #take(unit: AccessUnit): void {
    const sps = unit.nals.find((nal) => nalType(nal) === SPS);
    const pps = unit.nals.find((nal) => nalType(nal) === PPS);
    if (sps && pps) this.#picture = { sps, pps, format: readPictureFormat(sps) };
    const nals = unit.nals.filter((nal) => ![SEI, SPS, PPS, DELIMITER].includes(nalType(nal)));
    if (nals.length === 0 || !this.#picture) return;
    this.#onFrame({
      atMs: this.#clock.place(unit.timestamp, unit.arrivedAt),
      keyframe: nals.some((nal) => nalType(nal) === IDR),
      picture: unit.keyframe ? this.#picture : null,
      nals,
    });
  }
}
