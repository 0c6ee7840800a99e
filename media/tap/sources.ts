import type { Producer } from 'mediasoup/types';
import type { InterruptReason, ProducerInfo, StageWish } from '../contract.ts';
import { AudioTrack } from './audio-track.ts';
import { chooseSources, type ChosenSources } from './choose-sources.ts';
import type { AudioFrame, VideoFrame } from './frames.ts';
import { readSenderReport, reportsTime } from './sender-reports.ts';
import { SenderClock } from './stream-clock.ts';
import type { Tap, TapTransport } from './tap-transport.ts';
import { VideoTrack } from './video-track.ts';

/** No RTP for so long is silence. */
const SILENCE_MS = 3000;
const TICK_MS = 100;

export interface SourcesOptions {
  onVideoFrame: (frame: VideoFrame, producerId: string) => void;
  onAudioFrame: (frame: AudioFrame, producerId: string) => void;
  /** The choice may have changed. `why` is set when nothing is left because sources fell silent or were lost. */
  onChoice: (chosen: ChosenSources, why: InterruptReason) => void;
  onDroppedFrames: (count: number) => void;
}

interface Source {
  info: ProducerInfo;
  track: VideoTrack | AudioTrack;
  tap: Tap | null;
  lastRtpAt: number;
  /** Its transport is gone, or it has sent nothing for some seconds. Cleared by the next packet. */
  stale: 'silence' | 'transport-lost' | null;
  droppedBefore: number;
}

/** All that is published in a broadcast, tapped; decides which of it is recorded. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #sources = new Map<string, Source>();
  /** By peer. */
  readonly #senderClocks = new Map<string, SenderClock>();
  #wish: StageWish = { layout: 'one', pictures: [] };
  #timer: NodeJS.Timeout | null = null;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  async add(info: ProducerInfo, producer: Producer, transport: TapTransport): Promise<void> {
    const sender = reportsTime(producer) ? this.#senderClock(info.peerId) : undefined;
    const track =
      info.kind === 'video'
        ? new VideoTrack(
            codingOf(producer),
            (frame) => this.#options.onVideoFrame(frame, info.producerId),
            sender,
          )
        : new AudioTrack((frame) => this.#options.onAudioFrame(frame, info.producerId), sender);
    const source: Source = { info, track, tap: null, lastRtpAt: Date.now(), stale: null, droppedBefore: 0 };
    this.#sources.set(info.producerId, source);
    this.#timer ??= setInterval(() => this.#tick(Date.now()), TICK_MS);
    this.choose();
    source.tap = await transport.tap(producer, (datagram, arrivedAt) =>
      this.#receive(source, datagram, arrivedAt),
    );
    if (!this.#sources.has(info.producerId)) return source.tap.close();
    if (!sender) return;
    producer.on('trace', (event) => {
      const report = readSenderReport(event);
      if (report) track.report(report);
    });
    await producer.enableTraceEvent(['sr']);
  }

  remove(producerId: string, why: 'producer-closed' | 'worker-died'): void {
    this.#sources.get(producerId)?.tap?.close();
    if (!this.#sources.delete(producerId)) return;
    this.#forgetClocks();
    if (this.#sources.size === 0) this.#stopTimer();
    this.choose(why);
  }

  /** Without waiting for the silence; a packet that comes nevertheless brings it back. */
  markTransportLost(peerId: string): void {
    for (const source of this.#sources.values()) {
      if (source.info.peerId === peerId) source.stale = 'transport-lost';
    }
    this.choose('transport-lost');
  }

  /** Also to be called after a producer was paused or resumed. */
  choose(why: InterruptReason = 'producer-closed'): void {
    const chosen = chooseSources(
      [...this.#sources.values()].map(({ info, stale }) => ({
        ...info,
        stale: stale !== null,
      })),
      this.#wish,
    );
    this.#options.onChoice(chosen, why);
  }

  setStage(wish: StageWish): void {
    this.#wish = wish;
    this.choose();
  }

  /** A source that was paused has not been silent meanwhile. */
  touch(producerId: string): void {
    const source = this.#sources.get(producerId);
    if (source) source.lastRtpAt = Date.now();
  }

  /** Whether HLS can carry its pictures without encoding them again. */
  copyable(producerId: string): boolean {
    const track = this.#sources.get(producerId)?.track;
    return track instanceof VideoTrack && track.coding === 'h264';
  }

  requestKeyFrame(producerId: string): void {
    this.#sources.get(producerId)?.tap?.requestKeyFrame();
  }

  close(): void {
    this.#stopTimer();
    for (const { tap } of this.#sources.values()) tap?.close();
    this.#sources.clear();
  }

  #receive(source: Source, datagram: Buffer, arrivedAt: number): void {
    source.lastRtpAt = arrivedAt;
    if (source.stale) {
      source.stale = null;
      this.choose();
    }
    source.track.push(datagram, arrivedAt);
  }

  #tick(now: number): void {
    let fellSilent = false;
    for (const source of this.#sources.values()) {
      source.track.tick(now);
      this.#countDropped(source);
      if (source.stale || source.info.paused || now - source.lastRtpAt <= SILENCE_MS) continue;
      source.stale = 'silence';
      fellSilent = true;
    }
    if (fellSilent) this.choose('silence');
  }

  #countDropped(source: Source): void {
    if (!(source.track instanceof VideoTrack) || source.track.dropped === source.droppedBefore) return;
    // Before the first keyframe nothing is lost: the encoder has been at it for longer than we.
    this.#options.onDroppedFrames(source.track.dropped - source.droppedBefore);
    source.droppedBefore = source.track.dropped;
    if (source.track.needsKeyframe) source.tap?.requestKeyFrame();
  }

  #senderClock(peerId: string): SenderClock {
    const clock = this.#senderClocks.get(peerId) ?? new SenderClock();
    this.#senderClocks.set(peerId, clock);
    return clock;
  }

  #forgetClocks(): void {
    const present = new Set([...this.#sources.values()].map(({ info }) => info.peerId));
    for (const peerId of this.#senderClocks.keys())
      if (!present.has(peerId)) this.#senderClocks.delete(peerId);
  }

  #stopTimer(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
  }
}

function codingOf({ rtpParameters }: Producer): 'h264' | 'vp8' {
  return rtpParameters.codecs[0]?.mimeType.toLowerCase() === 'video/vp8' ? 'vp8' : 'h264';
}
