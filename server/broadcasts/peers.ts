import type { Circumstances } from '../platform/access/decide.ts';
import { HubError } from '../platform/errors.ts';

/** Someone in a broadcast's room: one page of one device. */
export interface Peer {
  /** The id under which the media plane knows it; survives a reconnect within {@link PEER_GRACE_MS}. */
  readonly id: string;
  readonly broadcastId: string;
  readonly deviceId: string;
  readonly accountId: string | undefined;
  readonly personId: string | undefined;
  readonly role: 'publisher' | 'viewer';
  /** How it takes part where it has no page. */
  readonly way?: 'whip' | 'whep';
  /** What was true of the broadcast and the person when they joined, for later permission checks. */
  readonly about: Circumstances;
  /** Of the room's media when it joined; 0 where there was none. */
  generation: number;
  /** The socket behind it; undefined between a drop and its return. */
  socketId: string | undefined;
}

/** How long the media of a dropped socket goes on, so that a page that comes back at once misses nothing. */
export const PEER_GRACE_MS = 8_000;

/** Everyone who is in a room of this process. */
export class Peers {
  readonly #bySocket = new Map<string, Peer>();
  readonly #byId = new Map<string, Peer>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();
  readonly #onLeft: (peer: Peer) => void;

  constructor(onLeft: (peer: Peer) => void) {
    this.#onLeft = onLeft;
  }

  /** Takes a peer in. Another one of the same page that has no socket any more leaves at once: no ghosts. */
  enter(peer: Peer): void {
    if (!peer.socketId) throw new Error('A peer enters with a socket');
    for (const other of this.inBroadcast(peer.broadcastId)) {
      const samePage = other.deviceId === peer.deviceId && other.accountId === peer.accountId;
      if (other !== peer && samePage && other.socketId === undefined) this.remove(other);
    }
    this.#byId.set(peer.id, peer);
    this.#bySocket.set(peer.socketId, peer);
  }

  /** Takes in one that has no page, and stays until it is removed. */
  admit(peer: Peer): void {
    this.#byId.set(peer.id, peer);
  }

  /** Hands an earlier peer of the same device and account to a new socket, or undefined when there is none. */
  adopt(
    id: string | undefined,
    by: { broadcastId: string; deviceId: string; accountId: string | undefined; socketId: string },
  ): Peer | undefined {
    const peer = id === undefined ? undefined : this.#byId.get(id);
    const same =
      peer?.broadcastId === by.broadcastId &&
      peer.deviceId === by.deviceId &&
      peer.accountId === by.accountId;
    if (!peer || !same) return undefined;
    clearTimeout(this.#leaving.get(peer.id));
    this.#leaving.delete(peer.id);
    if (peer.socketId !== undefined) this.#bySocket.delete(peer.socketId);
    peer.socketId = by.socketId;
    this.#bySocket.set(by.socketId, peer);
    return peer;
  }

  /** The peer behind a socket. Throws `conflict` before it has joined a room. */
  require(socketId: string): Peer {
    const peer = this.#bySocket.get(socketId);
    if (!peer) throw new HubError('conflict', { message: 'Join a broadcast first: broadcast:join' });
    return peer;
  }

  ofSocket(socketId: string): Peer | undefined {
    return this.#bySocket.get(socketId);
  }

  byId(id: string): Peer | undefined {
    return this.#byId.get(id);
  }

  inBroadcast(broadcastId: string): Peer[] {
    return [...this.#byId.values()].filter((peer) => peer.broadcastId === broadcastId);
  }

  /** The socket is gone; the peer, if there was one behind it, follows unless it comes back soon. */
  drop(socketId: string): Peer | undefined {
    const peer = this.#bySocket.get(socketId);
    if (!peer) return undefined;
    this.#bySocket.delete(socketId);
    peer.socketId = undefined;
    const timer = setTimeout(() => this.remove(peer), PEER_GRACE_MS);
    timer.unref();
    this.#leaving.set(peer.id, timer);
    return peer;
  }

  /** Its socket is gone and it has not come back yet. */
  isLeaving(peer: Peer): boolean {
    return this.#leaving.has(peer.id);
  }

  /** Takes a peer out at once. */
  remove(peer: Peer): void {
    clearTimeout(this.#leaving.get(peer.id));
    this.#leaving.delete(peer.id);
    if (peer.socketId !== undefined) this.#bySocket.delete(peer.socketId);
    if (this.#byId.delete(peer.id)) this.#onLeft(peer);
  }

  countViewers(): number {
    return countViewers([...this.#byId.values()]);
  }

  close(): void {
    for (const peer of [...this.#byId.values()]) this.remove(peer);
  }
}

/** How many watch: each person once however many devices, each nameless device once. */
export function countViewers(peers: readonly Peer[]): number {
  const viewers = peers.filter((peer) => peer.role === 'viewer');
  return new Set(viewers.map((peer) => peer.accountId ?? peer.deviceId)).size;
}
