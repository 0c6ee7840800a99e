import type { Caller } from '../platform/access/actor.ts';
import { ensureMay, may } from '../platform/access/decide.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import type { Rights } from './ports.ts';
import { isOpen } from './rules.ts';
import { openSdpSessions, peerWithoutPage, type SdpDoor } from './sdp-sessions.ts';
import type { BroadcastRow } from './store.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

/** When a player that came too early should ask again. */
const RETRY_SECONDS = 2;

/** Players that receive by WHEP (draft-ietf-wish-whep), the client making the offer. */
export function openWhep(parts: {
  clock: Clock;
  peers: Peers;
  onAir: OnAir;
  membership: Belonging;
  rights: Rights;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
  onEntered: (peer: Peer) => void;
}): SdpDoor & { recheck(accountId: string): Promise<void> } {
  const { onAir } = parts;
  const sessions = openSdpSessions({ ...parts, ensureMay: watching });

  async function watching(caller: Caller, broadcastId: string) {
    const row = await parts.requireBroadcast(broadcastId);
    const about = await circumstancesOf(row, caller, parts.membership);
    ensureMay(caller, 'broadcast.watch', about);
    return { row, about };
  }

  return {
    patch: sessions.patch,
    end: sessions.end,

    /**
     * Sends what is on stage. Throws `broadcast.not-live` with a time to ask again while nothing is, `broadcast.ended`,
     * `media.full`, `sdp.malformed`, `sdp.unacceptable`.
     */
    async open(caller, broadcastId, sdp) {
      const { row, about } = await watching(caller, broadcastId);
      if (!isOpen(row.state)) throw new HubError('broadcast.ended');
      const stage = onAir.stage(row.id);
      if (!stage || stage.media.producers().length === 0)
        throw new HubError('broadcast.not-live', { params: { retryAfterSeconds: RETRY_SECONDS } });
      const peer = peerWithoutPage('whep', caller, stage, about);
      return sessions.begin(
        caller,
        peer,
        (onClosed) => stage.media.playOffer({ peerId: peer.id, sdp, onClosed }),
        async () => parts.onEntered(peer),
      );
    },

    /** An account's rights or tokens changed: its players end where they may no longer watch. */
    recheck: (accountId) =>
      sessions.recheck(accountId, async (caller, { broadcastId }) => {
        // Without the token it came by, a player is nobody: that it could watch as a guest does not keep it.
        if (!caller) return false;
        const row = await parts.requireBroadcast(broadcastId);
        return may(caller, 'broadcast.watch', await circumstancesOf(row, caller, parts.membership));
      }),
  };
}
