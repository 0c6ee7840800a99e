import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EncoderAdmission, EncoderGate, MediaPlane } from '../../media/contract.ts';
import type { Actor } from '../platform/access/actor.ts';
import { addressKey } from '../platform/address-key.ts';
import { may, type Circumstances } from '../platform/access/decide.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError, type ErrorCode } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { Vault } from '../platform/vault.ts';
import type { Announce } from '../realtime/connection.ts';
import { stageStanding, type Floor } from './floor.ts';
import { ensureNoSecond, ensurePlaceOnAir, takeOver } from './going-on-air.ts';
import type { EncoderNews } from './messages.ts';
import { nextOnAir } from './next-on-air.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import type { Rights } from './ports.ts';
import { isOpen } from './rules.ts';
import type { Scene } from './scene.ts';
import { findBroadcast, listOpenOf, type BroadcastRow } from './store.ts';
import { findLivingKey, type StreamKeyRow } from './stream-key-store.ts';
import { hashStreamKey } from './stream-keys.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';
import { openWrongKeys } from './wrong-keys.ts';

/** How long the key of an address that tried many wrong ones has to wait. */
const SLOW_MS = 1_000;

/** Someone else is on the air: encoders are refused without a word. */
const REFUSALS = new Set<ErrorCode>(['stage.full', 'broadcast.live-elsewhere']);

interface Connected extends EncoderAdmission {
  keyId: string;
  peer: Peer;
}

