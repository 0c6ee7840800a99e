import type { PlainTransport, RtpCodecParameters } from 'mediasoup/types';
import type { ClipHandle, MediaLog } from '../contract.ts';
import { Child } from '../process/child.ts';
import { clipArguments, type RtpTarget } from '../process/ffmpeg-arguments.ts';
import { Backoff } from '../tap/backoff.ts';
import type { Room } from '../sfu/room.ts';
import { prepareClip } from './prepare-clip.ts';

export interface PlayingClip extends ClipHandle {
  /** The room it played into is gone and another has taken its place. */
  roomReplaced(): void;
}

export interface PlayClipOptions {
  ffmpegPath: string;
  file: string;
  peerId: string;
  log: MediaLog;
  /** The broadcast's present room; may throw while there is none. */
  room: () => Room;
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

/** Loops a clip into the broadcast until it is closed; its ffmpeg is started again whenever it ends. */
export async function playClip(options: PlayClipOptions & { storageDir: string }): Promise<PlayingClip> {
  const { ffmpegPath, file, storageDir } = options;
  const clip = new LoopingClip({ ...options, file: await prepareClip({ ffmpegPath, file, storageDir }) });
  await clip.start();
  return clip;
}

class LoopingClip implements PlayingClip {
  readonly peerId: string;
  readonly #options: PlayClipOptions;
  readonly #backoff = new Backoff();
  #room: Room | null = null;
  #child: Child | null = null;
  #timer: NodeJS.Timeout | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: PlayClipOptions) {
    this.#options = options;
    this.peerId = options.peerId;
  }

  async start(): Promise<void> {
    const room = this.#options.room();
    this.#room = room;
    room.closePeer(this.peerId);
    const [video, audio] = [await this.#publish(room, 'video'), await this.#publish(room, 'audio')];
    if (this.#closing) return;
    const child = new Child({
      command: this.#options.ffmpegPath,
      args: clipArguments({ file: this.#options.file, video, audio }),
      graceMs: STOP_GRACE_MS,
    });
    this.#child = child;
    this.#backoff.started(Date.now());
    void child.exited.then((exit) => {
      if (exit.wanted || this.#child !== child) return;
      this.#options.log('warn', 'a clip stopped playing', {
        file: this.#options.file,
        lastWords: exit.lastWords,
      });
      this.#startLater();
    });
  }

  roomReplaced(): void {
    const child = this.#child;
    this.#child = null;
    void child?.stop();
    this.#startLater();
  }

  async close(): Promise<void> {
    this.#closing ??= this.#stop();
    await this.#closing;
  }

  async #stop(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    await this.#child?.stop();
    this.#room?.closePeer(this.peerId);
    this.#options.onClosed();
  }

  #startLater(): void {
    if (this.#closing) return;
    const now = Date.now();
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.start().catch((error) => {
          this.#options.log('warn', 'a clip could not be started again', { error: String(error) });
          this.#startLater();
        });
      },
      this.#backoff.died(now) - now,
    );
  }

  async #publish(room: Room, kind: 'audio' | 'video'): Promise<RtpTarget> {
    const transport: PlainTransport = await room.createPlainIngest(this.peerId);
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
