import type { Registry } from 'prom-client';
import type { ClipHandle, HlsSource, MediaPlane } from '../../media/contract.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import { subtreePrefix } from '../platform/access/actor.ts';
import { closeInOrder } from '../platform/close-in-order.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { Logger } from '../platform/log.ts';
import type { Vault } from '../platform/vault.ts';
import type { Realtime } from '../realtime/service.ts';
import type { Regions } from '../regions/service.ts';
import { openChat } from './chat.ts';
import { ownRegion, plannedRow, type NewBroadcast } from './create.ts';
import { removeIfMute } from './ghosts.ts';
import { registerHealthMetrics } from './health-metrics.ts';
import { openHealthNews } from './health-news.ts';
import { broadcastsProbe, registerBroadcastMetrics } from './health.ts';
import { openCohosts } from './cohosts.ts';
import { openFloor } from './floor.ts';
import { openEncoders } from './encoders.ts';
import { openPathTokens } from '../platform/playback/path-token.ts';
import { throughMedia } from './media-errors.ts';
import type { BroadcastView, StreamKeyInfo } from './messages.ts';
import { openOnAir } from './on-air.ts';
import { countViewers, Peers, type Peer } from './peers.ts';
import { openPlayback } from './playback.ts';
import type {
  Accounts,
  ChatNames,
  Homes,
  Membership,
  PresenceThresholds,
  Rights,
  Transactions,
} from './ports.ts';
import { openPresence } from './presence.ts';
import { openRecordings } from './recordings.ts';
import { openRetention } from './retention.ts';
import type { RetentionDays } from './retention-rules.ts';
import { trimQuery, type Trim } from './trim.ts';
import { openRecordingIndex } from './recording-index.ts';
import { roomMessages } from './room-messages.ts';
import { isOpen, type BroadcastState } from './rules.ts';
import { openScene } from './scene.ts';
import { stageMessages } from './stage-messages.ts';
import { signallingMessages } from './signalling.ts';
import { reliveBroadcast } from './relive.ts';
import { findBroadcast, findBroadcasts, insertBroadcast, type BroadcastRow } from './store.ts';
import { openWhep } from './whep-sessions.ts';
import { openWhip } from './whip-sessions.ts';
import { openStreamKeys, type NewStreamKey } from './stream-keys.ts';
import { listVisible } from './list-visible.ts';
import { openViewerNews } from './viewer-news.ts';
import { viewOf } from './view.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

export type { PresenceReached, StateChanged } from './events.ts';
export type { NewBroadcast } from './create.ts';

const LIST_LIMIT = 50;
/** How long one part may take to close before the others go on without it. */
const CLOSE_LIMIT_MS = 12_000;

export type Broadcasts = ReturnType<typeof openBroadcasts>;

