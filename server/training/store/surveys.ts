import { and, eq, gt, inArray, isNull, lte } from 'drizzle-orm';
import { surveyAnswers } from '../../../drizzle/schema/training.ts';
import type { Reader } from '../../platform/database/open.ts';
import type { PersonRange } from './attendances.ts';

export type AnswerRow = typeof surveyAnswers.$inferSelect;

export async function findStandingAnswer(
  db: Reader,
  runId: string,
  personId: string,
): Promise<AnswerRow | undefined> {
  const [row] = await db
    .select()
    .from(surveyAnswers)
    .where(
      and(
        eq(surveyAnswers.runId, runId),
        eq(surveyAnswers.personId, personId),
        isNull(surveyAnswers.voidedAt),
      ),
    );
  return row;
}

/** The runs among these that the person has a standing answer to. */
export async function listRunsAnsweredBy(
  db: Reader,
  personId: string,
  runIds: string[],
): Promise<Set<string>> {
  const rows = await db
    .select({ runId: surveyAnswers.runId })
    .from(surveyAnswers)
    .where(
      and(
        eq(surveyAnswers.personId, personId),
        inArray(surveyAnswers.runId, runIds),
        isNull(surveyAnswers.voidedAt),
      ),
    );
  return new Set(rows.map((row) => row.runId));
}

export function listStandingAnswers(db: Reader, runId: string): Promise<AnswerRow[]> {
  return db
    .select()
    .from(surveyAnswers)
    .where(and(eq(surveyAnswers.runId, runId), isNull(surveyAnswers.voidedAt)));
}

export function listAnswersById(db: Reader, ids: string[]): Promise<AnswerRow[]> {
  return db.select().from(surveyAnswers).where(inArray(surveyAnswers.id, ids));
}

export function listAnswersInRange(db: Reader, range: PersonRange): Promise<AnswerRow[]> {
  return db
    .select()
    .from(surveyAnswers)
    .where(
      and(
        eq(surveyAnswers.runId, range.runId),
        gt(surveyAnswers.personId, range.after),
        range.last === undefined ? undefined : lte(surveyAnswers.personId, range.last),
      ),
    );
}

export async function insertAnswer(db: Reader, row: AnswerRow): Promise<void> {
  await db.insert(surveyAnswers).values(row);
}
