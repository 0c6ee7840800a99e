import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { emit } from '../platform/outbox/emit.ts';
import { newId } from '../platform/ids.ts';
import type { PresenceReached } from './events.ts';
import type { PresenceThresholds } from './ports.ts';
import { effectiveSeconds, reachesThreshold, type Stretch } from './presence-rules.ts';
import { markReached, saveSpan } from './presence-store.ts';
import { recordHappening } from './state-changes.ts';

/** Someone's time at a broadcast that is over, on one device. */
export interface Stay extends Stretch {
  personId: string;
}

/**
 * For the sample only: lets a planned broadcast have happened. It takes the same transitions, presence rule and news
 * as one that was really on the air; only the measuring is made up. There is no recording, so it stays `ended`.
 */
export async function reliveBroadcast(
  { db, clock, thresholds }: { db: Database; clock: Clock; thresholds: PresenceThresholds },
  broadcastId: string,
  past: Stretch & { stays: readonly Stay[] },
): Promise<void> {
  const life = { db, clock };
  await recordHappening(life, broadcastId, { what: 'media-began', atMs: past.startedAtMs });
  const thresholdMinutes = await thresholds.thresholdMinutesFor(broadcastId);
  const at = instant(clock.now());
  await db.transaction(async (tx) => {
    for (const { personId, startedAtMs, endedAtMs } of past.stays) {
      const span = { broadcastId, personId, deviceId: 'sample', startedAtMs, endedAtMs, closed: true };
      await saveSpan(tx, { id: newId<'span'>(), ...span });
    }
    for (const [personId, stays] of Map.groupBy(past.stays, (stay) => stay.personId)) {
      const seconds = effectiveSeconds(stays);
      if (thresholdMinutes === undefined || !reachesThreshold(seconds, thresholdMinutes)) continue;
      const fact = { broadcastId, personId, effectiveSeconds: seconds, thresholdMinutes };
      await markReached(tx, { ...fact, reachedAt: at });
      const news: PresenceReached = { type: 'broadcasts.presence-reached', payload: { ...fact, at } };
      await emit(tx, news, at);
    }
  });
  await recordHappening(life, broadcastId, { what: 'end-asked', atMs: past.endedAtMs, reason: 'asked' });
}
