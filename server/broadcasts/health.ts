import { Gauge, type Registry } from 'prom-client';
import type { MediaCounters, MediaPlane } from '../../media/contract.ts';
import type { ReadinessCheck, ReadinessProbe } from '../platform/readiness.ts';
import type { OnAir } from './on-air.ts';
import type { Presence } from './presence.ts';
import type { RecordingIndex } from './recording-index.ts';

/** Presence older than this is not being written any more. */
const LONGEST_LAG_MS = 5_000;

interface Parts {
  plane: MediaPlane;
  onAir: OnAir;
  presence: Presence;
  index: RecordingIndex;
}

/** What the room needs in order to carry a broadcast. */
export function broadcastsProbe({ plane, onAir, presence, index }: Parts): ReadinessProbe {
  return (): ReadinessCheck[] => {
    const media = plane.readiness();
    const rows = index.health();
    const pings = presence.health();
    const faults = onAir.faults();
    return [
      { name: 'media', ok: media.ready, detail: media.problems.join(' ') },
      {
        name: 'recording-index',
        ok: rows.failing === undefined && faults.length === 0,
        detail: rows.failing ? `${rows.waiting} row(s) wait: ${rows.failing}` : faults.join('; '),
      },
      {
        name: 'presence',
        ok: pings.failing === undefined && pings.lagMs < LONGEST_LAG_MS,
        detail: pings.failing ?? `the oldest ping waits for ${pings.lagMs} ms`,
      },
    ];
  };
}

/** Figures for /metrics: `xiangbo_broadcasts_open`, viewers, lags, and everything the media plane counts. */
export function registerBroadcastMetrics(
  registry: Registry,
  { plane, onAir, presence, index }: Parts,
  viewers: () => number,
): void {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name: `xiangbo_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  gauge('broadcasts_open', 'Broadcasts whose media is open in this process', () => onAir.count());
  gauge('viewers', 'People in broadcast rooms of this process', viewers);
  gauge(
    'presence_lag_ms',
    'How long the oldest unwritten presence ping has waited',
    () => presence.health().lagMs,
  );
  gauge('recording_rows_waiting', 'Recording rows not yet written', () => index.health().waiting);
  for (const key of Object.keys(plane.counters()) as (keyof MediaCounters)[]) {
    const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    gauge(`media_${name}`, `Media plane: ${key}`, () => plane.counters()[key]);
  }
}
