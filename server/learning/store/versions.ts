import { and, desc, eq } from 'drizzle-orm';
import { courseDraftAssets, courseVersions, type StoredAsset } from '../../../drizzle/schema/learning.ts';
import type { Reader } from '../../platform/database/open.ts';

export type { StoredAsset } from '../../../drizzle/schema/learning.ts';
export type VersionRow = typeof courseVersions.$inferSelect;

export async function findVersion(
  db: Reader,
  courseId: string,
  version: number,
): Promise<VersionRow | undefined> {
  const [row] = await db
    .select()
    .from(courseVersions)
    .where(and(eq(courseVersions.courseId, courseId), eq(courseVersions.version, version)));
  return row;
}

/** Newest first, without their content. */
export function listVersions(db: Reader, courseId: string) {
  const { version, publishedAt, contentHash } = courseVersions;
  return db
    .select({ version, publishedAt, contentHash })
    .from(courseVersions)
    .where(eq(courseVersions.courseId, courseId))
    .orderBy(desc(version));
}

export async function insertVersion(db: Reader, row: VersionRow): Promise<void> {
  await db.insert(courseVersions).values(row);
}

export async function listDraftAssets(db: Reader, courseId: string): Promise<StoredAsset[]> {
  const { name, sha256, mediaType, byteLength } = courseDraftAssets;
  return db
    .select({ name, sha256, mediaType, byteLength })
    .from(courseDraftAssets)
    .where(eq(courseDraftAssets.courseId, courseId))
    .orderBy(name);
}

export async function putDraftAsset(db: Reader, courseId: string, asset: StoredAsset): Promise<void> {
  await db
    .insert(courseDraftAssets)
    .values({ courseId, ...asset })
    .onConflictDoUpdate({ target: [courseDraftAssets.courseId, courseDraftAssets.name], set: asset });
}

export async function deleteDraftAsset(db: Reader, courseId: string, name: string): Promise<void> {
  await db
    .delete(courseDraftAssets)
    .where(and(eq(courseDraftAssets.courseId, courseId), eq(courseDraftAssets.name, name)));
}
