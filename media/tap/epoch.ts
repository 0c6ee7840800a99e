import { recordArguments } from '../process/ffmpeg-arguments.ts';
import { Child } from '../process/child.ts';
import type { Box } from '../recording/boxes.ts';
import { mergeInits } from '../recording/merge-init.ts';
import { FragmentReader, type TrackFragment, type TrackInit } from './fragment-reader.ts';
import type { PictureStream, VideoFrame } from './frames.ts';
import { audioCluster, matroskaHeader, videoCluster } from './matroska.ts';
import { LEAST_FILLED } from './part-target.ts';

/** The init segment with which a run of the muxer begins. */
export interface EpochInit {
  bytes: Buffer;
  codecs: string;
  width: number;
  height: number;
  /** No longer than this are its parts, where pictures come as they did before. */
  partSeconds: number;
}

/** Picture fragments and the sound that belongs to them. Times in milliseconds since 1970. */
export interface Fragment {
  bytes: Buffer;
  startMs: number;
  durationMs: number;
  keyframe: boolean;
  /** Which of the row of epochs it belongs to: 0, 1, 2 … */
  epoch: number;
}

export interface EpochOptions {
  number: number;
  ffmpegPath: string;
  partSeconds: number;
  graceMs: number;
  /** Uncoded pictures are encoded, others copied. */
  picture: PictureStream;
  /** How many sounds are mixed. */
  sounds: number;
  /** Keyframes of encoded pictures are so far apart. */
  segmentSeconds: number;
  /** Time of its first frame; frames before it are left out. */
  startMs: number;
  onInit: (init: EpochInit) => void;
  onFragment: (fragment: Fragment) => void;
  /** Called once, also when the end was asked for. */
  onEnd: (end: { wanted: boolean; reason: string }) => void;
}

/** Uncoded pictures come at 25 a second. */
export const RAW_FRAME_MS = 40;
/** The AAC encoder puts one frame of 1024 samples in front, which would come as a delay. */
const ENCODER_DELAY_MS = (1024 * 1000) / 48_000;
/** Sound that waits for a picture to be written with, in buffers: 80 ms of one track. */
const MOST_HELD = 8;
/** More than any fragment holds. */
const OWED_MS = 2000;
const HANGING_MS = 5000;
/** Sound this close to the picture's end counts as complete. */
const SOUND_TOLERANCE_MS = 25;

/** One run of ffmpeg: the same picture format throughout, one init segment, timestamps from zero. */
export class Epoch {
  readonly picture: PictureStream;
  readonly sounds: number;
  readonly startMs: number;
  readonly #child: Child;
  readonly #options: EpochOptions;
  #inits: { picture?: TrackInit; sound?: TrackInit } = {};
  #initDelivered = false;
  #pictures: Fragment[] = [];
  #sounds: TrackFragment[] = [];
  #soundEndMs = 0;
  /** Times of the frames that went in and have not come out. */
  #frameTimes: number[] = [];
  #lastFrameMs = -1;
  /** By sound. */
  readonly #lastSoundMs: number[];
  /** Written together with the next picture: every write wakes two processes. */
  readonly #heldSound: Buffer[] = [];
  /** Since when it holds more than it may. */
  #owingSince: number | null = null;
  #pictureEndMs = 0;
  /** Since when its sound has been far behind its pictures. */
  #outOfStepSince: number | null = null;

