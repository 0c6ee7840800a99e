import type { HlsSource, MediaPlane } from '../../media/contract.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { OnAir } from './on-air.ts';
import { readRecording } from './recording-store.ts';
import type { BroadcastRow } from './store.ts';
import { trimOf, trimQuery } from './trim.ts';

const REPLAYS_KEPT = 32;

/** Where a broadcast is played from: its open media, or the rows of its recording, at the same address. */
export function openPlayback(parts: {
  db: Database;
  plane: Pick<MediaPlane, 'openReplay'>;
  onAir: Pick<OnAir, 'stage'>;
}) {
  const { db, plane, onAir } = parts;
  /**
   * By broadcast and trim, the least recently asked first. What stands under a key never changes: who still opens the
   * replay as it was before a trim leaves nothing for those who open it afterwards.
   */
  const replays = new Map<string, HlsSource>();

  async function replayOf(row: BroadcastRow): Promise<HlsSource> {
    const trim = trimOf(row);
    const key = `${row.id}${trimQuery(row)}`;
    const source = replays.get(key) ?? plane.openReplay(await readRecording(db, row.id), trim ?? undefined);
    replays.delete(key);
    replays.set(key, source);
    const oldest = replays.keys().next().value;
    if (replays.size > REPLAYS_KEPT && oldest !== undefined) replays.delete(oldest);
    return source;
  }

  return {
    /** What is on the air, without asking the database: every viewer asks for it several times a second. */
    openSourceOf: (broadcastId: string): HlsSource | undefined => onAir.stage(broadcastId)?.media.hls,

    /**
     * Throws `broadcast.not-live` where there is nothing to play yet, and never will be after an empty end;
     * `recording.none` where it was removed.
     */
    async sourceOf(row: BroadcastRow): Promise<HlsSource> {
      const stage = onAir.stage(row.id);
      if (stage) return stage.media.hls;
      if (row.recordingRemovedAt !== null) throw new HubError('recording.none');
      if (row.state === 'replay') return replayOf(row);
      throw new HubError('broadcast.not-live');
    },
  };
}
