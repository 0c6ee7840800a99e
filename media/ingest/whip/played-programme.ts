import type { MediaKind, Producer } from 'mediasoup/types';
import type { StagePicture } from '../../contract.ts';
import { MediaError } from '../../errors.ts';
import type { Room } from '../../sfu/room.ts';
import type { CodecName, StandingStream } from '../../sfu/standing-streams.ts';
import { choosePlayed } from './choose-played.ts';

/**
 * What players by WHEP receive: one picture and one sound, of whoever is on stage. They stay the same streams while that
 * changes and while nobody is there, since a player's description is never made anew.
 */
export class PlayedProgramme {
  readonly room: Room;
  readonly #shown: () => readonly StagePicture[];
  #players = 0;

  constructor(room: Room, shown: () => readonly StagePicture[]) {
    this.room = room;
    this.#shown = shown;
  }

  /**
   * Streams for a player that can receive those codecs; `leave` once when it is gone. Throws `nothing-published` where
   * nobody sends anything that it could receive.
   */
  async join(able: readonly CodecName[]): Promise<{ streams: StandingStream[]; leave: () => void }> {
    const producers = this.room.producers.filter(({ producer }) => able.includes(codecOf(producer)));
    const chosen = this.#choose(producers).map(({ producer }) => producer);
    if (chosen.length === 0)
      throw new MediaError('nothing-published', 'nothing is published that it can receive');
    const leave = this.#enter();
    try {
      // What is not sent yet may come: a player that asks for it has a place for it.
      const codecs = (['video', 'audio'] as const).flatMap((kind) => {
        const now = chosen.find((producer) => producer.kind === kind);
        return (now ? codecOf(now) : able.find((codec) => kindOf(codec) === kind)) ?? [];
      });
      const streams = await Promise.all(codecs.map((codec) => this.room.standing.open(codec)));
      this.restage();
      return { streams, leave };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Whoever is on stage now is sent from now on. A picture in a codec that nobody sends any more ends its players. */
  restage(): void {
    const { producers, standing } = this.room;
    const main = this.#choose(producers);
    for (const stream of standing.streams) {
      const able = producers.filter(({ producer }) => codecOf(producer) === stream.codec);
      const [own] = this.#choose(stream.kind === 'audio' ? main : able).filter(
        ({ producer }) => producer.kind === stream.kind,
      );
      const sentOtherwise = producers.some(({ producer }) => producer.kind === stream.kind);
      if (!own && stream.kind === 'video' && sentOtherwise) stream.close();
      else stream.feed(own?.producer ?? null);
    }
  }

  #choose(among: Room['producers']): Room['producers'] {
    const chosen = choosePlayed(
      among.map(({ info }) => info),
      this.#shown(),
    );
    return chosen.flatMap(({ producerId }) => among.find(({ info }) => info.producerId === producerId) ?? []);
  }

  #enter(): () => void {
    this.#players += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#players -= 1;
      // Packets that nobody receives need not come here.
      if (this.#players === 0) this.room.standing.closeAll();
    };
  }
}

const kindOf = (codec: CodecName): MediaKind => (codec === 'opus' ? 'audio' : 'video');

const codecOf = ({ rtpParameters }: Producer) =>
  (rtpParameters.codecs[0]?.mimeType.toLowerCase().replace(/^.*\//, '') ?? '') as CodecName;
