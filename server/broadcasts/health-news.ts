import type { BroadcastHealth, StagePicture, StreamHealth } from '../../media/contract.ts';
import type { Logger } from '../platform/log.ts';
import type { Announce } from '../realtime/connection.ts';
import type { HealthNews } from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peer, Peers } from './peers.ts';
import { groupOf, type Stage } from './stage.ts';

const EVERY_MS = 2_000;
/** From here on viewers see what is lost on the host's way to the hub. */
const WEAK_LOSS_SHARE = 0.05;
const WEAK_ROUND_TRIP_MS = 600;

/** How a broadcast fares, told every two seconds to those in its room who host it. */
export function openHealthNews(parts: { onAir: OnAir; peers: Peers; announce: Announce; log: Logger }) {
  const { onAir, peers, announce, log } = parts;
  const weakLines = new Set<string>();

  async function tell(stage: Stage): Promise<void> {
    const there = peers.inBroadcast(stage.id);
    if (there.length === 0 || stage.media.producers().length === 0) return;
    const health = await stage.media.health();
    const news = healthNews(health, there);
    tellLine(stage.id, isWeakLine(hostsOnStage(health.streams, stage.media.stageShown.pictures, there)));
    const hosts = there.filter(({ role, socketId }) => role === 'publisher' && socketId !== undefined);
    for (const { socketId } of hosts)
      if (socketId !== undefined) announce(socketId, 'broadcast:health', news);
  }

  /** Again and again while it is weak, for whoever comes meanwhile. */
  function tellLine(broadcastId: string, weak: boolean): void {
    const changed = weak !== weakLines.has(broadcastId);
    if (weak) weakLines.add(broadcastId);
    else weakLines.delete(broadcastId);
    if (weak || changed) announce(groupOf(broadcastId), 'broadcast:host-line', { weak });
  }

  const timer = setInterval(() => {
    const open = onAir.stages();
    for (const id of weakLines) if (!open.some((stage) => stage.id === id)) weakLines.delete(id);
    for (const stage of open)
      tell(stage).catch((error: unknown) =>
        log.error({ err: error, broadcastId: stage.id }, 'how a broadcast fares could not be told'),
      );
  }, EVERY_MS);
  timer.unref();

  return {
    close(): void {
      clearInterval(timer);
    },
  };
}

/**
 * What viewers see and hear of those who host. Whoever was given the floor sends by a line of their own, and a picture
 * that waits off stage is nobody's trouble; every sound is heard.
 */
export function hostsOnStage<Stream extends Pick<StreamHealth, 'peerId' | 'kind' | 'source'>>(
  streams: readonly Stream[],
  shown: readonly StagePicture[],
  peers: readonly Pick<Peer, 'id' | 'role'>[],
): Stream[] {
  const others = new Set(peers.filter(({ role }) => role === 'viewer').map(({ id }) => id));
  return streams.filter(
    ({ peerId, kind, source }) =>
      !others.has(peerId) &&
      (kind === 'audio' || shown.some((picture) => picture.peerId === peerId && picture.source === source)),
  );
}

/** Whether what the viewers see amiss begins before the hub. */
export function isWeakLine(streams: HealthNews['streams']): boolean {
  return streams.some(
    ({ paused, lossShare, roundTripMs }) =>
      !paused && (lossShare > WEAK_LOSS_SHARE || (roundTripMs ?? 0) > WEAK_ROUND_TRIP_MS),
  );
}

/**
 * Viewers by their way: by WebRTC in a page, by WHEP without one, and by HLS whoever else is in the room. Players
 * outside our pages that fetch HLS from a cache are nobody's to count.
 */
export function healthNews(health: BroadcastHealth, peers: readonly Peer[]): HealthNews {
  const receiving = new Set(health.receivingPeerIds);
  const pages = new Set(
    peers.filter(({ role, way }) => role === 'viewer' && way === undefined).map(({ id }) => id),
  );
  const hosts = new Set(peers.filter(({ role }) => role === 'publisher').map(({ id }) => id));
  const webrtc = [...pages].filter((id) => receiving.has(id)).length;
  const whep = [...receiving].filter((id) => !pages.has(id) && !hosts.has(id)).length;
  return {
    streams: health.streams.map(
      ({ kind, source, paused, bitsPerSecond, lossShare, roundTripMs, keyframeIntervalMs }) => ({
        ...{ kind, source, paused, bitsPerSecond, lossShare, roundTripMs, keyframeIntervalMs },
      }),
    ),
    viewers: { webrtc, whep, hls: pages.size - webrtc },
    hlsBehindMs: health.hlsBehindMs,
    refusedRenditions: health.refusedRenditions,
  };
}
