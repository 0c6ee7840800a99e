import { and, asc, desc, eq, inArray, like, lt, or, sql } from 'drizzle-orm';
import { videos, videoSubtitles } from '../../drizzle/schema/videos.ts';
import type { Reader } from '../platform/database/open.ts';
import type { VideoState } from './rules.ts';

export type VideoRow = typeof videos.$inferSelect;
export type SubtitleRow = typeof videoSubtitles.$inferSelect;

export async function findVideo(db: Reader, id: string): Promise<VideoRow | undefined> {
  const [row] = await db.select().from(videos).where(eq(videos.id, id));
  return row;
}

export async function insertVideo(db: Reader, row: VideoRow): Promise<void> {
  await db.insert(videos).values(row);
}

export async function updateVideo(db: Reader, id: string, changes: Partial<VideoRow>): Promise<void> {
  await db.update(videos).set(changes).where(eq(videos.id, id));
}

export async function deleteVideoRow(db: Reader, id: string): Promise<void> {
  await db.delete(videoSubtitles).where(eq(videoSubtitles.videoId, id));
  await db.delete(videos).where(eq(videos.id, id));
}

/** The one whose turn it is: first what waits for its check, then the greatest priority, the oldest of these first. */
export async function findNextWork(db: Reader): Promise<VideoRow | undefined> {
  const [row] = await db
    .select()
    .from(videos)
    .where(inArray(videos.state, ['uploaded', 'queued']))
    .orderBy(sql`${videos.state} = 'queued'`, desc(videos.priority), asc(videos.id))
    .limit(1);
  return row;
}

export function findVideos(db: Reader, ids: readonly string[]): Promise<VideoRow[]> {
  return db
    .select()
    .from(videos)
    .where(inArray(videos.id, [...ids]));
}

export function listVideosIn(db: Reader, states: readonly VideoState[]): Promise<VideoRow[]> {
  return db
    .select()
    .from(videos)
    .where(inArray(videos.state, [...states]));
}

/** Whose videos a list may show, beside those that are ready for everyone. Empty prefix: everywhere. */
export interface VideoSight {
  ownerAccountId?: string;
  regionPrefixes: readonly string[];
}

/** Newest first; `before` is an id. `mine` leaves only the caller's own. */
export function listVideoRows(
  db: Reader,
  filter: { sight: VideoSight; mine: boolean; before?: string; limit: number },
): Promise<VideoRow[]> {
  const { sight, mine, before } = filter;
  const { ownerAccountId } = sight;
  const own = ownerAccountId === undefined ? undefined : eq(videos.ownerAccountId, ownerAccountId);
  const shown =
    ownerAccountId === undefined ? ['public' as const] : ['public' as const, 'signed-in' as const];
  const visible = or(
    and(eq(videos.state, 'ready'), inArray(videos.visibility, shown)),
    own,
    ...sight.regionPrefixes.map((prefix) => like(videos.regionCode, `${prefix}%`)),
  );
  return db
    .select()
    .from(videos)
    .where(and(mine ? own : visible, before === undefined ? undefined : lt(videos.id, before)))
    .orderBy(desc(videos.id))
    .limit(filter.limit);
}

export function listSubtitles(db: Reader, videoIds: readonly string[]): Promise<SubtitleRow[]> {
  return db
    .select()
    .from(videoSubtitles)
    .where(inArray(videoSubtitles.videoId, [...videoIds]))
    .orderBy(desc(videoSubtitles.language));
}

export async function putSubtitle(db: Reader, row: SubtitleRow): Promise<void> {
  await db
    .insert(videoSubtitles)
    .values(row)
    .onConflictDoUpdate({ target: [videoSubtitles.videoId, videoSubtitles.language], set: row });
}

export async function deleteSubtitle(db: Reader, videoId: string, language: 'zh-CN' | 'en'): Promise<void> {
  await db
    .delete(videoSubtitles)
    .where(and(eq(videoSubtitles.videoId, videoId), eq(videoSubtitles.language, language)));
}