/** Live rooms of any kind: their life, media, chat, presence, recording and replay. */
export function openBroadcasts(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  vault: Vault;
  metrics: Registry;
  plane: MediaPlane;
  regions: Regions;
  realtime: Realtime;
  names: ChatNames;
  accounts: Accounts;
  homes: Homes;
  rights: Rights;
  membership: Membership;
  thresholds: PresenceThresholds;
  pingSeconds: number;
  /** A trainer whose power fails may come back within this time and go on at the same address. */
  graceMinutes: number;
  /** Where encoders reach the hub, if not at the name its pages are asked for by. */
  rtmpHost: string | undefined;
  retentionDays: RetentionDays;
  transactions?: Transactions;
}) {
  const { db, clock, log, plane, regions, realtime } = parts;
  const { announce } = realtime;
  const floor = openFloor({ db, clock });
  const membership: Belonging = { ...parts.membership, standingOf: floor.standingOf };
  const presence = openPresence(parts);
  const index = openRecordingIndex(parts);
  const peers = new Peers((peer) => leave(peer));
  const viewerNews = openViewerNews(announce, (id) => countViewers(peers.inBroadcast(id)));
  const onAir = openOnAir({
    ...{ db, clock, log, plane, announce, presence, index },
    graceMs: parts.graceMinutes * 60_000,
    groupOfPeer: (peerId) => peers.byId(peerId)?.socketId,
    onPictures: (broadcastId) => scene.changed(broadcastId),
  });
  const scene = openScene({
    ...{ log, peers, floor, names: parts.names, announce, requireBroadcast },
    onAir: () => onAir,
  });
  const playback = openPlayback({ db, plane, onAir });
  const recordings = openRecordings({
    ...{ db, clock, plane, membership, requireBroadcast },
  });
  const retention = openRetention({
    ...{ db, clock, plane },
    days: parts.retentionDays,
    ...(parts.transactions ? { transactions: parts.transactions } : {}),
    onRemoved: (id) => recordings.forget(id),
  });
  const tokens = openPathTokens(parts);
  const chat = openChat({ db, clock, names: parts.names });

  const encoders = openEncoders({ ...parts, announce, peers, onAir, floor, scene, membership });
  const whip = openWhip({
    ...{ clock, announce, peers, onAir, floor, scene, membership, rights: parts.rights, requireBroadcast },
  });
  const whep = openWhep({
    ...{ clock, peers, onAir, membership, rights: parts.rights, requireBroadcast },
    onEntered: (peer) => viewerNews.changed(peer.broadcastId),
  });
  const streamKeys = openStreamKeys({
    ...{ db, clock, vault: parts.vault, rtmpPort: plane.rtmpPort, rtmpHost: parts.rtmpHost },
    onEnded: (keyId) => encoders.keyEnded(keyId),
  });

  function leave(peer: Peer): void {
    onAir.stage(peer.broadcastId)?.media.closePeer(peer.id);
    viewerNews.changed(peer.broadcastId);
    if (peer.accountId !== undefined) scene.changed(peer.broadcastId);
    if (peer.role !== 'publisher') return;
    const inUse = () => peers.inBroadcast(peer.broadcastId).some(({ role }) => role === 'publisher');
    onAir
      .closeUnused(peer.broadcastId, inUse)
      .catch((error: unknown) => log.error({ err: error }, 'an unused room could not be closed'));
  }

  async function requireBroadcast(id: string): Promise<BroadcastRow> {
    const row = await findBroadcast(db, id);
    if (!row) throw new HubError('not-found', { message: `There is no broadcast ${id}` });
    return row;
  }

  async function view(row: BroadcastRow, caller: Caller): Promise<BroadcastView> {
    const viewers = countViewers(peers.inBroadcast(row.id));
    return viewOf(row, caller, await circumstancesOf(row, caller, membership), { viewers });
  }

  /** The holder of a broadcast's key: who asks, where they may publish. */
  async function keyHolder(
    caller: Caller,
    id: string,
    action: 'broadcast.publish' | 'stream-key.make' = 'broadcast.publish',
  ) {
    const row = await requireBroadcast(id);
    const about = await circumstancesOf(row, caller, membership);
    const { accountId } = actorWhoMay(caller, action, about);
    return { row, holder: { accountId, broadcastId: id } };
  }

  realtime.register(
    roomMessages({
      ...{ clock, peers, onAir, announce, chat, presence, floor, scene, membership, requireBroadcast, view },
      pingSeconds: parts.pingSeconds,
      onEntered(peer) {
        viewerNews.changed(peer.broadcastId);
        if (peer.accountId !== undefined) scene.changed(peer.broadcastId);
      },
    }),
  );
  realtime.register(signallingMessages({ peers, onAir, floor, scene, announce, requireBroadcast }));
  /** Ends what an account has on the air without a page, and what it watches by WHEP, where it may do so no more. */
  async function recheckEncoders(accountId: string): Promise<void> {
    await Promise.all([encoders.recheck(accountId), whip.recheck(accountId), whep.recheck(accountId)]);
  }
  realtime.register(
    stageMessages({ peers, onAir, floor, scene, announce, recheckEncoders, requireBroadcast }),
  );
  realtime.onGone((socketId, silent) => {
    const peer = peers.drop(socketId);
    if (!peer || !silent) return;
    const media = onAir.stage(peer.broadcastId)?.media;
    removeIfMute(peer, peers, media).catch((error: unknown) =>
      log.error({ err: error }, 'a page that fell silent could not be looked after'),
    );
  });
  const healthNews = openHealthNews({ onAir, peers, announce, log });
  registerHealthMetrics(parts.metrics, { onAir, peers });
  registerBroadcastMetrics(parts.metrics, { plane, onAir, presence, index }, () => peers.countViewers());

  return {
    ...openCohosts({
      ...{ peers, onAir, floor, scene, announce, membership, recheckEncoders, requireBroadcast },
      ...{ names: parts.names, accounts: parts.accounts },
    }),
    readPicture: recordings.readPicture,
    readRecordingFacts: recordings.readFacts,
    openDownload: recordings.openDownload,
    listExpiring: retention.listExpiring,
    retentionJob: retention.job,

    /** What the replay and the download show from now on. Throws `recording.none`. */
    async trim(caller: Caller, id: string, wished: Trim | null): Promise<BroadcastView> {
      return view(await recordings.trim(caller, id, wished), caller);
    },

    async hold(caller: Caller, id: string, reason: string | null): Promise<{ holdReason: string | null }> {
      const { holdReason } = await recordings.hold(caller, id, reason);
      return { holdReason };
    },

    probe: broadcastsProbe({ plane, onAir, presence, index }),

    /** Plans a broadcast, to be linked or opened later. */
    async createBroadcast(caller: Caller, input: NewBroadcast): Promise<BroadcastView> {
      ensureMay(caller, 'broadcast.create', { regionCode: input.regionCode });
      const actor = actorWhoMay(caller, 'broadcast.create');
      const regionCode =
        input.regionCode ??
        ownRegion(actor) ??
        (await parts.homes.requirePerson(actor.personId)).homeRegionCode;
      await regions.requireRegion(regionCode);
      const row = plannedRow({ ...input, regionCode }, actor.accountId, instant(clock.now()));
      await insertBroadcast(db, row);
      return view(row, caller);
    },

    /** Those the caller may see, newest first; `before` is the id of the last one of the page before. */
    async listBroadcasts(
      caller: Caller,
      filter: { states?: BroadcastState[]; regionCode?: string; before?: string },
    ): Promise<BroadcastView[]> {
      ensureMay(caller, 'broadcast.list');
      const listed = await listVisible({ db, membership }, caller, {
        states: filter.states,
        regionPrefix: filter.regionCode && subtreePrefix(filter.regionCode),
        before: filter.before,
        limit: LIST_LIMIT,
      });
      return listed.map(({ row, about }) =>
        viewOf(row, caller, about, { viewers: countViewers(peers.inBroadcast(row.id)) }),
      );
    },

    async readBroadcast(caller: Caller, id: string): Promise<BroadcastView> {
      const row = await requireBroadcast(id);
      ensureMay(caller, 'broadcast.read', await circumstancesOf(row, caller, membership));
      return view(row, caller);
    },

    /** Ends it for good; the replay stands at the same address when this resolves. What has ended stays as it is. */
    async endBroadcast(caller: Caller, id: string): Promise<BroadcastView> {
      const row = await requireBroadcast(id);
      ensureMay(caller, 'broadcast.end', await circumstancesOf(row, caller, membership));
      await onAir.end(id, 'asked');
      return view(await requireBroadcast(id), caller);
    },

    /** How an encoder is set up for a broadcast, and what is seen of it. `askedHost`: the name the page was reached by. */
    async readStreamKey(caller: Caller, id: string, askedHost: string): Promise<StreamKeyInfo> {
      const { holder } = await keyHolder(caller, id);
      const createdAt = await streamKeys.madeAt(holder);
      return {
        url: streamKeys.addressFor(askedHost),
        createdAt,
        encoder: encoders.newsOf(id, holder.accountId),
      };
    },

    /** Makes or changes the key of a broadcast. An encoder that publishes with the earlier one is cut off at once. */
    async makeStreamKey(caller: Caller, id: string, askedHost: string): Promise<NewStreamKey> {
      const { row, holder } = await keyHolder(caller, id, 'stream-key.make');
      if (!isOpen(row.state)) throw new HubError('broadcast.ended');
      return streamKeys.make(holder, askedHost);
    },

    async revokeStreamKey(caller: Caller, id: string): Promise<void> {
      const { holder } = await keyHolder(caller, id, 'stream-key.make');
      await streamKeys.revoke(holder);
    },

    /** The caller's own key: it publishes to whichever of their broadcasts is on, or else is next. */
    ownStreamKey: {
      async read(caller: Caller, askedHost: string): Promise<Omit<StreamKeyInfo, 'encoder'>> {
        const { accountId } = actorWhoMay(caller, 'stream-key.own');
        const createdAt = await streamKeys.madeAt({ accountId, broadcastId: null });
        return { url: streamKeys.addressFor(askedHost), createdAt };
      },
      async make(caller: Caller, askedHost: string): Promise<NewStreamKey> {
        const { accountId } = actorWhoMay(caller, 'stream-key.own');
        return streamKeys.make({ accountId, broadcastId: null }, askedHost);
      },
      async revoke(caller: Caller): Promise<void> {
        const { accountId } = actorWhoMay(caller, 'stream-key.own');
        await streamKeys.revoke({ accountId, broadcastId: null });
      },
    },

    whip,
    whep,

    /** An account's rights changed. */
    recheckEncoders,

    /** The source for someone who may watch, and where below its master playlist all else is served today. */
    async openPlaylist(caller: Caller, id: string) {
      const row = await requireBroadcast(id);
      ensureMay(caller, 'broadcast.watch', await circumstancesOf(row, caller, membership));
      const source: HlsSource = await playback.sourceOf(row);
      return { source, folderUri: `${tokens.today(id)}/`, query: trimQuery(row) };
    },

    /** The source for whoever holds a path token of today or yesterday. */
    async openByToken(caller: Caller, id: string, token: string): Promise<HlsSource> {
      ensureMay(caller, 'broadcast.segments');
      if (!tokens.isGood(id, token))
        throw new HubError('access.denied', { message: 'The address has expired: open the playlist again' });
      return playback.openSourceOf(id) ?? playback.sourceOf(await requireBroadcast(id));
    },

    /** For rooms above: what they must know of broadcasts they are linked to. */
    async broadcastsById(ids: readonly string[]): Promise<Map<string, BroadcastRow>> {
      return new Map((await findBroadcasts(db, ids)).map((row) => [row.id, row]));
    },

    /** Effective seconds of everyone who was there, or of those named, by person id. */
    effectiveSecondsByPerson: (broadcastId: string, personIds?: readonly string[]) =>
      presence.effectiveSecondsByPerson(broadcastId, personIds),

    /** The sample's publisher: loops a clip (H.264 without B-frames, AAC) into a broadcast until the handle is closed. */
    async loopClip(broadcastId: string, file: string): Promise<ClipHandle> {
      const stage = await onAir.ensureStage(broadcastId);
      if (!stage) throw new HubError('broadcast.ended');
      return throughMedia(() => stage.media.playClip({ peerId: `clip-${broadcastId}`, file }));
    },

    /** For the sample: no route may lead here. */
    systemOnly: {
      relive: (broadcastId: string, past: Parameters<typeof reliveBroadcast>[2]) =>
        reliveBroadcast(parts, broadcastId, past),
    },

    readFormats: () => plane.routerRtpCapabilities,

    /** Called once after every room is open: what was on the air when the hub stopped goes on. */
    reopenUnfinished: () => onAir.reopenUnfinished(),

    /** Finishes recordings and writes what waits. Sockets are closed before, the media plane and the database after. */
    async close(): Promise<void> {
      await closeInOrder(
        [
          ['viewer news', () => viewerNews.close()],
          ['health news', () => healthNews.close()],
          ['what is on the air', () => onAir.close()],
          ['peers', () => peers.close()],
          ['what is on stage', () => scene.close()],
          ['presence', () => presence.close()],
        ],
        CLOSE_LIMIT_MS,
      );
    },
  };
}
