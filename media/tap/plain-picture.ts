import { nalType } from './h264-assembler.ts';
import type { PictureStream, VideoFrame } from './frames.ts';
import { readPictureFormat } from './sps.ts';

const [IDR, SEI, SPS, PPS] = [5, 6, 7, 8];
/** Ten pictures a second, as `plainPictureArguments` makes them. */
const STEP_MS = 100;

/** The loop that is shown while there is sound and no camera: so every player always has both tracks. */
export class PlainPicture {
  readonly #pictures: Buffer[][];
  readonly #stream: PictureStream;
  #index = 0;
  #nextMs: number | null = null;

  /** `pictures` must begin with a keyframe that carries its parameter sets. */
  constructor(pictures: Buffer[][]) {
    const find = (type: number) => pictures[0]?.find((nal) => nalType(nal) === type) ?? Buffer.alloc(0);
    const sps = find(SPS);
    this.#pictures = pictures.map((nals) => nals.filter((nal) => ![SEI, SPS, PPS].includes(nalType(nal))));
    this.#stream = { coding: 'h264', format: readPictureFormat(sps), sets: { sps, pps: find(PPS) } };
  }

  /** The frames that are due; begins with a keyframe after `restart`. */
  due(now: number): VideoFrame[] {
    const frames: VideoFrame[] = [];
    this.#nextMs ??= now;
    while (this.#nextMs <= now) {
      const nals = this.#pictures[this.#index % this.#pictures.length]!;
      const keyframe = nals.some((nal) => nalType(nal) === IDR);
      frames.push({ atMs: this.#nextMs, keyframe, picture: keyframe ? this.#stream : null, nals });
      this.#index += 1;
      this.#nextMs += STEP_MS;
    }
    return frames;
  }

  restart(): void {
    this.#index = 0;
    this.#nextMs = null;
  }
}
