import { eq, inArray, like, or, sql } from 'drizzle-orm';
import { attendanceEvidence, runEvidence, runEvidenceVersions } from '../../../drizzle/schema/programme.ts';
import type { Reader, Transaction } from '../../platform/database/open.ts';
import type { RunRow } from '../rules/evidence.ts';

/** A run with the version of its evidence: the same version, the same figures. */
export interface VersionedRun {
  run: RunRow;
  version: number;
}

/** The runs held under these region prefixes. */
export async function listVersionedRuns(db: Reader, prefixes: string[]): Promise<VersionedRun[]> {
  const rows = await db
    .select({ run: runEvidence, version: runEvidenceVersions.version })
    .from(runEvidence)
    .leftJoin(runEvidenceVersions, eq(runEvidenceVersions.runId, runEvidence.runId))
    .where(or(...prefixes.map((prefix) => like(runEvidence.regionCode, `${prefix}%`))));
  return rows.map(({ run, version }) => ({ run, version: version ?? 0 }));
}

/** Says that what these runs count may have changed. */
export async function raiseVersions(tx: Transaction, runIds: Iterable<string>): Promise<void> {
  for (const runId of new Set(runIds))
    await tx
      .insert(runEvidenceVersions)
      .values({ runId, version: 1 })
      .onConflictDoUpdate({
        target: runEvidenceVersions.runId,
        set: { version: sql`${runEvidenceVersions.version} + 1` },
      });
}

/** The runs in which one of these persons has evidence. */
export async function listRunsOfPersons(db: Reader, personIds: string[]): Promise<string[]> {
  const rows = await db
    .selectDistinct({ runId: attendanceEvidence.runId })
    .from(attendanceEvidence)
    .where(inArray(attendanceEvidence.personId, personIds));
  return rows.map((row) => row.runId);
}

/** The runs of these attendances, as the evidence has them. */
export async function listRunsOfAttendances(db: Reader, attendanceIds: string[]): Promise<string[]> {
  const rows = await db
    .selectDistinct({ runId: attendanceEvidence.runId })
    .from(attendanceEvidence)
    .where(inArray(attendanceEvidence.attendanceId, attendanceIds));
  return rows.map((row) => row.runId);
}
