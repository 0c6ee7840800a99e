import type { Caller } from '../platform/access/actor.ts';
import { ensureMay, may } from '../platform/access/decide.ts';
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
  peers: Peers;
  onAir: OnAir;
  membership: Belonging;
  rights: Rights;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
  onEntered: (peer: Peer) => void;
}): SdpDoor & { recheck(accountId: string): Promise<void> } {
  const { peers, onAir } = parts;
  const sessions = openSdpSessions(peers, watching);

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
        peer,
        (onClosed) => stage.media.playOffer({ peerId: peer.id, sdp, onClosed }),
        async () => parts.onEntered(peer),
      );
    },

    /** An account's rights changed: its players end where it may no longer watch. */
    async recheck(accountId) {
      for (const { peer, media } of sessions.all()) {
        if (peer.accountId !== accountId) continue;
        const actor = await parts.rights.actorOf(accountId);
        const row = await parts.requireBroadcast(peer.broadcastId);
        if (!may(actor, 'broadcast.watch', await circumstancesOf(row, actor, parts.membership)))
          media.close();
      }
    },
  };
}
