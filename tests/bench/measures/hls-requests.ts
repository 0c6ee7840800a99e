import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LiveHubReady } from '../../support/live-hub-for-ever.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { byTurns, median, type Comparison, type Measure } from '../comparison.ts';
import { measureRate } from '../load.ts';

const ROUNDS = 3;
const SECONDS = 3;

/** What a player of a live broadcast asks for, beside the same bytes from a static file route. */
export const measureHlsRequests: Measure = async (tell) => {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-hls-'));
  const hub = fork('tests/support/live-hub-for-ever.ts', [dir]);
  try {
    const [ready] = (await once(hub, 'message')) as [LiveHubReady];
    const bare = await serveBareRoutes();
    try {
      const comparisons: Comparison[] = [];
      for (const kind of ['segment', 'part', 'playlist'] as const) {
        const sample = await read(await addressOf(ready, kind));
        await writeFile(join(bare.files, kind), sample);
        const rates = await byTurns(ROUNDS, {
          // A part is only there for some seconds: each round asks for one that is new.
          hub: async () => {
            const url = await addressOf(ready, kind);
            return measureRate(url, { seconds: SECONDS }, () => ({ path: new URL(url).pathname }));
          },
          bare: () => measureRate(bare.origin, { seconds: SECONDS }, () => ({ path: `/static/${kind}` })),
        });
        tell(`${kind} of ${sample.length} bytes: ${rates.hub.map(Math.round).join(', ')} requests/s`);
        comparisons.push({
          what: `LL-HLS ${kind}`,
          unit: 'requests/s',
          hub: median(rates.hub),
          bare: [{ what: 'Hono static file route, same bytes', value: median(rates.bare) }],
        });
      }
      return comparisons;
    } finally {
      await bare.close();
    }
  } finally {
    const over = once(hub, 'exit');
    hub.send('end');
    await over;
    await rm(dir, { recursive: true, force: true });
  }
};

async function read(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return Buffer.from(await response.arrayBuffer());
}

/** Where the newest closed segment, the newest part or the media playlist is now. */
async function addressOf(
  { origin, broadcastId }: LiveHubReady,
  kind: 'segment' | 'part' | 'playlist',
): Promise<string> {
  const base = `${origin}/hls/${broadcastId}/`;
  const master = (await read(`${base}index.m3u8`)).toString();
  const media = new URL(/^\S+\/media\.m3u8$/m.exec(master)![0], base).href;
  if (kind === 'playlist') return media;
  const playlist = (await read(media)).toString();
  const pattern = kind === 'segment' ? /^segment-\d+\.m4s$/gm : /(?<=EXT-X-PART:[^\n]*URI=")[^"]+/gm;
  const newest = [...playlist.matchAll(pattern)].at(-1);
  if (!newest) return addressOf({ origin, broadcastId, cookies: [] }, kind);
  return new URL(newest[0], media).href;
}
