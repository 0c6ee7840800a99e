import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import type { Vault } from '../platform/vault.ts';
import { tell } from './events.ts';
import type { BroadcastDesk } from './ports.ts';
import { isAttendee, isOver } from './rules.ts';
import { circumstancesOf, requireRun } from './runs.ts';
import { listAttendancesOf, listStandingOfRun } from './store/attendances.ts';
import { listSessionsOfRuns, type RunRow } from './store/runs.ts';
import { findStandingAnswer, insertAnswer, listStandingAnswers, type AnswerRow } from './store/surveys.ts';
import { SURVEY, type SurveyDefinition } from './survey.ts';

const COMMENT_PURPOSE = 'survey.comment';

/** What an attendee says of a run: 5 很满意 … 1 很不满意. `items` by the codes of the definition. */
export interface NewAnswer {
  overall: number;
  items: Record<string, number>;
  comment?: string;
}

/** The survey of a run, as it stands for the caller. */
export interface SurveyPage {
  runId: string;
  runTitle: string;
  definition: SurveyDefinition;
  /** `waiting` can be answered; `not-attended` also while the class is still on. */
  state: 'waiting' | 'answered' | 'not-attended';
}

/** What a run's attendees said, for its trainer and for officials. `answers` of `attendees` have answered. */
export interface SurveyResults {
  runId: string;
  attendees: number;
  answers: number;
  satisfied: number;
  overall: Record<number, number>;
  /** The sum and number of the answers to each item, by its code. */
  items: Record<string, { sum: number; answers: number }>;
  /** Newest first, without who wrote them. */
  comments: string[];
}

interface SurveyParts {
  db: Database;
  clock: Clock;
  vault: Vault;
  broadcasts: BroadcastDesk;
}

/** One survey per attendee and run. */
export function openSurveys({ db, clock, vault, broadcasts }: SurveyParts) {
  /** True when the person attended as the run's rule asks, and those classes are over. */
  async function mayAnswer(reader: Reader, run: RunRow, personId: string): Promise<boolean> {
    const standing = (await listAttendancesOf(reader, run.id, [personId])).filter((row) => !row.voidedAt);
    if (!isAttendee(standing.length, run.requiredSessions)) return false;
    const attended = new Set(standing.map((row) => row.sessionId));
    const sessions = (await listSessionsOfRuns(reader, [run.id])).filter((row) => attended.has(row.id));
    const states = await broadcasts.broadcastsById(sessions.flatMap((session) => session.broadcastId ?? []));
    return sessions.every((session) =>
      isOver(states.get(session.broadcastId ?? '')?.state, session.endsAt, clock.now()),
    );
  }

  return {
    /** The survey of a run and whether it waits for the caller. */
    async readSurvey(caller: Caller, runId: string): Promise<SurveyPage> {
      const actor = actorWhoMay(caller, 'survey.answer');
      const run = await requireRun(db, runId);
      const answered = await findStandingAnswer(db, runId, actor.personId);
      const waiting = !answered && (await mayAnswer(db, run, actor.personId));
      return {
        runId,
        runTitle: run.title,
        definition: SURVEY,
        state: answered ? 'answered' : waiting ? 'waiting' : 'not-attended',
      };
    },

    /** Takes the caller's one answer. Throws `survey.not-attended` or, the second time, `survey.answered`. */
    async answerSurvey(caller: Caller, runId: string, answer: NewAnswer): Promise<{ id: string }> {
      const actor = actorWhoMay(caller, 'survey.answer');
      return db.transaction(async (tx) => {
        const run = await requireRun(tx, runId);
        if (await findStandingAnswer(tx, runId, actor.personId)) throw new HubError('survey.answered');
        if (!(await mayAnswer(tx, run, actor.personId))) throw new HubError('survey.not-attended');
        const now = instant(clock.now());
        const row: AnswerRow = {
          id: newId<'answer'>(),
          runId,
          personId: actor.personId,
          overall: answer.overall,
          items: answer.items,
          commentSealed: answer.comment ? vault.seal(COMMENT_PURPOSE, answer.comment) : null,
          method: 'self',
          surveyVersion: SURVEY.version,
          occurredAt: now,
          recordedAt: now,
          recordedBy: actor.accountId,
          voidedAt: null,
          voidedBy: null,
          voidReason: null,
        };
        await insertAnswer(tx, row);
        const { id: answerId, personId, overall, method, occurredAt, recordedAt } = row;
        await tell(
          tx,
          'training.survey-answered',
          { answerId, runId, personId, overall, method, occurredAt, recordedAt },
          now,
        );
        return { id: answerId };
      });
    },

    /** What the attendees of a run said, summed up; comments without names. */
    async surveyResults(caller: Caller, runId: string): Promise<SurveyResults> {
      const run = await requireRun(db, runId);
      ensureMay(caller, 'run.roster', circumstancesOf(run, caller));
      const attendees = attendeesOf(await listStandingOfRun(db, runId), run.requiredSessions);
      const answers = (await listStandingAnswers(db, runId)).filter((row) => attendees.has(row.personId));
      const items = SURVEY.items.map(({ code }) => {
        const given = answers.flatMap((row) => row.items[code] ?? []);
        return [code, { sum: given.reduce((sum, value) => sum + value, 0), answers: given.length }] as const;
      });
      return {
        runId,
        attendees: attendees.size,
        answers: answers.length,
        satisfied: answers.filter((row) => row.overall >= 4).length,
        overall: Object.fromEntries(
          SURVEY.scale.map(({ value }) => [value, answers.filter((row) => row.overall === value).length]),
        ),
        items: Object.fromEntries(items),
        comments: answers
          .toSorted((a, b) => b.id.localeCompare(a.id))
          .flatMap((row) => (row.commentSealed ? vault.open(COMMENT_PURPOSE, row.commentSealed) : [])),
      };
    },
  };
}

/** The persons whose standing attendances are enough for the run. */
function attendeesOf(rows: { personId: string }[], requiredSessions: number): Set<string> {
  const attended = new Map<string, number>();
  for (const row of rows) attended.set(row.personId, (attended.get(row.personId) ?? 0) + 1);
  return new Set([...attended].filter(([, n]) => isAttendee(n, requiredSessions)).map(([id]) => id));
}
