import type { BaseTransportStats, Transport, WebRtcTransport } from 'mediasoup/types';
import { MediaError } from '../errors.ts';
import type { Seat } from './site.ts';

/** A page needs one transport a direction; a second of each while it reconnects. What is beyond is the oldest's end. */
const TRANSPORTS_OF_PEER = 4;

export interface OwnedTransport {
  peerId: string;
  transport: Transport;
  /** Where a receiving one is placed. */
  seat: Seat | null;
}

/** Every peer's transports. One that closes leaves by itself. */
export class PeerTransports {
  readonly #all = new Map<string, OwnedTransport>();
  /** Peers whose transports are on the way. */
  readonly #opening = new Set<{ peerId: string; left: boolean }>();

  get size(): number {
    return this.#all.size;
  }

  /** Each once. A transport that no browser has come to yet does not count. */
  get receivingPeerIds(): string[] {
    const receiving = [...this.#all.values()].filter(
      ({ seat, transport }) => seat !== null && isConnected(transport),
    );
    return [...new Set(receiving.map(({ peerId }) => peerId))];
  }

  /** Throws `unknown-transport`, and leaves none behind, where the peer left before it was there. */
  async open<T extends Transport>(peerId: string, make: () => Promise<T>): Promise<T> {
    const opening = { peerId, left: false };
    this.#opening.add(opening);
    try {
      const transport = await make();
      if (!opening.left) return transport;
      transport.close();
      throw new MediaError('unknown-transport', `peer ${peerId} left meanwhile`);
    } finally {
      this.#opening.delete(opening);
    }
  }

  has(transportId: string): boolean {
    return this.#all.has(transportId);
  }

  keep(owned: OwnedTransport, onClosed: () => void = () => undefined): void {
    const { peerId, transport, seat } = owned;
    this.#all.set(transport.id, owned);
    transport.observer.once('close', () => {
      this.#all.delete(transport.id);
      onClosed();
      seat?.leave();
    });
    for (const one of this.#ofPeer(peerId).slice(0, -TRANSPORTS_OF_PEER)) one.transport.close();
  }

  /** Throws `unknown-transport` for another peer's too. */
  require(peerId: string, transportId: string): OwnedTransport {
    const found = this.#all.get(transportId);
    if (found?.peerId !== peerId)
      throw new MediaError('unknown-transport', `peer ${peerId} has no transport ${transportId}`);
    return found;
  }

  requireWebRtc(peerId: string, transportId: string): WebRtcTransport {
    const { transport } = this.require(peerId, transportId);
    if (transport.type !== 'webrtc')
      throw new MediaError('unknown-transport', `${transportId} is not a browser's`);
    return transport as WebRtcTransport;
  }

  publishes(peerId: string): boolean {
    return this.#ofPeer(peerId).some(({ seat }) => seat === null);
  }

  async bytesReceived(peerId: string): Promise<number> {
    // One that closes meanwhile has nothing more to say.
    const stats = await Promise.allSettled(
      this.#ofPeer(peerId).map(({ transport }) => transport.getStats() as Promise<BaseTransportStats[]>),
    );
    return stats
      .flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      .reduce((sum, { bytesReceived }) => sum + bytesReceived, 0);
  }

  closePeer(peerId: string): void {
    for (const opening of this.#opening) if (opening.peerId === peerId) opening.left = true;
    for (const { transport } of this.#ofPeer(peerId)) this.#close(transport);
  }

  /** One of a peer's. Idempotent. */
  closeOne(transportId: string): void {
    const owned = this.#all.get(transportId);
    if (owned) this.#close(owned.transport);
  }

  /** Each by itself, before their routers: mediasoup's WebRtcServer keeps for ever those that a router closes. */
  close(): void {
    for (const { peerId } of [...this.#opening, ...this.#all.values()]) this.closePeer(peerId);
  }

  #close(transport: Transport): void {
    // Out first: nobody is told of what was asked for.
    this.#all.delete(transport.id);
    transport.close();
  }

  #ofPeer(peerId: string): OwnedTransport[] {
    return [...this.#all.values()].filter((one) => one.peerId === peerId);
  }
}

/** Packets sent now arrive now. */
export function isConnected(transport: Transport): boolean {
  return transport.type !== 'webrtc' || (transport as WebRtcTransport).dtlsState === 'connected';
}
