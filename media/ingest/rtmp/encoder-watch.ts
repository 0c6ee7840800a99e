import type { EncoderFacts, EncoderState } from './contract.ts';
import { adviceFor } from './encoder-rules.ts';
import { AUDIO_TAG, readAudioTag, readAvcHeader, readVideoTag, VIDEO_TAG, type FlvTag } from './flv.ts';
import { PictureOrder } from './picture-order.ts';

const WINDOW_MS = 5000;
/** Rates of a stream that has just begun say nothing. */
const LEAST_WINDOW_MS = 2000;
/** What is not there by then is missing. */
const SETTLED_MS = 5000;

/** Reads from an encoder's tags what its settings are. Times are those of arrival. */
export class EncoderWatch {
  #beganMs: number | null = null;
  #picture: { codec: string; profile: number; width: number; height: number } | null = null;
  #sound: string | null = null;
  readonly #pictures = new RateWindow();
  readonly #sounds = new RateWindow();
  #lastPictureMs = 0;
  #lastKeyframeMs: number | null = null;
  #keyframeGapMs: number | null = null;
  /** Since the stream was last described. */
  #order = new PictureOrder();

  take({ type, timestampMs, data }: FlvTag, now: number): void {
    this.#beganMs ??= now;
    if (type === VIDEO_TAG) this.#takeVideo(data, timestampMs, now);
    if (type === AUDIO_TAG) this.#takeAudio(data, now);
  }

  state(now: number, { encodedAnew }: { encodedAnew: boolean }): EncoderState {
    const facts = this.#facts(now);
    const settled = this.#beganMs !== null && now - this.#beganMs >= SETTLED_MS;
    return { facts, advice: adviceFor(facts, { settled, encodedAnew }) };
  }

  #facts(now: number): EncoderFacts {
    const pictures = this.#pictures.rate(now);
    return {
      video: this.#picture && {
        ...this.#picture,
        framesPerSecond: pictures.perSecond,
        kbps: pictures.kbps,
        keyframeSeconds: this.#keyframeSeconds(),
        bFrames: this.#order.reordered,
      },
      audio: this.#sound === null ? null : { codec: this.#sound, kbps: this.#sounds.rate(now).kbps },
    };
  }

  /** By the encoder's clock, so that a line that stutters is not blamed on its settings. */
  #keyframeSeconds(): number | null {
    const since = this.#lastKeyframeMs === null ? 0 : this.#lastPictureMs - this.#lastKeyframeMs;
    if (this.#keyframeGapMs === null && since < SETTLED_MS) return null;
    return Math.max(this.#keyframeGapMs ?? 0, since) / 1000;
  }

  #takeVideo(data: Buffer, timestampMs: number, now: number): void {
    const tag = readVideoTag(data);
    if (!tag) return;
    if (tag.codec !== 'h264') this.#picture = { codec: tag.codec, profile: 0, width: 0, height: 0 };
    else if (tag.part === 'header') {
      const header = readAvcHeader(data);
      if (header) this.#picture = { codec: tag.codec, ...header };
      this.#order = new PictureOrder();
    }
    if (tag.part !== 'picture') return;
    this.#pictures.add(now, data.length);
    this.#lastPictureMs = timestampMs;
    this.#order.take(tag.compositionMs);
    if (!tag.keyframe) return;
    if (this.#lastKeyframeMs !== null) this.#keyframeGapMs = timestampMs - this.#lastKeyframeMs;
    this.#lastKeyframeMs = timestampMs;
  }

  #takeAudio(data: Buffer, now: number): void {
    const tag = readAudioTag(data);
    if (!tag) return;
    this.#sound = tag.codec;
    if (tag.part === 'sound') this.#sounds.add(now, data.length);
  }
}

/** What came in the last seconds. */
class RateWindow {
  readonly #samples: { atMs: number; bytes: number }[] = [];

  add(atMs: number, bytes: number): void {
    this.#samples.push({ atMs, bytes });
    this.#forget(atMs);
  }

  /** Of what followed the first. */
  rate(now: number): { perSecond: number; kbps: number } {
    this.#forget(now);
    const [first, ...rest] = this.#samples;
    const windowMs = first ? now - first.atMs : 0;
    if (windowMs < LEAST_WINDOW_MS) return { perSecond: 0, kbps: 0 };
    const bytes = rest.reduce((sum, sample) => sum + sample.bytes, 0);
    return { perSecond: (rest.length * 1000) / windowMs, kbps: (bytes * 8) / windowMs };
  }

  #forget(now: number): void {
    const kept = this.#samples.findIndex(({ atMs }) => now - atMs <= WINDOW_MS);
    this.#samples.splice(0, kept < 0 ? this.#samples.length : kept);
  }
}