/** Encoders that push by RTMP: who is let in, to which broadcast, and what their host is told of them. */
export function openEncoders(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  vault: Vault;
  plane: MediaPlane;
  announce: Announce;
  peers: Peers;
  onAir: OnAir;
  floor: Floor;
  scene: Scene;
  membership: Belonging;
  rights: Rights;
}) {
  const { db, clock, log, plane, announce, peers, onAir } = parts;
  const connected = new Map<string, Connected>();
  /** Keys whose encoder gave way to a page of the same account: it must not take the air back by trying again by itself. */
  const gaveWay = new Set<string>();
  const news = new Map<string, EncoderNews>();
  const wrongKeys = openWrongKeys(clock);

  function connectedOf(broadcastId: string, accountId: string | undefined): Connected | undefined {
    return [...connected.values()].find(
      (one) => one.broadcastId === broadcastId && one.peer.accountId === accountId,
    );
  }

  async function targetOf(key: StreamKeyRow): Promise<BroadcastRow | undefined> {
    if (key.broadcastId !== null) return findBroadcast(db, key.broadcastId);
    return nextOnAir(await listOpenOf(db, key.accountId), clock.now());
  }

  /** The account behind a key and its broadcast, where it may publish there now. */
  async function publisherBy(
    key: StreamKeyRow,
  ): Promise<{ actor: Actor; row: BroadcastRow; about: Circumstances } | undefined> {
    const row = await targetOf(key);
    const actor = await parts.rights.actorOf(key.accountId);
    if (!actor || !row || !isOpen(row.state)) return undefined;
    const about = await circumstancesOf(row, actor, parts.membership);
    return may(actor, 'broadcast.publish', about) ? { actor, row, about } : undefined;
  }

  async function stillMay(keyHash: string, key: StreamKeyRow, row: BroadcastRow): Promise<boolean> {
    if (!(await findLivingKey(db, keyHash))) return false;
    const fresh = await findBroadcast(db, row.id);
    const actor = await parts.rights.actorOf(key.accountId);
    if (!fresh || !isOpen(fresh.state) || !actor) return false;
    return may(actor, 'broadcast.publish', await circumstancesOf(fresh, actor, parts.membership));
  }

  function pageIsOnAir(broadcastId: string, accountId: string | undefined): boolean {
    const producers = onAir.stage(broadcastId)?.media.producers() ?? [];
    return producers.some(({ peerId }) => {
      const peer = peers.byId(peerId);
      return peer !== undefined && peer.accountId === accountId && peer.socketId !== undefined;
    });
  }

  const admit: EncoderGate['admit'] = async ({ streamKey, address }) => {
    const keyHash = hashStreamKey(parts.vault, streamKey);
    const from = addressKey(address);
    if (wrongKeys.isKnown(from, keyHash)) return undefined;
    if (wrongKeys.isMany(from)) await wait(SLOW_MS);
    const key = await findLivingKey(db, keyHash);
    if (!key) {
      wrongKeys.note(from, keyHash);
      log.info({ address }, 'an encoder came with a key that is not valid');
      return undefined;
    }
    const publisher = await publisherBy(key);
    const stage = publisher && (await onAir.ensureStage(publisher.row.id));
    if (!publisher || !stage) return undefined;
    const { actor, row, about } = publisher;
    ensurePlaceOnAir(await parts.floor.read(row.id), parts.scene, row, actor.accountId);
    if (gaveWay.has(key.id) && pageIsOnAir(row.id, actor.accountId)) return undefined;
    const peer: Peer = {
      id: `rtmp-${randomUUID()}`,
      broadcastId: row.id,
      deviceId: `rtmp-${key.id}`,
      accountId: actor.accountId,
      personId: actor.personId,
      role: 'publisher',
      about,
      generation: stage.generation,
      socketId: undefined,
    };
    ensureNoSecond(peers, stage.media, row, peer);
    const other = connectedOf(row.id, actor.accountId);
    peers.admit(peer);
    connected.set(peer.id, { broadcastId: row.id, peerId: peer.id, keyId: key.id, peer });
    const leave = (): void => {
      connected.delete(peer.id);
      peers.remove(peer);
    };
    // Whoever changed the key or took the floor back before that did not know of this encoder yet.
    const stays = await stillMay(keyHash, key, row).catch((error: unknown) => {
      leave();
      throw error;
    });
    if (!stays) {
      leave();
      return undefined;
    }
    gaveWay.delete(key.id);
    // A connection that hangs, or a second encoder: the newest is the one that is meant.
    if (other) plane.disconnectEncoder(other.peerId, 'The stream goes on from another encoder');
    takeOver({ peers, announce }, stage.media, peer);
    return { broadcastId: row.id, peerId: peer.id };
  };

  /** To every page of the account whose encoder it is. */
  function tell({ broadcastId, accountId }: Peer, told: EncoderNews): void {
    news.set(newsKey(broadcastId, accountId), told);
    for (const page of peers.inBroadcast(broadcastId))
      if (page.accountId === accountId && page.socketId !== undefined)
        announce(page.socketId, 'broadcast:encoder', told);
  }

  plane.admitEncoders({
    admit: async (request) => {
      try {
        return await admit(request);
      } catch (error) {
        if (error instanceof HubError && REFUSALS.has(error.code)) return undefined;
        // A database that is busy, a worker that is being replaced: encoders try again by themselves.
        log.error({ err: error }, 'an encoder could not be let in');
        return undefined;
      }
    },
    seen: ({ peerId }, { facts, advice }) => {
      const encoder = connected.get(peerId);
      if (encoder) tell(encoder.peer, { connected: true, facts, advice });
    },
    gone: ({ broadcastId, peerId }) => {
      const encoder = connected.get(peerId);
      if (!encoder) return;
      connected.delete(peerId);
      const { accountId } = encoder.peer;
      if (pageIsOnAir(broadcastId, accountId)) gaveWay.add(encoder.keyId);
      peers.remove(encoder.peer);
      const last = news.get(newsKey(broadcastId, accountId));
      if (last && !connectedOf(broadcastId, accountId)) tell(encoder.peer, { ...last, connected: false });
      if (!onAir.stage(broadcastId)) news.delete(newsKey(broadcastId, accountId));
    },
  });

  return {
    /** What is known of the account's encoder that pushes, or pushed last, to a broadcast whose room is open. */
    newsOf: (broadcastId: string, accountId: string): EncoderNews | null =>
      news.get(newsKey(broadcastId, accountId)) ?? null,

    /** Sends away whoever publishes with that key. */
    keyEnded(keyId: string): void {
      for (const encoder of connected.values())
        if (encoder.keyId === keyId) plane.disconnectEncoder(encoder.peerId, 'The stream key was changed');
    },

    /** An account's rights changed: its encoders go where it may no longer publish. */
    async recheck(accountId: string): Promise<void> {
      for (const { peerId, peer } of connected.values()) {
        if (peer.accountId !== accountId) continue;
        const actor = await parts.rights.actorOf(accountId);
        const standing = stageStanding(await parts.floor.standingOf(peer.broadcastId, accountId));
        if (!may(actor, 'broadcast.publish', { ...peer.about, standing }))
          plane.disconnectEncoder(peerId, 'This account may not publish any more');
      }
    },
  };
}

const newsKey = (broadcastId: string, accountId: string | undefined) => `${broadcastId} ${accountId}`;
