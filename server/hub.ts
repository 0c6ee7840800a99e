import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Config } from './platform/config.ts';
import type { Clock } from './platform/clock.ts';
import { openDatabase } from './platform/database/open.ts';
import type { Logger } from './platform/log.ts';
import { closeInOrder } from './platform/close-in-order.ts';
import { openMetrics } from './platform/metrics.ts';
import { startDailyJobs } from './platform/jobs.ts';
import { outboxPruning } from './platform/outbox/prune.ts';
import { startOutboxPump } from './platform/outbox/pump.ts';
import type { Consumer } from './platform/outbox/consumer.ts';
import { openOutboxRepair } from './platform/outbox/repair.ts';
import { claimInstallation } from './platform/installation.ts';
import { probeDatabase } from './platform/database/probe.ts';
import type { ReadinessProbe } from './platform/readiness.ts';
import { openDataVault } from './platform/data-key.ts';
import type { ImportKind } from './platform/imports/contract.ts';
import { openImports } from './platform/imports/service.ts';
import { openRegions } from './regions/service.ts';
import { openIdentity } from './identity/service.ts';
import { openRealtime } from './realtime/service.ts';
import { openBroadcasts } from './broadcasts/service.ts';
import { openMedia } from './media.ts';
import { openVideos } from './videos/service.ts';
import { openLearning } from './learning/service.ts';
import { openTraining, type Training } from './training/service.ts';
import { openProgrammeRoom, type Programmes } from './programme/service.ts';
import { composeApp } from './app.ts';

/** How long one room may take to close before the others go on without it. */
const CLOSE_LIMIT_MS = 15_000;

export type Hub = Awaited<ReturnType<typeof openHub>>;

/** Opens every room in the order of their ranks and wires the ports between them. `close` undoes it in reverse. */
export async function openHub({ config, clock, log }: { config: Config; clock: Clock; log: Logger }) {
  const db = await openDatabase(config.databaseUrl, config.databaseAuthToken);
  const installation = await claimInstallation(db, config);
  const vault = await openDataVault(db, config);
  const metrics = openMetrics();
  const regions = openRegions({ db, clock });
  await regions.seedReference();
  const identity = openIdentity({ db, clock, vault, regions });
  await identity.sweepSessions();

  const plane = await openMedia(config, log);
  const realtime = openRealtime({
    authenticator: identity.authenticator,
    log,
    metrics,
    publicOrigin: config.publicOrigin,
    sharesUpgrades: config.development,
  });
  identity.onAccountNews(({ kind, accountId }) =>
    kind === 'rights-changed' ? realtime.reenter(accountId) : realtime.recheck(accountId),
  );
  const broadcasts = openBroadcasts({
    ...{ db, clock, log, vault, metrics, plane, regions, realtime },
    names: identity,
    accounts: identity,
    homes: identity,
    rights: identity,
    rtmpHost: config.rtmpHost,
    membership: {
      isMember: (...asked) => training.isMember(...asked),
      broadcastIdsOf: (personId) => training.broadcastIdsOf(personId),
    },
    thresholds: { thresholdMinutesFor: (id) => training.thresholdMinutesFor(id) },
    pingSeconds: config.presencePingSeconds,
    graceMinutes: config.broadcastGraceMinutes,
    retentionDays: config.retentionDays,
  });

  identity.onAccountNews(({ accountId }) => {
    broadcasts.recheckEncoders(accountId).catch((error: unknown) => {
      log.error({ err: error, accountId }, 'the encoders of an account could not be looked at again');
    });
  });

  const videos = openVideos({
    ...{ db, clock, log, vault, regions },
    storageDir: config.media.storageDir,
    ffmpegPath: config.media.ffmpegPath,
    limits: config.videos,
    // Someone sends a picture or a sound: also before the first part is durable.
    isAnythingLive: () => plane.counters().openProducers > 0,
  });
  const learning = openLearning({
    ...{ db, clock, regions, videos, people: identity, live: broadcasts },
    storageDir: config.media.storageDir,
  });
  const training: Training = openTraining({
    ...{ db, clock, vault, regions, learning, broadcasts },
    people: identity,
    rosters: identity,
    accounts: identity,
    programmes: { fitOf: (...asked) => programmes.fitOf(...asked) },
    signInLateHours: config.signInLateHours,
    sheetsDir: join(config.dataDir, 'sheets'),
  });
  const programmes: Programmes = openProgrammeRoom({
    ...{ db, clock, regions, identity, training },
    catchUp: () => pump.drain(),
  });

  const imports = openImports({
    ...{ db, clock, vault },
    kinds: [training.enrolmentImport, regions.placeImport] as ImportKind[],
  });

  // In order: what one consumer tells, a later one hears in the same pass.
  const consumers: Consumer[] = [training.presenceConsumer, programmes.evidenceConsumer];
  const pump = startOutboxPump(db, consumers, { clock, log });
  const dailyJobs = startDailyJobs(
    [outboxPruning(db, consumers, clock), broadcasts.retentionJob, videos.expiryJob, imports.sweepJob],
    {
      log,
    },
  );
  const probes: ReadinessProbe[] = [() => probeDatabase(db), broadcasts.probe, dailyJobs.probe];
  const app = composeApp({
    authenticator: identity.authenticator,
    trustProxy: config.trustProxy,
    publicOrigin: config.publicOrigin,
    tlsAlways: config.tls !== undefined || (config.publicOrigin?.startsWith('https:') ?? false),
    iceServers: config.iceServers,
    log,
    metrics,
    probes,
    outboxRepair: openOutboxRepair(db, consumers, clock),
    regions,
    identity,
    broadcasts,
    learning,
    videos,
    training,
    imports,
    programmes,
  });
  await broadcasts.reopenUnfinished();
  await videos.start();
  return {
    app,
    /** What the data directory held when this start found it. */
    installation,
    db,
    vault,
    regions,
    identity,
    realtime,
    broadcasts,
    learning,
    videos,
    training,
    imports,
    programmes,
    plane,
    pump,
    /** Sockets share the web's port. */
    attachSockets(server: Server): void {
      realtime.attach(server);
    },
    /** Lets the sockets go: a server with open ones does not close. */
    closeSockets: () => realtime.close(),
    async close(reason: string): Promise<void> {
      log.info({ reason }, 'the hub closes');
      await closeInOrder(
        [
          ['daily jobs', () => dailyJobs.close()],
          ['sockets', () => realtime.close()],
          ['broadcasts', () => broadcasts.close()],
          ['videos', () => videos.close()],
          ['media', () => plane.close(reason)],
          ['outbox', () => pump.close()],
          ['database', () => db.close()],
        ],
        CLOSE_LIMIT_MS,
      );
    },
  };
}
