import type { Consumer } from 'mediasoup/types';
import { MediaError } from '../errors.ts';
import type { Seat } from './site.ts';

/** Each of a few publishers' picture and sound, and their successors while a page changes over. */
const CONSUMERS_OF_PEER = 16;

interface OwnedConsumer {
  peerId: string;
  consumer: Consumer;
}

/** Every peer's consumers. One that closes leaves by itself. */
export class PeerConsumers {
  readonly #all = new Map<string, OwnedConsumer>();

  get size(): number {
    return this.#all.size;
  }

  /** `onClosed` is called where it was not the peer who closed it. */
  keep(owned: OwnedConsumer, seat: Seat | null, onClosed: () => void): void {
    const { peerId, consumer } = owned;
    this.#all.set(consumer.id, owned);
    seat?.consumerOpened();
    consumer.observer.once('close', () => {
      seat?.consumerClosed();
      if (this.#all.delete(consumer.id)) onClosed();
    });
    const theirs = [...this.#all.values()].filter((one) => one.peerId === peerId);
    for (const one of theirs.slice(0, -CONSUMERS_OF_PEER)) one.consumer.close();
  }

  require(peerId: string, consumerId: string): Consumer {
    const found = this.#all.get(consumerId);
    if (found?.peerId !== peerId)
      throw new MediaError('unknown-consumer', `peer ${peerId} has no consumer ${consumerId}`);
    return found.consumer;
  }

  close(peerId: string, consumerId: string): void {
    const consumer = this.require(peerId, consumerId);
    this.#all.delete(consumerId);
    consumer.close();
  }
}
