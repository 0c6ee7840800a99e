import { believable, clipTo, coveredSeconds, FASTEST_RATE, unionOf } from '../../courses/model/intervals.ts';
import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { BroadcastDesk } from './ports.ts';
import { measuredPresence, recordAttendances } from './record-attendance.ts';
import { replaySecondsRequired } from './rules.ts';
import { findActiveEnrolment } from './store/enrolments.ts';
import { listReplayViews, putReplayView } from './store/replay-views.ts';
import { findSessionOfBroadcast } from './store/runs.ts';

/** A report may be so much late on its way. */
const GRACE_SECONDS = 5;

/** What became of a report of a replay. `counts` false: nothing does, and no more need be told. */
export interface ReplaySeen {
  counts: boolean;
  seenSeconds: number;
  requiredSeconds: number;
}

const NOTHING: ReplaySeen = { counts: false, seenSeconds: 0, requiredSeconds: 0 };

/** Attendance by watching the replay, where the session takes it. */
export function openReplay(parts: { db: Database; clock: Clock; broadcasts: BroadcastDesk }) {
  const { db, clock, broadcasts } = parts;
  return {
    /**
     * Adds the stretches of a replay (in its seconds) that a player has played. No more is believed than can have been
     * played since the last report of any replay by this person; what was seen twice counts once.
     */
    async reportReplay(
      caller: Caller,
      broadcastId: string,
      spans: [from: number, to: number][],
    ): Promise<ReplaySeen> {
      const { personId } = actorWhoMay(caller, 'presence.report');
      const broadcast = (await broadcasts.broadcastsById([broadcastId])).get(broadcastId);
      if (broadcast?.state !== 'replay' || broadcast.liveAt === null || broadcast.endedAt === null)
        return NOTHING;
      const lengthSeconds = (Date.parse(broadcast.endedAt) - Date.parse(broadcast.liveAt)) / 1000;
      return db.transaction(async (tx) => {
        const session = await findSessionOfBroadcast(tx, broadcastId);
        if (!session?.replayCounts || !(await findActiveEnrolment(tx, session.runId, personId)))
          return NOTHING;
        const requiredSeconds = replaySecondsRequired(session, lengthSeconds);
        const nowMs = clock.now();
        const views = await listReplayViews(tx, personId);
        const own = views.find((view) => view.sessionId === session.id);
        const playedUntilMs = Math.max(...views.map((view) => Date.parse(view.playedUntil)), 0);
        // The first report only begins the count.
        const fromMs = own ? Math.max(Date.parse(own.reportedAt), playedUntilMs) : nowMs;
        const since = { wallSeconds: (nowMs - fromMs) / 1000, graceSeconds: own ? GRACE_SECONDS : 0 };
        const believed = clipTo(believable(spans, since), lengthSeconds);
        const seen = unionOf([...(own?.seen ?? []), ...believed]).map(([from, to]): [number, number] => [
          Math.round(from * 10) / 10,
          Math.round(to * 10) / 10,
        ]);
        const playedMs = (coveredSeconds(believed) * 1000) / FASTEST_RATE;
        await putReplayView(tx, {
          ...{ sessionId: session.id, personId, seen, reportedAt: instant(nowMs) },
          playedUntil: instant(Math.min(nowMs, fromMs + playedMs)),
        });
        const seenSeconds = Math.floor(coveredSeconds(seen));
        if (seenSeconds >= requiredSeconds) {
          const measured = { personId, effectiveSeconds: seenSeconds, occurredAt: instant(nowMs) };
          const presence = measuredPresence(measured, 'replay');
          await recordAttendances(tx, clock, session, [{ ...presence, requiredSeconds }]);
        }
        return { counts: true, seenSeconds, requiredSeconds };
      });
    },
  };
}
