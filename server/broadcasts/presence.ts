import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Transaction } from '../platform/database/open.ts';
import { emit } from '../platform/outbox/emit.ts';
import { faultWords } from '../platform/fault.ts';
import type { Logger } from '../platform/log.ts';
import { newId } from '../platform/ids.ts';
import type { PresenceReached } from './events.ts';
import type { OwnPresence } from './messages.ts';
import type { PresenceThresholds } from './ports.ts';
import {
  changeByPing,
  effectiveSeconds,
  PRESENCE_RULE,
  reachesThreshold,
  type AirWindow,
} from './presence-rules.ts';
import { listSpans, markReached, saveSpan, type SpanRow } from './presence-store.ts';
import { listWindows } from './store.ts';

/** Pings of so long are written together. */
const GROUP_MS = 500;
const RETRY_MS = 1_000;

/** A device's report that it plays, or that it stopped; `atMs` by the hub's clock. */
export interface Ping {
  broadcastId: string;
  personId: string;
  deviceId: string;
  playing: boolean;
  atMs: number;
}

interface Waiting {
  ping: Ping;
  counted: (own: OwnPresence) => void;
}

export type Presence = ReturnType<typeof openPresence>;

/**
 * Counts how long each person was really there. Pings are collected for half a second and written in one transaction
 * with the news they lead to; a group that cannot be written is kept and tried again.
 */
export function openPresence(parts: {
  db: Database;
  clock: Clock;
  log: Logger;
  thresholds: PresenceThresholds;
  pingSeconds: number;
}) {
  const { db, clock, log, thresholds } = parts;
  const intervalMs = parts.pingSeconds * 1000;
  let waiting: Waiting[] = [];
  let flushing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failing: string | undefined;

  function schedule(delayMs: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      void flush();
    }, delayMs);
  }

  /** Writes everything that waits. One at a time: two would both carry the same span on. */
  function flush(): Promise<void> {
    flushing ??= flushAll().finally(() => (flushing = undefined));
    return flushing;
  }

  async function flushAll(): Promise<void> {
    const group = waiting;
    waiting = [];
    const byBroadcast = Map.groupBy(group, ({ ping }) => ping.broadcastId);
    for (const [broadcastId, part] of byBroadcast) {
      try {
        const totals = await writeGroup(
          broadcastId,
          part.map(({ ping }) => ping),
        );
        failing = undefined;
        for (const { ping, counted } of part) counted(totals(ping.personId));
      } catch (error) {
        failing = faultWords(error);
        log.error({ err: error, broadcastId, pings: part.length }, 'presence could not be written');
        waiting = [...part, ...waiting];
      }
    }
    if (waiting.length > 0) schedule(failing === undefined ? GROUP_MS : RETRY_MS);
  }

  async function writeGroup(
    broadcastId: string,
    pings: readonly Ping[],
  ): Promise<(personId: string) => OwnPresence> {
    const thresholdMinutes = await thresholds.thresholdMinutesFor(broadcastId);
    const personIds = [...new Set(pings.map((ping) => ping.personId))];
    const seconds = await db.transaction(async (tx) => {
      const windows = await listWindows(tx, broadcastId);
      const spans = await listSpans(tx, broadcastId, personIds);
      await carryOn(tx, spans, pings, windows, intervalMs);
      const totals = totalsOf(spans);
      await tellWhoReached(tx, broadcastId, totals, thresholdMinutes);
      return totals;
    });
    return (personId) => ({
      effectiveSeconds: seconds.get(personId) ?? 0,
      thresholdMinutes: thresholdMinutes ?? null,
      rule: PRESENCE_RULE.name,
      ruleVersion: PRESENCE_RULE.version,
    });
  }

  async function tellWhoReached(
    tx: Transaction,
    broadcastId: string,
    totals: ReadonlyMap<string, number>,
    thresholdMinutes: number | undefined,
  ): Promise<void> {
    const at = instant(clock.now());
    for (const [personId, seconds] of totals) {
      if (thresholdMinutes === undefined || !reachesThreshold(seconds, thresholdMinutes)) continue;
      const fact = { broadcastId, personId, effectiveSeconds: seconds, thresholdMinutes };
      if (!(await markReached(tx, { ...fact, reachedAt: at }))) continue;
      const news: PresenceReached = { type: 'broadcasts.presence-reached', payload: { ...fact, at } };
      await emit(tx, news, at);
    }
  }

  return {
    /** Milliseconds the oldest unwritten ping has waited, and why where writing fails. */
    health: () => ({
      lagMs: waiting[0] ? Math.max(0, clock.now() - waiting[0].ping.atMs) : 0,
      failing,
    }),

    /** Takes a ping. Resolves, once it is written, with what is counted of the person by then. */
    report(ping: Ping): Promise<OwnPresence> {
      return new Promise((counted) => {
        waiting.push({ ping, counted });
        schedule(GROUP_MS);
      });
    },

    /** Writes what waits and looks at everyone again: the threshold may have been set after they reached it. */
    async settle(broadcastId: string): Promise<void> {
      await flushing;
      await flush();
      const thresholdMinutes = await thresholds.thresholdMinutesFor(broadcastId);
      if (thresholdMinutes === undefined) return;
      await db.transaction(async (tx) => {
        const totals = totalsOf(await listSpans(tx, broadcastId));
        await tellWhoReached(tx, broadcastId, totals, thresholdMinutes);
      });
    },

    /** Effective seconds of everyone who was there, or of those named, by person id. */
    async effectiveSecondsByPerson(
      broadcastId: string,
      personIds?: readonly string[],
    ): Promise<Map<string, number>> {
      return totalsOf(await listSpans(db, broadcastId, personIds));
    },

    /** Writes what waits, trying once more where it failed. */
    async close(): Promise<void> {
      clearTimeout(timer);
      await flushing;
      await flush();
      clearTimeout(timer);
      if (waiting.length > 0) log.error({ pings: waiting.length }, 'presence was lost at the end');
    },
  };
}

/** Applies pings to the spans of their persons, in memory and in the table. */
async function carryOn(
  tx: Transaction,
  spans: SpanRow[],
  pings: readonly Ping[],
  windows: readonly AirWindow[],
  intervalMs: number,
): Promise<void> {
  const touched = new Set<SpanRow>();
  for (const ping of pings) {
    const last = spans.findLast((s) => s.personId === ping.personId && s.deviceId === ping.deviceId);
    const change = changeByPing(last, ping, windows, intervalMs);
    if (change.kind === 'none') continue;
    if (change.kind === 'begin') {
      const { broadcastId, personId, deviceId } = ping;
      const span = { id: newId<'span'>(), broadcastId, personId, deviceId, ...change.span };
      spans.push(span);
      touched.add(span);
    } else if (last) {
      if (change.kind === 'extend') last.endedAtMs = change.endedAtMs;
      else last.closed = true;
      touched.add(last);
    }
  }
  for (const span of touched) await saveSpan(tx, span);
}

function totalsOf(spans: readonly SpanRow[]): Map<string, number> {
  const byPerson = Map.groupBy(spans, (span) => span.personId);
  return new Map([...byPerson].map(([personId, theirs]) => [personId, effectiveSeconds(theirs)]));
}
