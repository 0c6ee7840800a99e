import { recordArguments } from '../process/ffmpeg-arguments.ts';
import { Child } from '../process/child.ts';
import { BoxReader, type Box } from '../recording/boxes.ts';
import { readRuns, readTracks, type TrackInfo } from '../recording/fragment.ts';
import { audioCluster, matroskaHeader, videoCluster } from './matroska.ts';
import type { ParameterSets, VideoFrame } from './frames.ts';

/** The init segment with which a run of the muxer begins. */
export interface EpochInit {
  bytes: Buffer;
  codecs: string;
  width: number;
  height: number;
}

/** One moof + mdat. Times in milliseconds since 1970. */
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
  fragmentSeconds: number;
  graceMs: number;
  picture: ParameterSets;
  /** Time of its first frame; frames before it are left out. */
  startMs: number;
  onInit: (init: EpochInit) => void;
  onFragment: (fragment: Fragment) => void;
  /** Called once, also when the end was asked for. */
  onEnd: (end: { wanted: boolean; reason: string }) => void;
}

/** One run of ffmpeg: the same picture format throughout, one init segment, timestamps from zero. */
export class Epoch {
  readonly picture: ParameterSets;
  readonly startMs: number;
  readonly #child: Child;
  readonly #options: EpochOptions;
  readonly #boxes = new BoxReader();
  #head: Box[] = [];
  #tracks: TrackInfo[] = [];
  #moof: Box | null = null;
  /** Times of the frames that went in and have not come out. */
  #frameTimes: number[] = [];
  #lastFrameMs = -1;
  #lastAudioMs = -1;

  constructor(options: EpochOptions) {
    this.#options = options;
    this.picture = options.picture;
    this.startMs = options.startMs;
    this.#child = new Child({
      command: options.ffmpegPath,
      args: recordArguments({ fragmentSeconds: options.fragmentSeconds }),
      graceMs: options.graceMs,
      onOutput: (chunk) => this.#read(chunk),
    });
    this.#child.write(matroskaHeader({ ...options.picture, ...options.picture.format }));
    void this.#child.exited.then(({ wanted, code, signal, lastWords }) =>
      options.onEnd({ wanted, reason: `${signal ?? code ?? 'not started'} ${lastWords}`.trim() }),
    );
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  writePicture(frame: VideoFrame): void {
    // Two frames at the same instant would be one too many for the muxer.
    const atMs = Math.max(frame.atMs - this.startMs, this.#lastFrameMs + 1);
    this.#lastFrameMs = atMs;
    this.#frameTimes.push(this.startMs + atMs);
    this.#child.write(videoCluster(atMs, frame.keyframe, frame.nals));
  }

  writeSound(atMs: number, opusFrame: Buffer): void {
    const relative = atMs - this.startMs;
    if (relative < 0 || relative <= this.#lastAudioMs) return;
    this.#lastAudioMs = relative;
    this.#child.write(audioCluster(relative, opusFrame));
  }

  /** Lets it write what it holds and ends it. Idempotent. */
  async finish(): Promise<void> {
    await this.#child.finish();
  }

  #read(chunk: Buffer): void {
    for (const box of this.#boxes.push(chunk)) {
      if (box.type === 'ftyp') this.#head = [box];
      else if (box.type === 'moov') this.#readInit(box);
      else if (box.type === 'moof') this.#moof = box;
      else if (box.type === 'mdat' && this.#moof) this.#readFragment(this.#moof, box);
    }
  }

  #readInit(moov: Box): void {
    this.#tracks = readTracks(moov);
    const { codec, width, height } = this.picture.format;
    const bytes = Buffer.concat([...this.#head.map((box) => box.bytes), moov.bytes]);
    this.#options.onInit({ bytes, codecs: `${codec},mp4a.40.2`, width, height });
  }

  #readFragment(moof: Box, mdat: Box): void {
    this.#moof = null;
    const track = this.#tracks.find(({ kind }) => kind === 'video');
    const run = readRuns(moof, this.#tracks).find(({ trackId }) => trackId === track?.trackId);
    const bytes = Buffer.concat([moof.bytes, mdat.bytes]);
    const times = this.#frameTimes.splice(0, run?.sampleCount ?? 0);
    const startMs = times[0] ?? this.#frameTimes[0] ?? this.startMs;
    const measuredMs = run && track ? (run.duration * 1000) / track.timescale : 0;
    // The next frame, where it is there already, tells the length better than the muxer's guess.
    const durationMs = times.length > 0 && this.#frameTimes[0] ? this.#frameTimes[0] - startMs : measuredMs;
    this.#options.onFragment({
      bytes,
      startMs,
      durationMs,
      keyframe: run?.startsWithKeyframe ?? false,
      epoch: this.#options.number,
    });
  }
}
