import { randomBytes } from 'node:crypto';
import type { OfferSession } from '../../media/contract.ts';
import type { Caller } from '../platform/access/actor.ts';
import { instant, type Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { throughMedia } from './media-errors.ts';
import type { Peer, Peers } from './peers.ts';
import type { Rights } from './ports.ts';
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

interface SdpSessionRecord {
  /** As whoever opened it was then. */
  caller: Caller;
  peer: Peer;
  media: OfferSession;
}

/** How soon after a token's end its sessions end. */
const LOOK_AT_TOKENS_MS = 2_000;

/**
 * Sessions that clients hold by HTTP, by WHIP or by WHEP. Each is its account's own, and has an address that nobody
 * guesses, and lives no longer than the token it was opened with. `ensureMay` throws where the caller may not have one
 * of that broadcast (any more).
 */
export function openSdpSessions(parts: {
  clock: Clock;
  peers: Peers;
  rights: Rights;
  ensureMay: (caller: Caller, broadcastId: string) => Promise<unknown>;
}) {
  const { clock, peers, rights, ensureMay } = parts;
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

  /** Nobody tells of a token that comes to its end by itself. Returns what stops it. */
  function endWithToken({ caller, media }: SdpSessionRecord): () => void {
    const expiresAt = caller?.token?.expiresAt;
    if (expiresAt === undefined) return () => undefined;
    const timer = setInterval(() => {
      if (expiresAt <= instant(clock.now())) media.close();
    }, LOOK_AT_TOKENS_MS);
    timer.unref();
    return () => clearInterval(timer);
  }

  return {
    /** An account's rights or tokens changed: sessions end where `mayStay` does not hold for the caller as it is now. */
    async recheck(
      accountId: string,
      mayStay: (caller: Caller, peer: Peer) => Promise<boolean>,
    ): Promise<void> {
      for (const { caller, peer, media } of sessions.values()) {
        if (!caller || peer.accountId !== accountId) continue;
        if (!(await mayStay(await rights.again(caller), peer))) media.close();
      }
    },

    /** Takes the peer in and opens its session; where that fails, or `after` does, neither is left. */
    async begin(
      caller: Caller,
      peer: Peer,
      open: (onClosed: () => void) => Promise<OfferSession>,
      after: () => Promise<void>,
    ): Promise<SdpAnswer> {
      const sessionId = randomBytes(18).toString('base64url');
      peers.admit(peer);
      let isOver = false;
      let stopLooking = (): void => undefined;
      try {
        const media = await throughMedia(() =>
          open(() => {
            isOver = true;
            stopLooking();
            sessions.delete(sessionId);
            peers.remove(peer);
          }),
        );
        // Its transport, or the broadcast, ended as it was opened.
        if (isOver) throw new HubError('broadcast.not-live', { params: { retryAfterSeconds: 1 } });
        const session = { caller, peer, media };
        sessions.set(sessionId, session);
        stopLooking = endWithToken(session);
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
