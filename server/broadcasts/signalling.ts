import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import { HubError } from '../platform/errors.ts';
import type { BroadcastMedia } from '../../media/contract.ts';
import type { Announce, Connection } from '../realtime/connection.ts';
import type { SocketMessage } from '../realtime/registry.ts';
import { socketMessage } from '../realtime/service.ts';
import { stageStanding, type Floor } from './floor.ts';
import { ensureNoSecond, ensurePlaceOnAir, takeOver } from './going-on-air.ts';
import { throughMedia } from './media-errors.ts';
import {
  connectMessage,
  consumeMessage,
  consumerMessage,
  layersMessage,
  produceMessage,
  producerMessage,
  receiveMessage,
  restartIceMessage,
  transportMessage,
} from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import { receiveAll } from './receive.ts';
import type { Scene } from './scene.ts';
import type { BroadcastRow } from './store.ts';

/** The messages by which a page sends and receives media. Each asks again whether it may. */
export function signallingMessages(parts: {
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  announce: Announce;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}): SocketMessage[] {
  const { peers, onAir, floor, scene, announce, requireBroadcast } = parts;

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

  /** The peer and the media of a message from someone who may be on the air now. */
  async function publishing(
    from: Connection,
    caller: Caller,
  ): Promise<{ peer: Peer; media: BroadcastMedia; accountId: string }> {
    const peer = peers.require(from.id);
    const standing = stageStanding(await floor.standingOf(peer.broadcastId, caller?.accountId));
    const { accountId } = actorWhoMay(caller, 'broadcast.publish', { ...peer.about, standing });
    return { peer, media: mediaOf(peer), accountId };
  }

  return [
    socketMessage('media:transport', transportMessage, async (from, caller, { direction }) => {
      const { peer, media } = direction === 'send' ? await publishing(from, caller) : watching(from, caller);
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
      const { peer, media, accountId } = await publishing(from, caller);
      const row = await requireBroadcast(peer.broadcastId);
      ensurePlaceOnAir(await floor.read(row.id), scene, row, accountId);
      ensureNoSecond(peers, media, row, peer);
      takeOver({ peers, announce }, media, peer);
      const producer = await throughMedia(() => media.produce({ peerId: peer.id, ...input }));
      try {
        // The floor may have been taken back meanwhile: what began then is ended like the rest.
        await publishing(from, caller);
      } catch (refusal) {
        media.closeProducer({ peerId: peer.id, producerId: producer.producerId });
        throw refusal;
      }
      return producer;
    }),
    socketMessage('media:pause-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = await publishing(from, caller);
      await throughMedia(() => media.pauseProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:resume-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = await publishing(from, caller);
      await throughMedia(() => media.resumeProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:close-producer', producerMessage, async (from, caller, input) => {
      const { peer, media } = await publishing(from, caller);
      await throughMedia(() => media.closeProducer({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:consume', consumeMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      return throughMedia(() => media.consume({ peerId: peer.id, ...input }));
    }),
    socketMessage('media:receive', receiveMessage, async (from, caller, input) => {
      const { peer, media } = watching(from, caller);
      return receiveAll(media, peer, input);
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
