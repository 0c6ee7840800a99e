import type { MediaPlane } from '../../media/contract.ts';
import { audit } from '../platform/audit.ts';
import type { Caller } from '../platform/access/actor.ts';
import { ensureMay, may } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { DailyJob } from '../platform/jobs.ts';
import { throughMedia } from './media-errors.ts';
import type { Transactions } from './ports.ts';
import { keptUntilMs, type RetentionDays } from './retention-rules.ts';
import { deleteRecordingRows, listRecordingSizes, markRecordingRemoved } from './retention-store.ts';

const DAY_MS = 86_400_000;

/** A recording whose time will be over. */
export interface ExpiringRecording {
  broadcastId: string;
  title: string;
  kind: 'class' | 'sale';
  endedAt: string | null;
  /** From when it may be removed; null: never as it stands. */
  keptUntil: string | null;
  holdReason: string | null;
  segments: number;
  bytes: number;
}

/** Removes recordings whose time is over, and tells beforehand which those are. */
export function openRetention(parts: {
  db: Database;
  clock: Clock;
  plane: MediaPlane;
  days: RetentionDays;
  transactions?: Transactions;
  /** Its replay is not played any more. */
  onRemoved: (broadcastId: string) => void;
}) {
  const { db, clock, plane, days, transactions } = parts;

  async function listRecordings() {
    const rows = await listRecordingSizes(db);
    return Promise.all(
      rows.map(async (row) => {
        const last = row.kind === 'sale' ? await transactions?.lastTransactionAt(row.broadcastId) : undefined;
        const about = {
          kind: row.kind,
          endedAtMs: row.endedAt === null ? null : Date.parse(row.endedAt),
          lastTransactionMs: last === undefined ? undefined : Date.parse(last),
          held: row.holdReason !== null,
        };
        // Three years from the last transaction cannot be told by someone who knows of none.
        const untold = row.kind === 'sale' && !transactions;
        return { ...row, untilMs: untold ? null : keptUntilMs(about, days) };
      }),
    );
  }

  /** Nobody can play it first, then the files go, then the rows with the note of what went: cut off anywhere, it goes on. */
  async function remove(recording: Awaited<ReturnType<typeof listRecordings>>[number]): Promise<void> {
    const { broadcastId, regionCode, segments, bytes, kind, endedAt } = recording;
    if (!(await markRecordingRemoved(db, broadcastId, instant(clock.now())))) return;
    parts.onRemoved(broadcastId);
    await throughMedia(() => plane.removeRecording(broadcastId));
    await db.transaction(async (tx) => {
      await deleteRecordingRows(tx, broadcastId);
      await audit(tx, clock, {
        actorAccountId: null,
        action: 'recording.removed',
        objectKind: 'broadcast',
        objectId: broadcastId,
        regionCode,
        reason: 'its time is over',
        detail: { kind, endedAt, segments, bytes, days: days[kind] },
      });
    });
  }

  return {
    /** What the job would remove within so many days, soonest first; those that are held come last. */
    async listExpiring(caller: Caller, withinDays: number): Promise<ExpiringRecording[]> {
      ensureMay(caller, 'recording.expiring');
      const limit = clock.now() + withinDays * DAY_MS;
      return (await listRecordings())
        .filter(({ regionCode }) => may(caller, 'recording.expiring', { regionCode }))
        .filter(({ untilMs, holdReason }) => holdReason !== null || (untilMs !== null && untilMs <= limit))
        .sort((a, b) => (a.untilMs ?? Infinity) - (b.untilMs ?? Infinity))
        .map(({ untilMs, regionCode: _, ...shown }) => ({
          ...shown,
          keptUntil: untilMs === null ? null : instant(untilMs),
        }));
    },

    job: {
      name: 'recording-retention',
      async run() {
        const expired = (await listRecordings()).filter(
          ({ untilMs }) => untilMs !== null && untilMs <= clock.now(),
        );
        const removals = await settleInTurn(expired, remove);
        if (removals.length > 0) throw new AggregateError(removals, `${removals.length} recordings stay`);
        if (expired.length === 0) return undefined;
        const bytes = expired.reduce((sum, one) => sum + one.bytes, 0);
        return { recordings: expired.length, bytes };
      },
    } satisfies DailyJob,
  };
}

/** One after another, whatever becomes of the others; what went wrong. */
async function settleInTurn<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (const one of all) await work(one).catch((error: unknown) => errors.push(error));
  return errors;
}
