import { Gauge, type Registry } from 'prom-client';
import { healthNews } from './health-news.ts';
import type { HealthNews } from './messages.ts';
import type { OnAir } from './on-air.ts';
import type { Peers } from './peers.ts';

type Labels = Record<string, string>;
type Reading = [labels: Labels, value: number | null];

/** Figures of each broadcast that is open now; with its end its lines go. */
const FIGURES: { name: string; help: string; labels: string[]; read: (health: HealthNews) => Reading[] }[] = [
  {
    name: 'bits_per_second',
    help: 'What publishers send',
    labels: ['kind', 'source'],
    read: ({ streams }) => ofStreams(streams, ({ bitsPerSecond }) => bitsPerSecond, sum),
  },
  {
    name: 'loss_ratio',
    help: 'Share of packets from publishers that did not arrive at first, 0 to 1; the worst stream',
    labels: ['kind', 'source'],
    read: ({ streams }) => ofStreams(streams, ({ lossShare }) => lossShare, Math.max),
  },
  {
    name: 'keyframe_interval_seconds',
    help: 'Between keyframes of a picture; the longest',
    labels: ['source'],
    read: ({ streams }) =>
      ofStreams(streams, ({ keyframeIntervalMs }) => inSeconds(keyframeIntervalMs), Math.max)
        .filter(([{ kind }]) => kind === 'video')
        .map(([{ source }, value]) => [{ source: source! }, value]),
  },
  {
    name: 'viewers',
    help: 'People in the room by their way of watching, and players by WHEP',
    labels: ['way'],
    read: ({ viewers }) => Object.entries(viewers).map(([way, count]) => [{ way }, count]),
  },
  {
    name: 'hls_behind_seconds',
    help: 'Age of the newest frame that HLS lists',
    labels: [],
    read: ({ hlsBehindMs }) => [[{}, inSeconds(hlsBehindMs)]],
  },
];

/**
 * `xiangbo_broadcast_…{broadcast="id"}` for /metrics. Ids say nothing: no title, no name. A broadcast that cannot tell
 * (its worker is being replaced) has no lines meanwhile and is counted.
 */
export function registerHealthMetrics(
  registry: Registry,
  { onAir, peers }: { onAir: OnAir; peers: Peers },
): void {
  /** The answers are kept for seconds where they come from. */
  const askAll = () =>
    Promise.allSettled(
      onAir.stages().map(async ({ id, media }) => {
        return { id, health: healthNews(await media.health(), peers.inBroadcast(id)) };
      }),
    );
  for (const { name, help, labels, read } of FIGURES) {
    new Gauge({
      name: `xiangbo_broadcast_${name}`,
      help,
      labelNames: ['broadcast', ...labels],
      registers: [registry],
      async collect() {
        const told = await askAll();
        this.reset();
        for (const answer of told) {
          if (answer.status === 'rejected') continue;
          const { id, health } = answer.value;
          for (const [more, value] of read(health))
            if (value !== null) this.set({ broadcast: id, ...more }, value);
        }
      },
    });
  }
  new Gauge({
    name: 'xiangbo_broadcasts_without_health',
    help: 'Broadcasts that could not tell how they are just now',
    registers: [registry],
    async collect() {
      this.set((await askAll()).filter(({ status }) => status === 'rejected').length);
    },
  });
}

/** One reading for each kind and source, however many people send it. */
function ofStreams(
  streams: HealthNews['streams'],
  read: (stream: HealthNews['streams'][number]) => number | null,
  join: (a: number, b: number) => number,
): Reading[] {
  const readings = new Map<string, Reading>();
  for (const stream of streams) {
    const value = read(stream);
    if (value === null) continue;
    const { kind, source } = stream;
    const before = readings.get(`${kind} ${source}`)?.[1];
    readings.set(`${kind} ${source}`, [{ kind, source }, before == null ? value : join(before, value)]);
  }
  return [...readings.values()];
}

const sum = (a: number, b: number) => a + b;
const inSeconds = (ms: number | null) => (ms === null ? null : ms / 1000);
