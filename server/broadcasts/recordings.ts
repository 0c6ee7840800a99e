import type { MediaPlane, Mp4Download, RecordingGap, StoredPicture } from '../../media/contract.ts';
import { segmentsWithin } from '../../media/recording/span.ts';
import { audit } from '../platform/audit.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { throughMedia } from './media-errors.ts';
import { readRecording } from './recording-store.ts';
import { isOpen } from './rules.ts';
import { changeBroadcast, type BroadcastRow } from './store.ts';
import { fitTrim, replayMsOf, spanOfReplay, trimOf, type Trim } from './trim.ts';
import { circumstancesOf, type Belonging } from './visibility.ts';

/** Indexes of downloads that are read in ranges, some megabytes each for hours of recording. */
const DOWNLOADS_KEPT = 4;

/** What is kept of a broadcast, for those who look after it. Times in milliseconds. */
export interface RecordingFacts {
  recordedMs: number;
  replayMs: number;
  trim: Trim | null;
  /** Where in the recording the playlist begins: with the segment in which the replay does. */
  playlistStartMs: number;
  /** Where nothing was recorded, at what time of the replay. */
  gaps: RecordingGap[];
}

/** What is kept of broadcasts: pictures, the replay's ends, the file to take away. */
export function openRecordings(parts: {
  db: Database;
  clock: Clock;
  plane: MediaPlane;
  membership: Belonging;
  requireBroadcast: (id: string) => Promise<BroadcastRow>;
}) {
  const { db, clock, plane, membership } = parts;
  const downloads = new Map<string, Promise<Mp4Download>>();

  function ensureReplay(row: BroadcastRow): void {
    if (row.state !== 'replay' || row.recordingRemovedAt !== null) throw new HubError('recording.none');
  }

  function forget(broadcastId: string): void {
    for (const key of downloads.keys()) if (key.startsWith(`${broadcastId} `)) downloads.delete(key);
  }

  async function indexOf(row: BroadcastRow, span: Trim): Promise<Mp4Download> {
    const key = `${row.id} ${span.startMs} ${span.endMs}`;
    const made =
      downloads.get(key) ??
      readRecording(db, row.id).then((recording) => throughMedia(() => plane.openDownload(recording, span)));
    downloads.delete(key);
    downloads.set(key, made);
    const oldest = downloads.keys().next().value;
    if (downloads.size > DOWNLOADS_KEPT && oldest !== undefined) downloads.delete(oldest);
    try {
      return await made;
    } catch (error) {
      downloads.delete(key);
      throw error;
    }
  }

  return {
    forget,

    /** The latest picture while it is on the air, the one that shows most afterwards. */
    async readPicture(caller: Caller, id: string): Promise<StoredPicture> {
      const row = await parts.requireBroadcast(id);
      ensureMay(caller, 'broadcast.read', await circumstancesOf(row, caller, membership));
      const which = isOpen(row.state) ? 'latest' : 'poster';
      const picture = await throughMedia(() => plane.readPicture(id, which));
      if (!picture) throw new HubError('not-found', { message: 'There is no picture of it' });
      return picture;
    },

    async readFacts(caller: Caller, id: string): Promise<RecordingFacts> {
      const row = await parts.requireBroadcast(id);
      ensureMay(caller, 'broadcast.watch', await circumstancesOf(row, caller, membership));
      ensureReplay(row);
      const trim = trimOf(row);
      const recording = await readRecording(db, id);
      const gaps = plane.findGaps(recording, trim ?? undefined);
      const playlistStartMs = segmentsWithin(recording.segments, trim ?? undefined).firstMs;
      return { playlistStartMs, recordedMs: row.recordedMs, replayMs: replayMsOf(row), trim, gaps };
    },

    /** An MP4 of the replay, or of a span of it. `tag` names its content: the same for the same bytes. */
    async openDownload(
      caller: Caller,
      id: string,
      asked: { fromMs?: number | undefined; toMs?: number | undefined },
    ): Promise<{ file: Mp4Download; tag: string; title: string }> {
      const row = await parts.requireBroadcast(id);
      ensureMay(caller, 'broadcast.download', await circumstancesOf(row, caller, membership));
      ensureReplay(row);
      const span = spanOfReplay(asked, row);
      const file = await indexOf(row, span);
      return { file, tag: `${id}-${span.startMs}-${span.endMs}-${file.byteLength}`, title: row.title };
    },

    /** Leaves out both ends of the replay and of the download, or nothing with null. The recording stays as it is. */
    async trim(caller: Caller, id: string, wished: Trim | null): Promise<BroadcastRow> {
      const row = await parts.requireBroadcast(id);
      const actor = actorWhoMay(caller, 'broadcast.trim', await circumstancesOf(row, caller, membership));
      ensureReplay(row);
      const trim = fitTrim(wished, row.recordedMs);
      const changes = { trimStartMs: trim?.startMs ?? null, trimEndMs: trim?.endMs ?? null };
      await db.transaction(async (tx) => {
        await changeBroadcast(tx, id, changes);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'broadcast.trim',
          objectKind: 'broadcast',
          objectId: id,
          regionCode: row.regionCode,
          detail: { before: trimOf(row), after: trim },
        });
      });
      return { ...row, ...changes };
    },

    /** Keeps a recording beyond its time, with why; null lets it go when its time is over. */
    async hold(caller: Caller, id: string, reason: string | null): Promise<BroadcastRow> {
      const row = await parts.requireBroadcast(id);
      const actor = actorWhoMay(caller, 'recording.hold', await circumstancesOf(row, caller, membership));
      if (row.recordingRemovedAt !== null) throw new HubError('recording.none');
      await db.transaction(async (tx) => {
        await changeBroadcast(tx, id, { holdReason: reason });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'recording.hold',
          objectKind: 'broadcast',
          objectId: id,
          regionCode: row.regionCode,
          ...(reason === null ? {} : { reason }),
          detail: { held: reason !== null },
        });
      });
      return { ...row, holdReason: reason };
    },
  };
}
