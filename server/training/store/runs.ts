import { and, asc, count, desc, eq, inArray, like, ne, or, type SQL } from 'drizzle-orm';
import { runProgrammes, runs, trainingSessions } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';

export type RunRow = typeof runs.$inferSelect;
export type SessionRow = typeof trainingSessions.$inferSelect;
export type RunProgrammeRow = typeof runProgrammes.$inferSelect;

/** What a list of runs is narrowed to. Drafts are left out unless `trainerAccountId` asks for one's own. */
export interface RunFilter {
  courseId?: string;
  state?: 'open' | 'closed';
  trainerAccountId?: string;
}

export async function findRun(db: Reader, id: string): Promise<RunRow | undefined> {
  const [row] = await db.select().from(runs).where(eq(runs.id, id));
  return row;
}

export function listRunsById(db: Reader, ids: string[]): Promise<RunRow[]> {
  return db.select().from(runs).where(inArray(runs.id, ids));
}

export function listRunRows(
  db: Reader,
  filter: RunFilter,
  slice: { limit: number; offset: number },
): Promise<RunRow[]> {
  return db
    .select()
    .from(runs)
    .where(matching(filter))
    .orderBy(desc(runs.id))
    .limit(slice.limit)
    .offset(slice.offset);
}

export async function countRunRows(db: Reader, filter: RunFilter): Promise<number> {
  const [row] = await db.select({ total: count() }).from(runs).where(matching(filter));
  return row?.total ?? 0;
}

function matching({ courseId, state, trainerAccountId }: RunFilter): SQL | undefined {
  return and(
    courseId === undefined ? undefined : eq(runs.courseId, courseId),
    state === undefined ? undefined : eq(runs.state, state),
    trainerAccountId === undefined ? ne(runs.state, 'draft') : eq(runs.trainerAccountId, trainerAccountId),
  );
}

export async function insertRun(
  db: Reader,
  run: RunRow,
  sessions: SessionRow[],
  programmes: RunProgrammeRow[],
): Promise<void> {
  await db.insert(runs).values(run);
  await db.insert(trainingSessions).values(sessions);
  if (programmes.length > 0) await db.insert(runProgrammes).values(programmes);
}

export async function setRunState(
  db: Reader,
  id: string,
  change: Partial<Pick<RunRow, 'state' | 'openedAt' | 'closedAt'>>,
): Promise<void> {
  await db.update(runs).set(change).where(eq(runs.id, id));
}

export function listSessionsOfRuns(db: Reader, runIds: string[]): Promise<SessionRow[]> {
  return db
    .select()
    .from(trainingSessions)
    .where(inArray(trainingSessions.runId, runIds))
    .orderBy(asc(trainingSessions.runId), asc(trainingSessions.ordinal));
}

/** The runs held under these region prefixes, drafts too. */
export function listRunsUnder(db: Reader, prefixes: string[]): Promise<RunRow[]> {
  return db
    .select()
    .from(runs)
    .where(or(...prefixes.map((prefix) => like(runs.regionCode, `${prefix}%`))));
}

/** The links of some runs to programmes. */
export function listProgrammesOfRuns(db: Reader, runIds: string[]): Promise<RunProgrammeRow[]> {
  return db.select().from(runProgrammes).where(inArray(runProgrammes.runId, runIds));
}

export async function findSession(db: Reader, id: string): Promise<SessionRow | undefined> {
  const [row] = await db.select().from(trainingSessions).where(eq(trainingSessions.id, id));
  return row;
}

export async function findSessionOfBroadcast(
  db: Reader,
  broadcastId: string,
): Promise<SessionRow | undefined> {
  const [row] = await db.select().from(trainingSessions).where(eq(trainingSessions.broadcastId, broadcastId));
  return row;
}

export async function setSessionBroadcast(db: Reader, id: string, broadcastId: string): Promise<void> {
  await db.update(trainingSessions).set({ broadcastId }).where(eq(trainingSessions.id, id));
}

/** Changes what a session asks of those who sign. */
export async function setSessionSignIn(
  db: Reader,
  id: string,
  change: Partial<Pick<SessionRow, 'asksSignOut' | 'replayCounts' | 'latitude' | 'longitude'>>,
): Promise<void> {
  if (Object.keys(change).length > 0)
    await db.update(trainingSessions).set(change).where(eq(trainingSessions.id, id));
}