  constructor(options: EpochOptions) {
    this.#options = options;
    const { picture, sounds, partSeconds, segmentSeconds } = options;
    this.picture = picture;
    this.sounds = sounds;
    this.#lastSoundMs = Array.from({ length: sounds }, () => -1);
    this.startMs = options.startMs;
    const pictureReader = new FragmentReader(
      (init) => this.#takeInit({ picture: init }),
      (fragment) => this.#takePicture(fragment),
    );
    const soundReader = new FragmentReader(
      (init) => this.#takeInit({ sound: init }),
      (fragment) => this.#takeSound(fragment),
    );
    const frameMs = picture.coding === 'raw' ? RAW_FRAME_MS : undefined;
    // Before there is a process that somebody would have to end.
    const header = matroskaHeader({ picture, frameMs, sounds });
    this.#child = new Child({
      command: options.ffmpegPath,
      args: recordArguments({
        ...{ fragmentSeconds: partSeconds * LEAST_FILLED, sounds },
        encodeSegmentSeconds: picture.coding === 'raw' ? segmentSeconds : undefined,
      }),
      graceMs: options.graceMs,
      onOutput: (chunk) => pictureReader.push(chunk),
      onSecondOutput: (chunk) => soundReader.push(chunk),
    });
    this.#child.write(header);
    void this.#child.exited.then(({ wanted, code, signal, lastWords }) => {
      this.#deliver(0);
      options.onEnd({ wanted, reason: `${signal ?? code ?? 'not started'} ${lastWords}`.trim() });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Bytes it has not taken yet: an encoder that is too slow shows here. */
  get backlogBytes(): number {
    return this.#child.backlogBytes;
  }

  writePicture(frame: VideoFrame): void {
    // Two frames at the same instant would be one too many for the muxer.
    const atMs = Math.max(frame.atMs - this.startMs, this.#lastFrameMs + 1);
    this.#lastFrameMs = atMs;
    this.#frameTimes.push(this.startMs + atMs);
    this.#child.write(
      ...this.#heldSound.splice(0),
      ...videoCluster(atMs, frame.keyframe, this.picture, frame.nals),
    );
  }

  writeSound(atMs: number, sound: number, opusFrame: Buffer): void {
    const relative = atMs - this.startMs - ENCODER_DELAY_MS;
    // The very first frame is written in any case: the encoder starts with it.
    const placed = this.#lastSoundMs[sound]! < 0 ? Math.max(relative, 0) : relative;
    if (placed < 0 || placed <= this.#lastSoundMs[sound]!) return;
    this.#lastSoundMs[sound] = placed;
    this.#heldSound.push(...audioCluster(placed, sound, opusFrame));
  }

  /** To be called now and then, so that sound does not wait for a picture for long. */
  flushSound(): void {
    if (this.#heldSound.length >= MOST_HELD) this.#child.write(...this.#heldSound.splice(0));
  }

  /** Lets it write what it holds and ends it. Idempotent. */
  async finish(): Promise<void> {
    this.#child.write(...this.#heldSound.splice(0));
    await this.#child.finish();
  }

  #takeInit(init: { picture?: TrackInit; sound?: TrackInit }): void {
    Object.assign(this.#inits, init);
    const { picture, sound } = this.#inits;
    if (!picture || !sound) return;
    const { width, height } = this.picture.format;
    const codec = codedAs(picture.moov);
    const bytes = Buffer.concat([
      picture.ftyp?.bytes ?? Buffer.alloc(0),
      mergeInits(picture.moov, sound.moov),
    ]);
    const { partSeconds } = this.#options;
    this.#options.onInit({ bytes, codecs: `${codec},mp4a.40.2`, width, height, partSeconds });
    this.#initDelivered = true;
    this.#deliver(1);
  }

  /**
   * Kills it when it holds seconds of pictures and gives nothing back, or its sound stays seconds behind: sound and picture
   * come together again in the next epoch. It then ends as if by itself.
   */
  endIfHanging(now: number): void {
    const heldMs = (this.#frameTimes.at(-1) ?? 0) - (this.#frameTimes[0] ?? 0);
    if (heldMs < OWED_MS) this.#owingSince = null;
    else this.#owingSince ??= now;
    const behindMs = this.#soundEndMs > 0 ? this.#pictureEndMs - this.#soundEndMs : 0;
    if (behindMs < OWED_MS) this.#outOfStepSince = null;
    else this.#outOfStepSince ??= now;
    const since = this.#owingSince ?? this.#outOfStepSince;
    if (since !== null && now - since > HANGING_MS) this.#child.kill();
  }

  #takePicture({ bytes, run, durationMs: measuredMs }: TrackFragment): void {
    this.#owingSince = null;
    const times = this.#frameTimes.splice(0, run.sampleCount);
    const startMs = times[0] ?? this.startMs;
    const next = this.#frameTimes[0];
    // The next frame, where it is there already, tells the length better than the muxer's guess.
    const durationMs = next === undefined ? measuredMs : next - startMs;
    this.#pictureEndMs = startMs + durationMs;
    this.#pictures.push({
      bytes,
      startMs,
      durationMs,
      keyframe: run.startsWithKeyframe,
      epoch: this.#options.number,
    });
    // Sound that is later than a whole part comes with a later one.
    this.#deliver(1);
  }

  #takeSound(fragment: TrackFragment): void {
    this.#sounds.push(fragment);
    this.#soundEndMs = this.startMs + fragment.startMs + fragment.durationMs;
    this.#deliver(1);
  }

  /** Hands over pictures whose sound is there, and all but the last `mayWait` in any case. */
  #deliver(mayWait: number): void {
    if (!this.#initDelivered) return;
    for (;;) {
      const picture = this.#pictures[0];
      if (!picture) return;
      const endMs = picture.startMs + picture.durationMs;
      const complete = this.#soundEndMs >= endMs - SOUND_TOLERANCE_MS;
      if (!complete && this.#pictures.length <= mayWait) return;
      this.#pictures.shift();
      const later = this.#sounds.findIndex((sound) => this.startMs + sound.startMs >= endMs);
      const sounds = this.#sounds.splice(0, later < 0 ? this.#sounds.length : later);
      this.#options.onFragment({
        ...picture,
        bytes: Buffer.concat([picture.bytes, ...sounds.map(({ bytes }) => bytes)]),
      });
    }
  }
}

/** RFC 6381 by the decoder configuration in the sample description (ISO 14496-15 5.3.3.1). */
export function codedAs(moov: Box): string {
  const at = moov.bytes.indexOf('avcC', 0, 'latin1') + 5;
  return `avc1.${moov.bytes.toString('hex', at, at + 3)}`;
}
