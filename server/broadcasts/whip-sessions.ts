import { randomBytes } from 'node:crypto';
import type { OfferSession } from '../../media/contract.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, may } from '../platform/access/decide.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Announce } from '../realtime/connection.ts';
import { stageStanding, type Floor } from './floor.ts';
import { ensureNoSecond, ensurePlaceOnAir, takeOver } from './going-on-air.ts';
import { throughMedia } from './media-errors.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import type { Rights } from './ports.ts';
import { isOpen } from './rules.ts';
import type { Scene } from './scene.ts';
import type { BroadcastRow } from './store.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

/** What a client is told of its session. `iceSession` names the ICE session for `ETag`. */
export interface WhipAnswer {
  sessionId: string;
  sdp: string;
  iceSession: string;
}

/** What a client must name to change a session's ICE: the present session, or `any` for a restart. */
export type IceCondition = { any: true } | { any: false; names: readonly string[] };

export type WhipSessions = ReturnType<typeof openWhipSessions>;

/** Clients that publish by WHIP (RFC 9725), one session each. A session is its account's own. */
export function openWhipSessions(parts: {
  announce: Announce;
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  membership: Belonging;
  rights: Rights;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}) {
  const { announce, peers, onAir, floor } = parts;
  const sessions = new Map<string, { peer: Peer; media: OfferSession }>();

  /** The actor and the row, where the caller may publish there now. */
  async function publishing(caller: Caller, broadcastId: string) {
    const row = await parts.requireBroadcast(broadcastId);
    const about = await circumstancesOf(row, caller, parts.membership);
    return { row, about, actor: actorWhoMay(caller, 'broadcast.publish', about) };
  }

  /** Throws `not-found` for another account's: nobody learns that it exists. */
  async function requireOwn(caller: Caller, broadcastId: string, sessionId: string) {
    const { actor } = await publishing(caller, broadcastId);
    const session = sessions.get(sessionId);
    if (session?.peer.broadcastId !== broadcastId || session.peer.accountId !== actor.accountId)
      throw new HubError('not-found', { message: 'There is no such session' });
    return session;
  }

  return {
    /**
     * Publishes what is offered; whatever else the account has on the air gives way, where the broadcast lets it. Throws
     * `sdp.malformed`, `sdp.unacceptable`, `broadcast.ended`, `broadcast.live-elsewhere`, `stage.full`.
     */
    async publish(caller: Caller, broadcastId: string, sdp: string): Promise<WhipAnswer> {
      const { row, about, actor } = await publishing(caller, broadcastId);
      const stage = isOpen(row.state) ? await onAir.ensureStage(row.id) : undefined;
      if (!stage) throw new HubError('broadcast.ended');
      const sessionId = randomBytes(18).toString('base64url');
      const peerId = `whip-${newId<'whip'>()}`;
      const { accountId, personId } = actor;
      const peer: Peer = {
        ...{ id: peerId, broadcastId: row.id, deviceId: peerId, accountId, personId, about },
        role: 'publisher',
        generation: stage.generation,
        socketId: undefined,
      };
      ensurePlaceOnAir(await floor.read(row.id), parts.scene, row, accountId);
      ensureNoSecond(peers, stage.media, row, peer);
      peers.admit(peer);
      const onClosed = () => {
        sessions.delete(sessionId);
        peers.remove(peer);
      };
      try {
        const media = await throughMedia(() => stage.media.acceptOffer({ peerId, sdp, onClosed }));
        sessions.set(sessionId, { peer, media });
        takeOver({ peers, announce }, stage.media, peer);
        // The floor may have been taken back meanwhile.
        await publishing(caller, broadcastId);
        return { sessionId, sdp: media.answer, iceSession: media.iceSession };
      } catch (error) {
        sessions.get(sessionId)?.media.close();
        peers.remove(peer);
        throw error;
      }
    },

    /**
     * Further candidates (null), or an ICE restart (our own fragment). Throws `precondition.failed` for another ICE
     * session than the present one.
     */
    async patch(
      caller: Caller,
      { broadcastId, sessionId }: { broadcastId: string; sessionId: string },
      condition: IceCondition,
      fragment: string,
    ): Promise<{ fragment: string; iceSession: string } | null> {
      const { media } = await requireOwn(caller, broadcastId, sessionId);
      if (!condition.any && !condition.names.includes(media.iceSession))
        throw new HubError('precondition.failed', { message: 'This is not the present ICE session' });
      const ours = await throughMedia(() => media.patchIce({ fragment, mayRestart: condition.any }));
      return ours === null ? null : { fragment: ours, iceSession: media.iceSession };
    },

    /** Ends the session; the broadcast waits for its publisher. */
    async end(caller: Caller, broadcastId: string, sessionId: string): Promise<void> {
      const { media } = await requireOwn(caller, broadcastId, sessionId);
      media.close();
    },

    /** An account's rights changed: its sessions end where it may no longer publish. */
    async recheck(accountId: string): Promise<void> {
      for (const { peer, media } of sessions.values()) {
        if (peer.accountId !== accountId) continue;
        const actor = await parts.rights.actorOf(accountId);
        const standing = stageStanding(await floor.standingOf(peer.broadcastId, accountId));
        if (!may(actor, 'broadcast.publish', { ...peer.about, standing })) media.close();
      }
    },
  };
}
