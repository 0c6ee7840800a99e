import type { z } from 'zod';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import type { Announce, Connection } from '../realtime/connection.ts';
import type { SocketMessage } from '../realtime/registry.ts';
import { socketMessage } from '../realtime/service.ts';
import type { Chat } from './chat.ts';
import {
  chatSendMessage,
  chatSinceMessage,
  joinMessage,
  presenceMessage,
  type BroadcastView,
  type Joined,
} from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import type { Floor } from './floor.ts';
import type { Presence } from './presence.ts';
import { offerAtOnce } from './receive.ts';
import type { Scene } from './scene.ts';
import { groupOf } from './stage.ts';
import type { BroadcastRow } from './store.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

/** The messages of being in the room: joining, speaking, being there. */
export function roomMessages(parts: {
  clock: Clock;
  peers: Peers;
  onAir: OnAir;
  announce: Announce;
  chat: Chat;
  presence: Presence;
  floor: Floor;
  scene: Scene;
  membership: Belonging;
  pingSeconds: number;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
  view: (row: BroadcastRow, caller: Caller) => Promise<BroadcastView>;
  onEntered: (peer: Peer) => void;
}): SocketMessage[] {
  const { clock, peers, onAir, announce, chat, presence, floor, scene, requireBroadcast } = parts;

  /** The peer goes on where its page was dropped, or begins anew. */
  function enter(
    from: Connection,
    caller: Caller,
    input: { broadcastId: string; deviceId: string; resumePeerId?: string },
    about: Peer['about'],
  ): { peer: Peer; resumed: boolean } {
    const { broadcastId, deviceId, resumePeerId } = input;
    const accountId = caller?.accountId;
    const key = { broadcastId, deviceId, accountId, socketId: from.id };
    const stage = onAir.stage(broadcastId);
    const generation = stage?.generation ?? 0;
    // What stood behind this socket is taken down first: nobody is left over whom no socket will ever take out.
    const standing = peers.ofSocket(from.id);
    if (standing && standing.id !== resumePeerId) peers.remove(standing);
    const before = peers.adopt(resumePeerId, key);
    if (before) {
      const resumed = stage !== undefined && before.generation === generation;
      if (!resumed) stage?.media.closePeer(before.id);
      before.generation = generation;
      return { peer: before, resumed };
    }
    if (standing) peers.remove(standing);
    const role = about.owner || about.standing === 'cohost' ? 'publisher' : 'viewer';
    const peer: Peer = { id: from.id, ...key, personId: caller?.personId, role, about, generation };
    peers.enter(peer);
    return { peer, resumed: false };
  }

  async function join(from: Connection, caller: Caller, input: z.infer<typeof joinMessage>) {
    const row = await requireBroadcast(input.broadcastId);
    const standing = await floor.standingOf(row.id, caller?.accountId);
    const about = await circumstancesOf(row, caller, parts.membership);
    ensureMay(caller, 'broadcast.watch', about);
    if (about.owner || standing === 'cohost') await onAir.ensureStage(row.id);
    if (!from.connected) throw new HubError('conflict', { message: 'The socket is gone' });
    const left = peers.ofSocket(from.id)?.broadcastId;
    const { peer, resumed } = enter(from, caller, input, about);
    if (left !== undefined && left !== row.id) await from.leave(groupOf(left));
    // Into the group first, then the history: what is said in between comes twice, by number, rather than never.
    await from.join(groupOf(row.id));
    parts.onEntered(peer);
    const media = onAir.stage(row.id)?.media;
    // Begun first: the worker opens the line while the database is read.
    const offered = !resumed && input.receive && media ? offerAtOnce(media, peer, input.receive) : null;
    return {
      broadcast: await parts.view(await requireBroadcast(row.id), caller),
      role: peer.role,
      accountId: caller?.accountId ?? null,
      peerId: peer.id,
      resumed,
      rtpCapabilities: media?.routerRtpCapabilities ?? null,
      producers: media?.producers() ?? [],
      receiving: await offered,
      chat: await chat.read(row, input.lastChatSeq),
      standing,
      ...(await scene.tell(row, caller?.accountId)),
      presencePingSeconds: caller && !about.owner ? parts.pingSeconds : null,
      hubTime: new Date(clock.now()).toISOString(),
    } satisfies Joined;
  }

  return [
    socketMessage('broadcast:join', joinMessage, join),
    socketMessage('chat:send', chatSendMessage, async (from, caller, said) => {
      const peer = peers.require(from.id);
      const { message, isNew } = await chat.send(
        caller,
        await requireBroadcast(peer.broadcastId),
        peer.about,
        said,
      );
      if (isNew) announce(groupOf(peer.broadcastId), 'chat:message', message);
      return message;
    }),
    socketMessage('chat:since', chatSinceMessage, async (from, caller, { seq }) => {
      const peer = peers.require(from.id);
      ensureMay(caller, 'broadcast.watch', peer.about);
      return chat.read(await requireBroadcast(peer.broadcastId), seq);
    }),
    socketMessage('presence:ping', presenceMessage, async (from, caller, { playing }) => {
      const atMs = clock.now();
      const { personId } = actorWhoMay(caller, 'presence.report');
      const { broadcastId, deviceId, about } = peers.require(from.id);
      if (about.owner)
        throw new HubError('conflict', { message: 'One is not counted in one’s own broadcast' });
      ensureMay(caller, 'broadcast.watch', about);
      return presence.report({ broadcastId, personId, deviceId, playing, atMs });
    }),
  ];
}
