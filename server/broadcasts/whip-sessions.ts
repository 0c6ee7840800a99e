import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, may } from '../platform/access/decide.ts';
import type { Clock } from '../platform/clock.ts';
import { HubError } from '../platform/errors.ts';
import type { Announce } from '../realtime/connection.ts';
import { stageStanding, type Floor } from './floor.ts';
import { ensureNoSecond, ensurePlaceOnAir, takeOver } from './going-on-air.ts';
import type { OnAir } from './on-air.ts';
import type { Peers } from './peers.ts';
import type { Rights } from './ports.ts';
import { isOpen } from './rules.ts';
import type { Scene } from './scene.ts';
import { openSdpSessions, peerWithoutPage, type SdpDoor } from './sdp-sessions.ts';
import type { BroadcastRow } from './store.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

/** Clients that publish by WHIP (RFC 9725). */
export function openWhip(parts: {
  clock: Clock;
  announce: Announce;
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  membership: Belonging;
  rights: Rights;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}): SdpDoor & { recheck(accountId: string): Promise<void> } {
  const { announce, peers, onAir, floor } = parts;
  const sessions = openSdpSessions({ ...parts, ensureMay: publishing });

  /** The actor and the row, where the caller may publish there now. */
  async function publishing(caller: Caller, broadcastId: string) {
    const row = await parts.requireBroadcast(broadcastId);
    const about = await circumstancesOf(row, caller, parts.membership);
    return { row, about, actor: actorWhoMay(caller, 'broadcast.publish', about) };
  }

  return {
    patch: sessions.patch,
    end: sessions.end,

    /**
     * Publishes what is offered; whatever else the account has on the air gives way, where the broadcast lets it. Throws
     * `sdp.malformed`, `sdp.unacceptable`, `broadcast.ended`, `broadcast.live-elsewhere`, `stage.full`.
     */
    async open(caller, broadcastId, sdp) {
      const { row, about, actor } = await publishing(caller, broadcastId);
      const stage = isOpen(row.state) ? await onAir.ensureStage(row.id) : undefined;
      if (!stage) throw new HubError('broadcast.ended');
      const peer = peerWithoutPage('whip', actor, stage, about);
      ensurePlaceOnAir(await floor.read(row.id), parts.scene, row, actor.accountId);
      ensureNoSecond(peers, stage.media, row, peer);
      return sessions.begin(
        caller,
        peer,
        (onClosed) => stage.media.publishOffer({ peerId: peer.id, sdp, onClosed }),
        async () => {
          takeOver({ peers, announce }, stage.media, peer);
          // The floor may have been taken back meanwhile.
          await publishing(caller, broadcastId);
        },
      );
    },

    /** An account's rights or tokens changed: its sessions end where they may no longer publish. */
    recheck: (accountId) =>
      sessions.recheck(accountId, async (caller, { broadcastId, about }) => {
        const standing = stageStanding(await floor.standingOf(broadcastId, accountId));
        return may(caller, 'broadcast.publish', { ...about, standing });
      }),
  };
}
