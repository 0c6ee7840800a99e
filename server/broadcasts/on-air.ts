import { setTimeout as delay } from 'node:timers/promises';
import type { MediaPlane, Recording } from '../../media/contract.ts';
import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Logger } from '../platform/log.ts';
import type { Announce } from '../realtime/connection.ts';
import { throughMedia } from './media-errors.ts';
import type { StateNews } from './messages.ts';
import type { Presence } from './presence.ts';
import { lastSeenMs } from './presence-store.ts';
import type { RecordingIndex } from './recording-index.ts';
import { readRecording } from './recording-store.ts';
import { isOpen, lastKnownMs } from './rules.ts';
import { groupOf, openStage, type Stage } from './stage.ts';
import { recordHappening, type Happening } from './state-changes.ts';
import { findBroadcast, listByState, listWindows, type BroadcastRow } from './store.ts';
import { Turns } from './turns.ts';

/** How long a stop waits for rows that cannot be written; what is left is found on disk at the next start. */
const DRAIN_MS = 10_000;

export type OnAir = ReturnType<typeof openOnAir>;

/**
 * The broadcasts whose media is open in this process, and their way through the states. Everything that changes one
 * broadcast waits its turn; its row is the truth, and `reopenUnfinished` rebuilds the rest after any kind of death.
 */
