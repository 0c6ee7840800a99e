import type { BroadcastEvents, MediaLog, OfferSession, StagePicture } from '../contract.ts';
import type { CpuBudget } from '../process/cpu-budget.ts';
import type { MediaSettings } from '../settings.ts';
import type { Room } from '../sfu/room.ts';
import { playClip, type PlayingClip } from './clip.ts';
import { EncoderFeed } from './rtmp/encoder-feed.ts';
import { playOffer, publishOffer } from './whip/answer-offer.ts';
import { PlayedProgramme } from './whip/played-programme.ts';
import type { SdpSession, SdpSessionOptions } from './whip/sdp-session.ts';

export interface FeedsOptions {
  settings: MediaSettings;
  log: MediaLog;
  budget: CpuBudget;
  /** Throws `closed` or `worker-unavailable` where there is none. */
  room: () => Room;
  /** The pictures of the stage, the large one first. */
  shown: () => readonly StagePicture[];
  onRefused: (refused: BroadcastEvents['encodingRefused']) => void;
}

type Ingest = { peerId: string; onClosed: () => void };

/** What comes to a broadcast by other ways than a page's messages: clips, encoders by RTMP, clients by WHIP and WHEP. */
export class Feeds {
  readonly #options: FeedsOptions;
  readonly #clips = new Set<PlayingClip>();
  readonly #encoders = new Set<EncoderFeed>();
  readonly #offers = new Set<SdpSession>();
  /** What players by WHEP receive, while there is one. */
  #played: PlayedProgramme | null = null;

  constructor(options: FeedsOptions) {
    this.#options = options;
  }

  /** Processes. */
  get running(): number {
    return this.#clips.size + this.encoderPids.length;
  }

  get encoderPids(): number[] {
    return [...this.#encoders].flatMap(({ pids }) => pids);
  }

  async playClip(peerId: string, file: string): Promise<PlayingClip> {
    const { settings, log, room } = this.#options;
    const { ffmpegPath, storageDir } = settings;
    const clip = await playClip({
      ...{ ffmpegPath, storageDir, file, peerId, log, room },
      onClosed: () => this.#clips.delete(clip),
    });
    this.#clips.add(clip);
    return clip;
  }

  openEncoder({ peerId, onClosed }: Ingest): EncoderFeed {
    const { settings, log, room, budget, onRefused } = this.#options;
    const encoder: EncoderFeed = new EncoderFeed({
      ...{ ffmpegPath: settings.ffmpegPath, peerId, log, room, budget, onRefused },
      onClosed: () => {
        this.#encoders.delete(encoder);
        onClosed();
      },
    });
    this.#encoders.add(encoder);
    return encoder;
  }

  publishOffer(request: Ingest & { sdp: string }): Promise<OfferSession> {
    return this.#keep(request, publishOffer);
  }

  playOffer(request: Ingest & { sdp: string }): Promise<OfferSession> {
    return this.#keep(request, (options) => {
      if (this.#played?.room !== options.room)
        this.#played = new PlayedProgramme(options.room, this.#options.shown);
      return playOffer(options, this.#played);
    });
  }

  /** Others publish, or others are on stage. */
  restage(): void {
    this.#played?.restage();
  }

  async #keep(
    { peerId, sdp, onClosed }: Ingest & { sdp: string },
    open: (options: SdpSessionOptions) => Promise<SdpSession>,
  ): Promise<OfferSession> {
    const session = await open({
      ...{ peerId, sdp, room: this.#options.room(), log: this.#options.log },
      onClosed: () => {
        this.#offers.delete(session);
        onClosed();
      },
    });
    this.#offers.add(session);
    return session;
  }

  /** Clips stay: they are closed by their handles. */
  closePeer(peerId: string): void {
    this.lineLost(peerId);
    for (const encoder of this.#encoders) {
      if (encoder.peerId !== peerId) continue;
      encoder.close().catch((error: unknown) => {
        this.#options.log('error', "an encoder's relay could not be closed", { error: String(error) });
      });
    }
  }

  /** A client by SDP has nothing left then: it offers anew. */
  lineLost(peerId: string): void {
    for (const session of [...this.#offers]) if (session.peerId === peerId) session.close();
  }

  /** Everything on the room is void, and there is no other yet. */
  roomLost(): void {
    for (const session of [...this.#offers]) session.close();
  }

  roomReplaced(): void {
    for (const feed of [...this.#clips, ...this.#encoders]) feed.roomReplaced();
  }

  async close(reason: string): Promise<void> {
    this.roomLost();
    await Promise.all([...this.#clips].map((clip) => clip.close(reason)));
    await Promise.all([...this.#encoders].map((encoder) => encoder.close()));
  }
}
