import { setTimeout as delay } from 'node:timers/promises';
import type { MediaPlane, Recording } from '../../media/contract.ts';
import { instant, type Clock } from '../platform/clock.ts';
import { closeInOrder } from '../platform/close-in-order.ts';
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
import { openHappenings } from './happenings.ts';
import { recordHappening, type Happening } from './state-changes.ts';
import { findBroadcast, listByState, listWindows, markPictured, type BroadcastRow } from './store.ts';
import { Turns } from './turns.ts';

/** How long an end or a stop waits for rows that cannot be written; what is left is found on disk at the next start. */
const DRAIN_MS = 10_000;
/** How soon an end that the grace time asked for is tried again where it could not be written. */
const RETRY_MS = 1_000;

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
  /** Something else is published in a broadcast, or shown of it. */
  onPictures: (broadcastId: string) => void;
}) {
  const { db, clock, log, plane, announce, presence, index } = parts;
  const stages = new Map<string, Stage>();
  const graceTimers = new Map<string, NodeJS.Timeout>();
  const turns = new Turns();
  const happenings = openHappenings({ turns, log, write: happen });
  /** What went wrong with a broadcast and waits for a restart, one sentence each; taken back when it is mended. */
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

  function startGrace(broadcastId: string, graceMs = parts.graceMs): void {
    const timer = setTimeout(() => {
      graceTimers.delete(broadcastId);
      turns
        .take(broadcastId, () => finish(broadcastId, 'grace-over', 'publisher-gone'))
        .catch((error: unknown) => {
          log.error({ err: error, broadcastId }, 'a broadcast whose publisher is gone could not be ended');
          if (!closing && !graceTimers.has(broadcastId)) startGrace(broadcastId, RETRY_MS);
        });
    }, graceMs);
    timer.unref();
    graceTimers.set(broadcastId, timer);
  }

  function clearGrace(broadcastId: string): void {
    clearTimeout(graceTimers.get(broadcastId));
    graceTimers.delete(broadcastId);
  }

  async function open(row: BroadcastRow, resume?: Recording): Promise<Stage> {
    const media = await throughMedia(() => plane.openBroadcast({ id: row.id, resume }));
    const stage = openStage(media, index.lineOf(row.id), {
      announce,
      groupOfPeer: parts.groupOfPeer,
      onPictures: () => parts.onPictures(row.id),
      onPictureTaken: (atMs) => notePicture(row.id, atMs),
      onHappening: (happening) => happenings.add(row.id, happening),
    });
    stages.set(row.id, stage);
    return stage;
  }

  /** Only the first picture says something new; one that could not be noted is noted with the next. */
  const pictured = new Set<string>();
  function notePicture(broadcastId: string, atMs: number): void {
    if (pictured.has(broadcastId)) return;
    pictured.add(broadcastId);
    markPictured(db, broadcastId, instant(atMs)).catch((error: unknown) => {
      pictured.delete(broadcastId);
      log.error({ err: error, broadcastId }, 'a picture could not be noted');
    });
  }

  /**
   * Ends a broadcast whose row allows it, and makes its recording the replay. Only inside a turn. Rejects only where
   * nothing has changed; what fails after the end is a fault until the next start completes it.
   */
  async function finish(
    broadcastId: string,
    what: 'grace-over' | 'end-asked',
    reason: string,
  ): Promise<void> {
    await happenings.writeAll(broadcastId);
    const row = await happen(broadcastId, { what, atMs: clock.now(), reason });
    if (!row) return;
    faults.delete(broadcastId);
    const settled = await attempt(broadcastId, 'presence could not be counted', () =>
      presence.settle(broadcastId),
    );
    const stage = stages.get(broadcastId);
    const struck = await attempt(broadcastId, 'the recording could not be finished', () =>
      strike(stage, reason),
    );
    // Without its last part it stays ended: the next start finds the rest on disk and counts who was there.
    if (settled && struck)
      await attempt(broadcastId, 'the replay could not be opened', () => becomeReplay(broadcastId));
    stages.delete(broadcastId);
  }

  /** True when it succeeded; else the fault is kept for the probe. */
  async function attempt(broadcastId: string, fault: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      faults.set(broadcastId, `${fault} in ${broadcastId}`);
      log.error({ err: error, broadcastId }, fault);
      return false;
    }
  }

  /** Ends the media and writes what it recorded. */
  async function strike(stage: Stage | undefined, reason: string): Promise<void> {
    if (!stage) return;
    try {
      const recording = await stage.media.end(reason);
      await drained(stage);
      await index.write(stage.id, recording);
    } finally {
      stage.detach();
    }
  }

  async function drained(stage: Stage): Promise<void> {
    const late = delay(DRAIN_MS, true, { ref: false });
    if (await Promise.race([stage.line.drained().then(() => false), late]))
      throw new Error(`Recording rows of ${stage.id} could not be written within ${DRAIN_MS} ms`);
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

  /** The hub died between the end and the replay, or could not write what belongs between them. */
  async function completeReplay(broadcastId: string): Promise<void> {
    const { segments } = await recover(broadcastId);
    if (segments.length === 0) return;
    await presence.settle(broadcastId);
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
    stages: (): Stage[] => [...stages.values()],
    count: () => stages.size,
    /** What the probe tells, one sentence each. */
    faults: (): string[] => [...faults.values(), ...happenings.faults()],

    /** The open media of a broadcast that can still be on the air, opened where it is not. */
    ensureStage(broadcastId: string): Promise<Stage | undefined> {
      return turns.take(broadcastId, async () => {
        const standing = stages.get(broadcastId);
        if (standing) return standing;
        const row = await findBroadcast(db, broadcastId);
        if (closing || !row || !isOpen(row.state)) return undefined;
        // A planned one has a recording where the hub died before its beginning was written.
        const recording = await recover(row.id);
        const stage = await open(row, recording.inits.length > 0 ? recording : undefined);
        faults.delete(broadcastId);
        return stage;
      });
    },

    /** Lets go of a room that was opened and never went on the air, unless it is in use again when its turn comes. */
    closeUnused(broadcastId: string, inUse: () => boolean): Promise<void> {
      return turns.take(broadcastId, async () => {
        await happenings.writeAll(broadcastId);
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
      happenings.close();
      for (const id of graceTimers.keys()) clearGrace(id);
      const closings = await Promise.allSettled(
        [...stages.values()].map((stage) => turns.take(stage.id, () => interrupt(stage))),
      );
      await turns.settled();
      const errors = closings.flatMap((c) => (c.status === 'rejected' ? [c.reason as unknown] : []));
      if (errors.length > 0) throw new AggregateError(errors, 'Broadcasts could not be closed properly');
    },
  };

  /** The hub lets go of a broadcast that may go on after the next start. Each step runs whatever became of the others. */
  function interrupt(stage: Stage): Promise<void> {
    const atMs = clock.now();
    return closeInOrder(
      [
        ['media', () => stage.media.close('the hub stops')],
        ['recording rows', () => drained(stage)],
        ['listening', () => stage.detach()],
        ['what happened', () => happenings.writeAll(stage.id)],
        ['the interruption', () => happen(stage.id, { what: 'hub-stopped', atMs })],
        ['the stage', () => void stages.delete(stage.id)],
      ],
      DRAIN_MS,
    );
  }
}

function newsOf(row: BroadcastRow): StateNews {
  const { state, liveAt, interruptedAt, endedAt, endReason } = row;
  return { state, liveAt, interruptedAt, endedAt, endReason };
}
