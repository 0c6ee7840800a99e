import type { PlainTransport, RtpCodecParameters } from 'mediasoup/types';
import type { MediaLog } from '../contract.ts';
import { Child } from '../process/child.ts';
import type { RtpTarget } from '../process/ffmpeg-arguments.ts';
import type { Room } from '../sfu/room.ts';
import { Backoff } from '../tap/backoff.ts';

/** Where a feed's ffmpeg sends; a medium that it does not have has no target. */
export interface FeedTargets {
  video?: RtpTarget;
  audio?: RtpTarget;
}

export interface PlainFeedOptions {
  ffmpegPath: string;
  peerId: string;
  log: MediaLog;
  /** For the log, for example `a clip`. */
  what: string;
  /** The broadcast's present room; may throw while there is none. */
  room: () => Room;
  media: readonly ('video' | 'audio')[];
  args: (targets: FeedTargets) => string[];
  /** Its ffmpeg runs, for the first time or again. */
  onStarted?: (child: Child) => void;
  onClosed: () => void;
}

const VIDEO: RtpCodecParameters = {
  mimeType: 'video/H264',
  payloadType: 101,
  clockRate: 90_000,
  parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
};
const AUDIO: RtpCodecParameters = {
  mimeType: 'audio/opus',
  payloadType: 100,
  clockRate: 48_000,
  channels: 2,
};
const STOP_GRACE_MS = 1000;

/**
 * An ffmpeg that publishes into a broadcast by RTP over loopback, until it is closed. It is started again whenever it
 * ends, and in another room when its room is gone.
 */
export class PlainFeed {
  readonly peerId: string;
  readonly #options: PlainFeedOptions;
  readonly #backoff = new Backoff();
  /** Closes what it published last, and nothing else of the peer: another feed may have taken its place. */
  #leave: () => void = () => undefined;
  #child: Child | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: PlainFeedOptions) {
    this.#options = options;
    this.peerId = options.peerId;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** As `start`, and again until it succeeds. */
  begin(): void {
    this.start().catch((error) => {
      this.#options.log('warn', `${this.#options.what} could not be started`, { error: String(error) });
      this.#startLater();
    });
  }

  /** Rejects where there is no room; nothing is left behind then. */
  async start(): Promise<void> {
    const { media, args, ffmpegPath, onStarted } = this.#options;
    this.#leave();
    const room = this.#options.room();
    const transportIds: string[] = [];
    const leave = () => {
      for (const id of transportIds) room.closeTransport(id);
    };
    this.#leave = leave;
    const targets: FeedTargets = {};
    try {
      for (const kind of media) {
        const transport = await room.createPlainIngest(this.peerId);
        transportIds.push(transport.id);
        targets[kind] = await this.#publish(room, transport, kind);
      }
    } catch (error) {
      leave();
      throw error;
    }
    // Whoever closed it meanwhile, or started it anew, did not see what was opened since.
    if (this.#closing || this.#leave !== leave) return leave();
    const child = new Child({ command: ffmpegPath, args: args(targets), graceMs: STOP_GRACE_MS });
    this.#child = child;
    this.#backoff.started(Date.now());
    void child.exited.then(({ wanted, lastWords }) => {
      if (wanted || this.#child !== child) return;
      this.#options.log('warn', `${this.#options.what} stopped`, { peerId: this.peerId, lastWords });
      this.#child = null;
      this.#startLater();
    });
    onStarted?.(child);
  }

  /** The room it fed is gone and another has taken its place. */
  roomReplaced(): void {
    const child = this.#child;
    this.#child = null;
    void child?.stop();
    this.#startLater();
  }

  /** Ends its ffmpeg and closes what it published. Idempotent. */
  async close(): Promise<void> {
    this.#closing ??= this.#stop();
    await this.#closing;
  }

  async #stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#child?.stop();
    this.#leave();
    this.#options.onClosed();
  }

  #startLater(): void {
    if (this.#closing) return;
    const now = Date.now();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.begin(), this.#backoff.died(now) - now);
  }

  async #publish(room: Room, transport: PlainTransport, kind: 'audio' | 'video'): Promise<RtpTarget> {
    const codec = kind === 'video' ? VIDEO : AUDIO;
    const ssrc = 1 + Math.floor(Math.random() * 0x7fff_fffe);
    await room.produce({
      peerId: this.peerId,
      transportId: transport.id,
      kind,
      rtpParameters: { codecs: [codec], encodings: [{ ssrc }] },
      source: kind === 'video' ? 'camera' : 'microphone',
    });
    const rtcpPort = transport.rtcpTuple?.localPort ?? transport.tuple.localPort + 1;
    return { port: transport.tuple.localPort, rtcpPort, payloadType: codec.payloadType, ssrc };
  }
}
