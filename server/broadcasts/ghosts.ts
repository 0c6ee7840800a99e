import { setTimeout as delay } from 'node:timers/promises';
import type { BroadcastMedia } from '../../media/contract.ts';
import type { Peer, Peers } from './peers.ts';

/** A browser that receives reports on it each second. */
const LISTEN_MS = 2_000;

/**
 * For a page whose socket had been silent for seconds when it was given up: where its media says nothing either, it is
 * taken out without the usual grace, so that a page that vanished is gone within 10 s. (mediasoup's ICE consent cannot
 * be set below 10 s.)
 */
export async function removeIfMute(
  peer: Peer,
  peers: Peers,
  media: BroadcastMedia | undefined,
): Promise<void> {
  const before = await media?.bytesReceived(peer.id);
  await delay(LISTEN_MS, undefined, { ref: false });
  const now = await media?.bytesReceived(peer.id);
  if (now === before && peers.isLeaving(peer)) peers.remove(peer);
}
