import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay } from '../platform/access/decide.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { isAttendee, isOver } from './rules.ts';
import { listStandingOfPersons } from './store/attendances.ts';
import { listEnrolmentsOfPerson } from './store/enrolments.ts';
import { listRunsById } from './store/runs.ts';
import { listRunsAnsweredBy } from './store/surveys.ts';
import { viewRuns, type RunShelf, type RunView, type SessionView } from './view-run.ts';

const RUNS_SHOWN = 60;
const REPLAYS_SHOWN = 20;

/** One class of mine: the session with the run it belongs to. `attended` as recorded so far. */
export interface MyClass {
  runId: string;
  runTitle: string;
  session: SessionView;
  attended: boolean;
}

/** What a trainee sees first: what is on now, what comes next, what is left to do. */
export interface MyLearning {
  now: string;
  live: MyClass[];
  /** Classes still to come, the nearest first. */
  upcoming: MyClass[];
  /** Classes that can be watched again, the latest first. */
  replays: MyClass[];
  surveysWaiting: { runId: string; runTitle: string }[];
  runs: (RunView & { attendedSessions: number; counted: boolean; surveyAnswered: boolean })[];
}

interface MyLearningParts {
  db: Database;
  clock: Clock;
  shelf: RunShelf;
}

/** The trainee's own view over the runs they are enrolled in. */
export function openMyLearning({ db, clock, shelf }: MyLearningParts) {
  return {
    /** The caller's latest runs, sorted into what is live, next, to watch again and to answer. */
    async readMyLearning(caller: Caller): Promise<MyLearning> {
      const { personId } = actorWhoMay(caller, 'learning.own');
      const nowMs = clock.now();
      const ids = (await listEnrolmentsOfPerson(db, personId, RUNS_SHOWN)).map((row) => row.runId);
      const [rows, standing, answered] = await Promise.all([
        listRunsById(db, ids),
        listStandingOfPersons(db, [personId]),
        listRunsAnsweredBy(db, personId, ids),
      ]);
      const attended = new Set(standing.map((row) => row.sessionId));
      const views = await viewRuns(db, shelf, rows);
      const runs = views.map((run) => {
        const attendedSessions = run.sessions.filter((session) => attended.has(session.id)).length;
        return {
          ...run,
          attendedSessions,
          counted: isAttendee(attendedSessions, run.requiredSessions),
          surveyAnswered: answered.has(run.id),
        };
      });
      const classes = views.flatMap((run) =>
        run.sessions.map((session): MyClass => ({
          runId: run.id,
          runTitle: run.title,
          session,
          attended: attended.has(session.id),
        })),
      );
      const byStart = (a: MyClass, b: MyClass) => a.session.startsAt.localeCompare(b.session.startsAt);
      const over = ({ session }: MyClass) =>
        isOver(session.broadcastState ?? undefined, session.endsAt, nowMs);
      return {
        now: instant(nowMs),
        live: classes.filter(isLive).toSorted(byStart),
        upcoming: classes.filter((one) => !isLive(one) && !over(one)).toSorted(byStart),
        replays: classes
          .filter(({ session }) => session.broadcastState === 'replay')
          .toSorted((a, b) => byStart(b, a))
          .slice(0, REPLAYS_SHOWN),
        surveysWaiting: runs
          .filter((run) => run.counted && !run.surveyAnswered)
          .filter((run) => classes.every((one) => one.runId !== run.id || !one.attended || over(one)))
          .map((run) => ({ runId: run.id, runTitle: run.title })),
        runs,
      };
    },
  };
}

function isLive({ session }: MyClass): boolean {
  return session.broadcastState === 'live' || session.broadcastState === 'interrupted';
}
