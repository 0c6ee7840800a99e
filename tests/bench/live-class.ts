import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHub } from '../../server/hub.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import { serve } from '../../server/serve.ts';
import { actorOf, COUNTY } from '../support/classroom.ts';

/** A public class on the air at a hub with its pages. */
export interface LiveClass {
  origin: string;
  /** The page on which it is watched. */
  watchPath: string;
  playlistPath: string;
  workerBin: string;
  close(): Promise<void>;
}

/** Serves a hub of its own with a clip looped into a broadcast. Resolves when the broadcast is `live`. */
export async function serveLiveClass(clip: string): Promise<LiveClass> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-class-'));
  const env = {
    DATA_DIR: dataDir,
    PORT: '0',
    RTC_PORT: '0',
    RTMP_PORT: '0',
    MEDIA_WORKERS: '1',
    LOG_LEVEL: 'warn',
  };
  const config = decideConfig(readEnvironment(env), { demo: false });
  const log = openLog(config.logLevel);
  const hub = await openHub({ config, clock: systemClock, log });
  const served = await serve(hub, config, log);
  const trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
  const plan = { title: '直播开店', kind: 'class', visibility: 'public', regionCode: COUNTY } as const;
  const { id, addresses } = await hub.broadcasts.createBroadcast(trainer, plan);
  const publisher = await hub.broadcasts.loopClip(id, clip);
  while ((await hub.broadcasts.readBroadcast(trainer, id)).state !== 'live')
    await new Promise((resolve) => setTimeout(resolve, 100));
  return {
    origin: served.origin,
    watchPath: addresses.watch,
    playlistPath: addresses.hls,
    workerBin: config.media.workerBin,
    async close() {
      await served.close();
      await publisher.close('the bench is over');
      await hub.close('the bench is over');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