export function openOnAir(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  plane: MediaPlane;
  announce: Announce;
  presence: Presence;
  index: RecordingIndex;
  graceMs: number;
  groupOfPeer: (peerId: string) => string | undefined;
}) {
  const { db, clock, log, plane, announce, presence, index } = parts;
  const stages = new Map<string, Stage>();
  const graceTimers = new Map<string, NodeJS.Timeout>();
  const turns = new Turns();
  /** What went wrong with a broadcast and waits for a restart, one sentence each. */
  const faults = new Map<string, string>();
  let closing = false;

  /** Writes a happening and tells the room. Only inside a turn. */
  async function happen(broadcastId: string, happening: Happening): Promise<BroadcastRow | undefined> {
    const row = await recordHappening({ db, clock }, broadcastId, happening);
    if (!row) return undefined;
    clearGrace(broadcastId);
    if (row.state === 'interrupted' && !closing) startGrace(broadcastId);
    announce(groupOf(broadcastId), 'broadcast:state', newsOf(row));
    return row;
  }

  function startGrace(broadcastId: string): void {
    const timer = setTimeout(() => {
      graceTimers.delete(broadcastId);
      report(turns.take(broadcastId, () => finish(broadcastId, 'grace-over', 'publisher-gone')));
    }, parts.graceMs);
    timer.unref();
    graceTimers.set(broadcastId, timer);
  }

  function clearGrace(broadcastId: string): void {
    clearTimeout(graceTimers.get(broadcastId));
    graceTimers.delete(broadcastId);
  }

  function report(work: Promise<unknown>): void {
    work.catch((error: unknown) => log.error({ err: error }, 'a broadcast could not change its state'));
  }

  async function open(row: BroadcastRow, resume?: Recording): Promise<Stage> {
    const media = await throughMedia(() => plane.openBroadcast({ id: row.id, resume }));
    const stage = openStage(media, index.lineOf(row.id), {
      announce,
      groupOfPeer: parts.groupOfPeer,
      onHappening: (happening) => report(turns.take(row.id, () => happen(row.id, happening))),
    });
    stages.set(row.id, stage);
    return stage;
  }

  /** Ends a broadcast whose row allows it, and makes its recording the replay. Only inside a turn. */
  async function finish(
    broadcastId: string,
    what: 'grace-over' | 'end-asked',
    reason: string,
  ): Promise<void> {
    const row = await happen(broadcastId, { what, atMs: clock.now(), reason });
    if (!row) return;
    // Whoever is not counted by this is by hand; the recording must be finished in any case.
    await presence.settle(broadcastId).catch((error: unknown) => {
      faults.set(broadcastId, `presence in ${broadcastId} could not be counted at the end`);
      log.error({ err: error, broadcastId }, 'presence could not be counted at the end');
    });
    const stage = stages.get(broadcastId);
    if (stage) await strike(stage, reason);
    await becomeReplay(broadcastId);
    stages.delete(broadcastId);
  }

  /** Ends the media. What of its recording cannot be finished now is found on disk by the next start. */
  async function strike(stage: Stage, reason: string): Promise<void> {
    try {
      const recording = await stage.media.end(reason);
      await stage.line.drained();
      await index.write(stage.id, recording);
    } catch (error) {
      faults.set(stage.id, `the recording of ${stage.id} could not be finished`);
      log.error({ err: error, broadcastId: stage.id }, 'a recording could not be finished');
    } finally {
      stage.detach();
    }
  }

  async function becomeReplay(broadcastId: string): Promise<void> {
    const { segments } = await readRecording(db, broadcastId);
    if (segments.length > 0) await happen(broadcastId, { what: 'recording-ready', atMs: clock.now() });
  }

  /** Brings what lies on disk but was never a row into the index. Only while the broadcast is not open. */
  async function recover(broadcastId: string): Promise<Recording> {
    const known = await readRecording(db, broadcastId);
    const found = await throughMedia(() => plane.recoverRecording(broadcastId, known));
    await index.write(broadcastId, found);
    return readRecording(db, broadcastId);
  }

  async function reopen(row: BroadcastRow): Promise<void> {
    const recording = await recover(row.id);
    if (row.state === 'live') {
      const atMs = await lastKnownOf(row.id, recording);
      await happen(row.id, { what: 'hub-stopped', atMs });
    } else {
      startGrace(row.id);
    }
    await open(row, recording);
  }

  /** The hub died between the end and the replay. */
  async function completeReplay(broadcastId: string): Promise<void> {
    await recover(broadcastId);
    await becomeReplay(broadcastId);
  }

  async function lastKnownOf(broadcastId: string, { segments }: Recording): Promise<number> {
    const window = (await listWindows(db, broadcastId)).at(-1);
    const last = segments.at(-1);
    const recordedUntilMs = last && Date.parse(last.programDateTime) + last.durationMs;
    return lastKnownMs(window?.startedAtMs ?? 0, [recordedUntilMs, await lastSeenMs(db, broadcastId)]);
  }

  return {
    stage: (broadcastId: string): Stage | undefined => stages.get(broadcastId),
    count: () => stages.size,
    faults: (): string[] => [...faults.values()],

    /** The open media of a broadcast that can still be on the air, opened where it is not. */
    ensureStage(broadcastId: string): Promise<Stage | undefined> {
      return turns.take(broadcastId, async () => {
        const standing = stages.get(broadcastId);
        if (standing) return standing;
        const row = await findBroadcast(db, broadcastId);
        if (closing || !row || !isOpen(row.state)) return undefined;
        return open(row, row.state === 'scheduled' ? undefined : await recover(row.id));
      });
    },

    /** Lets go of a room that was opened and never went on the air, unless it is in use again when its turn comes. */
    closeUnused(broadcastId: string, inUse: () => boolean): Promise<void> {
      return turns.take(broadcastId, async () => {
        const row = await findBroadcast(db, broadcastId);
        const stage = stages.get(broadcastId);
        if (!stage || row?.state !== 'scheduled' || stage.media.producers().length > 0 || inUse()) return;
        stages.delete(broadcastId);
        await stage.media.close('nobody is there');
        stage.detach();
      });
    },

    /** Ends a broadcast for good. What has ended already stays as it is. */
    end: (broadcastId: string, reason: string): Promise<void> =>
      turns.take(broadcastId, () => finish(broadcastId, 'end-asked', reason)),

    /** After a start: every broadcast that was on the air goes on at its address, every ended one gets its replay. */
    async reopenUnfinished(): Promise<void> {
      for (const row of await listByState(db, ['live', 'interrupted', 'ended'])) {
        if (row.liveAt === null) continue;
        try {
          await turns.take(row.id, () => (row.state === 'ended' ? completeReplay(row.id) : reopen(row)));
          if (row.state !== 'ended') log.info({ broadcastId: row.id }, 'a broadcast goes on after a restart');
        } catch (error) {
          // The others go on; this one is alarmed.
          faults.set(row.id, `the broadcast ${row.id} could not be reopened`);
          log.error({ err: error, broadcastId: row.id }, 'a broadcast could not be reopened');
        }
      }
    },

    /** Finishes recordings and writes down that these broadcasts are interrupted. The media plane closes afterwards. */
    async close(): Promise<void> {
      closing = true;
      for (const id of graceTimers.keys()) clearGrace(id);
      await Promise.all(
        [...stages.values()].map((stage) =>
          turns.take(stage.id, async () => {
            await stage.media.close('the hub stops');
            await Promise.race([stage.line.drained(), delay(DRAIN_MS, undefined, { ref: false })]);
            stage.detach();
            await happen(stage.id, { what: 'hub-stopped', atMs: clock.now() });
            stages.delete(stage.id);
          }),
        ),
      );
      await turns.settled();
    },
  };
}

function newsOf(row: BroadcastRow): StateNews {
  const { state, liveAt, interruptedAt, endedAt, endReason } = row;
  return { state, liveAt, interruptedAt, endedAt, endReason };
}
