import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay, type Circumstances } from '../platform/access/decide.ts';
import { HubError } from '../platform/errors.ts';
import type { BroadcastMedia } from '../../media/contract.ts';
import type { Announce, Connection } from '../realtime/connection.ts';
import type { SocketMessage } from '../realtime/registry.ts';
import { socketMessage } from '../realtime/service.ts';
import { throughMedia } from './media-errors.ts';
import {
  connectMessage,
  consumeAllMessage,
  consumeMessage,
  consumerMessage,
  layersMessage,
  produceMessage,
  producerMessage,
  restartIceMessage,
  transportMessage,
} from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import { isLiveElsewhere } from './rules.ts';

/** The messages by which a page sends and receives media. Each asks again whether it may. */
export function signallingMessages(parts: {
  peers: Peers;
  onAir: OnAir;
  announce: Announce;
}): SocketMessage[] {
  const { peers, onAir, announce } = parts;

  function mediaOf(peer: Peer): BroadcastMedia {
    const stage = onAir.stage(peer.broadcastId);
    if (!stage) throw new HubError('broadcast.not-live', { message: 'Nobody has opened the room yet' });
    return stage.media;
  }

  /** The peer and the media of a message from someone who may watch. */
  function watching(from: Connection, caller: Caller): { peer: Peer; media: BroadcastMedia } {
    const peer = peers.require(from.id);
    ensureMay(caller, 'broadcast.watch', peer.about);
    return { peer, media: mediaOf(peer) };
  }

  function publishing(from: Connection, caller: Caller): { peer: Peer; media: BroadcastMedia } {
    const peer = peers.require(from.id);
    const about: Circumstances = peer.about;
    const { accountId } = actorWhoMay(caller, 'broadcast.publish', about);
    const media = mediaOf(peer);
    if (isLiveElsewhere(accountOnAir(media), accountId)) throw new HubError('broadcast.live-elsewhere');
    return { peer, media };
  }

  function accountOnAir(media: BroadcastMedia): string | undefined {
    const [producer] = media.producers();
    return producer && peers.byId(producer.peerId)?.accountId;
  }

  /** Another page of the same account is on the air: it is told, and its media ends. */
  function takeOver(media: BroadcastMedia, peer: Peer): void {
    const others = new Set(media.producers().map((producer) => producer.peerId));
    others.delete(peer.id);
    for (const peerId of others) {
      const other = peers.byId(peerId);
      // A clip that the sample plays has no page behind it.
      if (other?.socketId !== undefined) announce(other.socketId, 'media:taken-over', null);
      media.closePeer(peerId);
    }
  }

  return [
    socketMessage('media:transport', transportMessage, async (from, caller, { direction }) => {
      const { peer, media } = direction === 'send' ? publishing(from, caller) : watching(from, caller);
      return throughMedia(() => media.createTransport({ peerId: peer.id, direction }));
    }),
    socketMessage('media:connect', connectMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      await throughMedia(() => media.connectTransport({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:restart-ice', restartIceMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      return throughMedia(() => media.restartIce({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:produce', produceMessage, async (from, caller, input) => {
      const { peer, media } = publishing(from, caller);
      takeOver(media, peer);
      return throughMedia(() => media.produce({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:pause-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = publishing(from, caller);
      await throughMedia(() => media.pauseProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:resume-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = publishing(from, caller);
      await throughMedia(() => media.resumeProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:close-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = publishing(from, caller);
      await throughMedia(() => media.closeProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:consume', consumeMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      return throughMedia(() => media.consume({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:consume-all', consumeAllMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      return throughMedia(() => media.consumeAll({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:resume-consumer', consumerMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      await throughMedia(() => media.resumeConsumer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:pause-consumer', consumerMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      await throughMedia(() => media.pauseConsumer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:set-layers', layersMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      await throughMedia(() => media.setPreferredLayers({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:close-consumer', consumerMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      await throughMedia(() => media.closeConsumer({ peerId: peer.id, ...input }));
    }),
  ];
}
