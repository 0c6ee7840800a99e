import type { HlsSource, MediaPlane } from '../../media/contract.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { OnAir } from './on-air.ts';
import { readRecording } from './recording-store.ts';
import type { BroadcastRow } from './store.ts';
import { trimOf } from './trim.ts';

const REPLAYS_KEPT = 32;

/** Where a broadcast is played from: its open media, or the rows of its recording, at the same address. */
export function openPlayback({ db, plane, onAir }: { db: Database; plane: MediaPlane; onAir: OnAir }) {
  /** Least recently asked first. A replay does not change, so its source is only kept to save reading it again. */
  const replays = new Map<string, HlsSource>();

  async function replayOf(row: BroadcastRow): Promise<HlsSource> {
    const broadcastId = row.id;
    const source =
      replays.get(broadcastId) ??
      plane.openReplay(await readRecording(db, broadcastId), trimOf(row) ?? undefined);
    replays.delete(broadcastId);
    replays.set(broadcastId, source);
    const oldest = replays.keys().next().value;
    if (replays.size > REPLAYS_KEPT && oldest !== undefined) replays.delete(oldest);
    return source;
  }

  return {
    /** What is on the air, without asking the database: every viewer asks for it several times a second. */
    openSourceOf: (broadcastId: string): HlsSource | undefined => onAir.stage(broadcastId)?.media.hls,

    /** Its replay was trimmed or removed. */
    forget: (broadcastId: string): void => void replays.delete(broadcastId),

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
