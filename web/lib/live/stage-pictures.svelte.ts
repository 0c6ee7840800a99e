import type { StageView } from '../../../server/broadcasts/messages.ts';
import type { Room } from './room.svelte.ts';

/** The side that receives, as far as the places of its pictures are concerned. */
export interface ReceivedPictures {
  showLarge(producerId: string | undefined): void;
  pictureOf(producerId: string): MediaStream | undefined;
  readonly large: string | undefined;
  onPictures: (() => void) | undefined;
}

/** A picture beside the large one. */
export interface PictureTile {
  producerId: string;
  accountId: string;
  /** Whose it is. */
  name: string;
  isScreen: boolean;
  stream: MediaStream;
}

/** Puts what is received of a stage where its layout wants it. */
export class StagePictures {
  /** Beside the large picture, in order. With `all` the large one is the first of them. */
  tiles = $state.raw<PictureTile[]>([]);
  layout = $state<StageView['layout']>('one');
  /** Whose picture is the large one; null while it is the only one. */
  largeName = $state<string | null>(null);
  readonly #room: Room;
  readonly #all: boolean;
  #receiver: ReceivedPictures | null = null;

  constructor(room: Room, options: { all?: boolean } = {}) {
    this.#room = room;
    this.#all = options.all ?? false;
    room.addSide({ onStage: () => this.#arrange() });
  }

  /** How many pictures share the place evenly; 0 where one is larger than the others. */
  get split(): number {
    return this.layout === 'side-by-side' && this.tiles.length > 0 ? this.tiles.length + 1 : 0;
  }

  attach(receiver: ReceivedPictures | null): void {
    if (this.#receiver) this.#receiver.onPictures = undefined;
    this.#receiver = receiver;
    if (receiver) receiver.onPictures = () => this.#arrange();
    this.#arrange();
  }

  #arrange(): void {
    const receiver = this.#receiver;
    const stage = this.#room.stage;
    if (!receiver || !stage) {
      this.tiles = [];
      this.largeName = null;
      return;
    }
    const received = stage.pictures.flatMap((picture) => {
      const producer = this.#room.producers.find(
        ({ peerId, source }) => peerId === picture.peerId && source === picture.source,
      );
      const stream = producer && receiver.pictureOf(producer.producerId);
      if (!producer || !stream) return [];
      const name = stage.people.find(({ accountId }) => accountId === picture.accountId)?.name ?? '';
      const { accountId } = picture;
      const isScreen = picture.source === 'screen';
      return [{ producerId: producer.producerId, accountId, name, isScreen, stream }];
    });
    this.layout = stage.layout;
    const [large, ...others] = received;
    // What this changes calls back at once: the second call finds nothing to change.
    if (large && receiver.large !== large.producerId) return receiver.showLarge(large.producerId);
    this.largeName = others.length > 0 && large ? large.name : null;
    this.tiles = this.#all ? received : stage.layout === 'one' ? [] : others;
  }
}
