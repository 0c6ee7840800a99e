import { H264Assembler, nalType, type AccessUnit } from './h264-assembler.ts';
import type { PictureStream, VideoFrame } from './frames.ts';
import { ReorderBuffer, type OrderedPacket } from './reorder-buffer.ts';
import { parseRtpPacket } from './rtp-packet.ts';
import { readPictureFormat, type PictureFormat } from './sps.ts';
import { StreamClock, type SenderClock, type SenderReport } from './stream-clock.ts';
import { readVp8KeyframeSize, Vp8Assembler } from './vp8-assembler.ts';

const REORDER_WAIT_MS = 250;
/** A quarter of a frame at 30 a second. */
const SLEW_MS = 8;
const [SEI, SPS, PPS, DELIMITER] = [6, 7, 8, 9];
const NOT_PICTURES = new Set([SEI, SPS, PPS, DELIMITER]);

/** From a producer's RTP packets to whole, decodable, timed pictures. */
export class VideoTrack {
  readonly #reorder = new ReorderBuffer(REORDER_WAIT_MS);
  readonly coding: 'h264' | 'vp8';
  readonly #assembler: H264Assembler | Vp8Assembler;
  readonly #clock: StreamClock;
  readonly #onFrame: (frame: VideoFrame) => void;
  #picture: PictureStream | null = null;

  /** `sender`: the clock of the peer, where it reports. */
  constructor(coding: 'h264' | 'vp8', onFrame: (frame: VideoFrame) => void, sender?: SenderClock) {
    this.#clock = new StreamClock({ rate: 90_000, slewMs: SLEW_MS, sender });
    this.coding = coding;
    this.#assembler = coding === 'h264' ? new H264Assembler() : new Vp8Assembler();
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

  report(report: SenderReport): void {
    this.#clock.report(report);
  }

  tick(now: number): void {
    this.#deliver(this.#reorder.release(now));
  }

  #deliver(packets: OrderedPacket[]): void {
    for (const packet of packets) for (const unit of this.#assembler.push(packet)) this.#take(unit);
  }

  #take(unit: AccessUnit): void {
    const nals = this.coding === 'h264' ? this.#takeH264(unit) : this.#takeVp8(unit);
    if (nals.length === 0 || !this.#picture) return;
    this.#onFrame({
      atMs: this.#clock.place(unit.timestamp, unit.arrivedAt),
      keyframe: unit.keyframe,
      picture: unit.keyframe ? this.#picture : null,
      nals,
    });
  }

  /** Remembers the parameter sets and leaves the pictures. */
  #takeH264(unit: AccessUnit): Buffer[] {
    const sps = unit.nals.find((nal) => nalType(nal) === SPS);
    const pps = unit.nals.find((nal) => nalType(nal) === PPS);
    if (sps && pps) {
      const format = readableFormat(sps, pps);
      this.#picture = format && { coding: 'h264', format, sets: { sps, pps } };
    }
    return unit.nals.filter((nal) => !NOT_PICTURES.has(nalType(nal)));
  }

  #takeVp8(unit: AccessUnit): Buffer[] {
    const size = readVp8KeyframeSize(unit.nals[0]!);
    if (size) this.#picture = { coding: 'vp8', format: { codec: 'vp8', ...size }, sets: null };
    return unit.nals;
  }
}

const LARGEST_SIDE = 8192;
/** Matroska's header counts their bytes in 16 bits. */
const LONGEST_SET = 0xffff;

/** What a publisher says of its picture; null where that cannot be: its pictures are left out until it says better. */
function readableFormat(sps: Buffer, pps: Buffer): PictureFormat | null {
  if (sps.length > LONGEST_SET || pps.length > LONGEST_SET) return null;
  try {
    const format = readPictureFormat(sps);
    const sound = (side: number) => side >= 16 && side <= LARGEST_SIDE;
    return sound(format.width) && sound(format.height) ? format : null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
