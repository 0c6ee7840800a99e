import { and, asc, desc, eq, inArray, isNull, like, lt, or, sql } from 'drizzle-orm';
import { broadcasts, broadcastWindows } from '../../drizzle/schema/broadcasts.ts';
import type { Reader } from '../platform/database/open.ts';
import type { AirWindow } from './presence-rules.ts';
import type { BroadcastState } from './rules.ts';

export type BroadcastRow = typeof broadcasts.$inferSelect;

export async function findBroadcast(db: Reader, id: string): Promise<BroadcastRow | undefined> {
  const [row] = await db.select().from(broadcasts).where(eq(broadcasts.id, id));
  return row;
}

export async function insertBroadcast(db: Reader, row: BroadcastRow): Promise<void> {
  await db.insert(broadcasts).values(row);
}

export async function updateBroadcast(
  db: Reader,
  id: string,
  changes: Partial<BroadcastRow> & { state: BroadcastState },
): Promise<void> {
  await db.update(broadcasts).set(changes).where(eq(broadcasts.id, id));
}

/** As {@link updateBroadcast}, where the state stays what it is. */
export async function changeBroadcast(
  db: Reader,
  id: string,
  changes: Partial<Omit<BroadcastRow, 'id' | 'state'>>,
): Promise<void> {
  await db.update(broadcasts).set(changes).where(eq(broadcasts.id, id));
}

/** Since the first picture it has one; later ones change nothing. */
export async function markPictured(db: Reader, id: string, at: string): Promise<void> {
  await db
    .update(broadcasts)
    .set({ picturedAt: at })
    .where(and(eq(broadcasts.id, id), isNull(broadcasts.picturedAt)));
}

export function listByState(db: Reader, states: readonly BroadcastState[]): Promise<BroadcastRow[]> {
  return db
    .select()
    .from(broadcasts)
    .where(inArray(broadcasts.state, [...states]))
    .orderBy(asc(broadcasts.createdAt));
}

/** What an account can still go on the air with. */
export function listOpenOf(db: Reader, ownerAccountId: string): Promise<BroadcastRow[]> {
  return db
    .select()
    .from(broadcasts)
    .where(
      and(
        eq(broadcasts.ownerAccountId, ownerAccountId),
        inArray(broadcasts.state, ['scheduled', 'live', 'interrupted']),
      ),
    );
}

export function findBroadcasts(db: Reader, ids: readonly string[]): Promise<BroadcastRow[]> {
  return db
    .select()
    .from(broadcasts)
    .where(inArray(broadcasts.id, [...ids]));
}

/** Whose broadcasts a list may show, beside the public ones. */
export interface Sight {
  ownerAccountId?: string;
  /** Within which everything is seen; an empty one means everywhere. */
  regionPrefixes: readonly string[];
  broadcastIds: readonly string[];
}

/** Newest first; `before` is an id. Only what is public or within sight. */
export function listBroadcastRows(
  db: Reader,
  filter: {
    states?: readonly BroadcastState[];
    regionPrefix?: string;
    before?: string;
    onlyId?: string;
    sight: Sight;
    limit: number;
  },
): Promise<BroadcastRow[]> {
  const { states, regionPrefix, before, onlyId, sight } = filter;
  const { ownerAccountId } = sight;
  return db
    .select()
    .from(broadcasts)
    .where(
      and(
        states ? inArray(broadcasts.state, [...states]) : undefined,
        regionPrefix === undefined ? undefined : like(broadcasts.regionCode, `${regionPrefix}%`),
        before === undefined ? undefined : lt(broadcasts.id, before),
        onlyId === undefined ? undefined : eq(broadcasts.id, onlyId),
        or(
          eq(broadcasts.visibility, 'public'),
          ownerAccountId === undefined ? undefined : eq(broadcasts.ownerAccountId, ownerAccountId),
          ...sight.regionPrefixes.map((prefix) => like(broadcasts.regionCode, `${prefix}%`)),
          sight.broadcastIds.length > 0 ? inArray(broadcasts.id, [...sight.broadcastIds]) : undefined,
        ),
      ),
    )
    .orderBy(desc(broadcasts.id))
    .limit(filter.limit);
}

export async function openWindow(db: Reader, broadcastId: string, startedAtMs: number): Promise<void> {
  await db.insert(broadcastWindows).values({ broadcastId, startedAtMs }).onConflictDoNothing();
}

export async function closeWindow(db: Reader, broadcastId: string, endedAtMs: number): Promise<void> {
  await db
    .update(broadcastWindows)
    .set({ endedAtMs: sql`max(${broadcastWindows.startedAtMs}, ${endedAtMs})` })
    .where(and(eq(broadcastWindows.broadcastId, broadcastId), isNull(broadcastWindows.endedAtMs)));
}

/** When the broadcast was on the air, oldest first. */
export function listWindows(db: Reader, broadcastId: string): Promise<AirWindow[]> {
  return db
    .select({ startedAtMs: broadcastWindows.startedAtMs, endedAtMs: broadcastWindows.endedAtMs })
    .from(broadcastWindows)
    .where(eq(broadcastWindows.broadcastId, broadcastId))
    .orderBy(asc(broadcastWindows.startedAtMs));
}
