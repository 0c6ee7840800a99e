/**
 * A hub in a process of its own, as it is served, with a public broadcast that plays a clip and some people who may
 * speak. Says where it is once the broadcast is live, and how much memory it holds, garbage not counted, when asked.
 */
import { openHub } from '../../server/hub.ts';
import { serve } from '../../server/serve.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import { eventually, makeClip } from './live-hub.ts';
import { signInAs } from './sign-in-as.ts';

export interface LiveHubReady {
  origin: string;
  broadcastId: string;
  cookies: string[];
}
export interface MemoryHeld {
  rssBytes: number;
}

const dataDir = process.argv[2]!;
const config = decideConfig(
  readEnvironment({
    DATA_DIR: dataDir,
    PORT: '0',
    RTC_PORT: process.env.RTC_PORT ?? '0',
    RTMP_PORT: '0',
    MEDIA_WORKERS: '1',
    LOG_LEVEL: 'error',
  }),
  { demo: false },
);
const log = openLog(config.logLevel);
const hub = await openHub({ config, clock: systemClock, log });
const served = await serve(hub, config, log);
const trainer = await signInAs(hub, { roles: [['trainer', '533103']] });
const created = await fetch(`${served.origin}/api/broadcasts`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', Cookie: trainer.cookie },
  body: JSON.stringify({ title: '咖啡课', kind: 'class', visibility: 'public' }),
});
const { id } = (await created.json()) as { id: string };
const clip = await hub.broadcasts.loopClip(id, await makeClip(`${dataDir}/clip.mp4`));
const people = await Promise.all(['甲', '乙', '丙', '丁', '戊', '己'].map((name) => signInAs(hub, { name })));
await eventually(
  async () => (await (await fetch(`${served.origin}/api/broadcasts/${id}`)).json()) as { state: string },
  ({ state }) => state === 'live',
);
process.send?.({
  origin: served.origin,
  broadcastId: id,
  cookies: people.map(({ cookie }) => cookie),
} satisfies LiveHubReady);
process.on('message', (asked) => {
  if (asked === 'end') return void end();
  globalThis.gc?.();
  process.send?.({ rssBytes: process.memoryUsage().rss } satisfies MemoryHeld);
});

async function end(): Promise<void> {
  await clip.close('test');
  await served.close();
  await hub.close('test');
  process.disconnect();
}
