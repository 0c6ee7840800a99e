import type { BroadcastMedia } from '../../media/contract.ts';
import { HubError } from '../platform/errors.ts';
import type { Announce } from '../realtime/connection.ts';
import type { Peer, Peers } from './peers.ts';
import type { Scene } from './scene.ts';
import { ensureRoom } from './stage-messages.ts';
import type { StageState } from './stage-rules.ts';
import type { BroadcastRow } from './store.ts';

/** Throws `stage.full` where too many others are on the air, by whatever way they came. */
export function ensurePlaceOnAir(
  state: StageState,
  scene: Scene,
  row: BroadcastRow,
  accountId: string,
): void {
  const publishing = scene.published(row).map((one) => one.accountId);
  ensureRoom(state, accountId, row.ownerAccountId, publishing);
}

/**
 * Throws `broadcast.live-elsewhere` where the same account publishes by another way and the broadcast says that it stays.
 * A page that was dropped and has not come back is no publisher any more.
 */
export function ensureNoSecond(peers: Peers, media: BroadcastMedia, row: BroadcastRow, by: Peer): void {
  if (row.secondPublisher === 'take-over') return;
  const standing = media.producers().some(({ peerId }) => {
    const other = peers.byId(peerId);
    return other && other.id !== by.id && other.accountId === by.accountId && !peers.isLeaving(other);
  });
  if (standing)
    throw new HubError('broadcast.live-elsewhere', {
      message: 'This account is live already and keeps the air',
    });
}

/**
 * What else the same account has on the air ends: another page is told and goes on watching, an encoder is sent away,
 * and a clip that the sample plays makes way for the owner.
 */
export function takeOver(
  { peers, announce }: { peers: Peers; announce: Announce },
  media: BroadcastMedia,
  by: Peer,
): void {
  for (const { peerId, producerId } of media.producers()) {
    const other = peers.byId(peerId);
    if (peerId === by.id || (other && other.accountId !== by.accountId)) continue;
    if (!other && by.about.owner) media.closePeer(peerId);
    if (!other) continue;
    if (other.socketId !== undefined) announce(other.socketId, 'media:taken-over', null);
    media.closeProducer({ peerId, producerId });
  }
}
