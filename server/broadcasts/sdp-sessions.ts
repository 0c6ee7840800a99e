import { randomBytes } from 'node:crypto';
import type { OfferSession } from '../../media/contract.ts';
import type { Caller } from '../platform/access/actor.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { throughMedia } from './media-errors.ts';
import type { Peer, Peers } from './peers.ts';
import type { Stage } from './stage.ts';

/** What a client is told of its session. `iceSession` names the ICE session for `ETag`. */
export interface SdpAnswer {
  sessionId: string;
  sdp: string;
  iceSession: string;
}

/** What a client must name to change a session's ICE: one of these, or `any` whichever it is, as for a restart. */
export type IceCondition = { any: true } | { any: false; names: readonly string[] };

/** What the routes of WHIP and WHEP do with sessions. */
export interface SdpDoor {
  open(caller: Caller, broadcastId: string, sdp: string): Promise<SdpAnswer>;
  patch(
    caller: Caller,
    at: { broadcastId: string; sessionId: string },
    condition: IceCondition,
    fragment: string,
  ): Promise<{ fragment: string; iceSession: string } | null>;
  end(caller: Caller, at: { broadcastId: string; sessionId: string }): Promise<void>;
}

export interface SdpSessionRecord {
  peer: Peer;
  media: OfferSession;
}

/**
 * Sessions that clients hold by HTTP, by WHIP or by WHEP. Each is its account's own, and has an address that nobody
 * guesses. `ensureMay` throws where the caller may not have one of that broadcast (any more).
 */
export function openSdpSessions(
  peers: Peers,
  ensureMay: (caller: Caller, broadcastId: string) => Promise<unknown>,
) {
  const sessions = new Map<string, SdpSessionRecord>();

  /** Throws `not-found` for another account's: nobody learns that it exists. */
  async function requireOwn(
    caller: Caller,
    { broadcastId, sessionId }: { broadcastId: string; sessionId: string },
  ) {
    await ensureMay(caller, broadcastId);
    const session = sessions.get(sessionId);
    if (session?.peer.broadcastId !== broadcastId || session.peer.accountId !== caller?.accountId)
      throw new HubError('not-found', { message: 'There is no such session' });
    return session;
  }

  return {
    all: (): Iterable<SdpSessionRecord> => sessions.values(),

    /** Takes the peer in and opens its session; where that fails, or `after` does, neither is left. */
    async begin(
      peer: Peer,
      open: (onClosed: () => void) => Promise<OfferSession>,
      after: () => Promise<void>,
    ): Promise<SdpAnswer> {
      const sessionId = randomBytes(18).toString('base64url');
      peers.admit(peer);
      try {
        const media = await throughMedia(() =>
          open(() => {
            sessions.delete(sessionId);
            peers.remove(peer);
          }),
        );
        sessions.set(sessionId, { peer, media });
        await after();
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
    async patch(...[caller, at, condition, fragment]: Parameters<SdpDoor['patch']>) {
      const { media } = await requireOwn(caller, at);
      if (!condition.any && !condition.names.includes(media.iceSession))
        throw new HubError('precondition.failed', { message: 'This is not the present ICE session' });
      const ours = await throughMedia(() => media.patchIce(fragment));
      return ours === null ? null : { fragment: ours, iceSession: media.iceSession };
    },

    async end(...[caller, at]: Parameters<SdpDoor['end']>): Promise<void> {
      const { media } = await requireOwn(caller, at);
      media.close();
    },
  };
}

/** A peer that has no page. */
export function peerWithoutPage(
  way: 'whip' | 'whep',
  caller: Caller,
  stage: Stage,
  about: Peer['about'],
): Peer {
  const id = `${way}-${newId<'peer'>()}`;
  return {
    ...{ id, way, broadcastId: stage.id, deviceId: id, about, generation: stage.generation },
    accountId: caller?.accountId,
    personId: caller?.personId,
    role: way === 'whip' ? 'publisher' : 'viewer',
    socketId: undefined,
  };
}
