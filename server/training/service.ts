import type { Clock } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import type { Vault } from '../platform/vault.ts';
import type { Learning } from '../learning/service.ts';
import type { Regions } from '../regions/service.ts';
import { openAttendance } from './attendance.ts';
import { openCalendar, type AccountDesk } from './calendar.ts';
import { openEnrolment } from './enrolment.ts';
import { openEvidence } from './evidence.ts';
import { enrolmentImport, type RosterDesk } from './import-enrolments.ts';
import { openMyLearning } from './my-learning.ts';
import type { BroadcastDesk, PeopleDesk, ProgrammeDesk } from './ports.ts';
import { openReplay } from './replay.ts';
import { openRoster } from './roster.ts';
import { openRuns } from './runs.ts';
import { openSigning } from './sign-in/service.ts';
import { openSurveys } from './surveys.ts';

export type { TrainingNews, AnswerFacts, AttendanceFacts, RunFacts } from './events.ts';
export type { RunCaption } from './evidence.ts';
export type {
  BroadcastDesk,
  LinkedBroadcast,
  MaskedPerson,
  PeopleDesk,
  ProgrammeDesk,
  ProgrammeFit,
} from './ports.ts';

/** The rooms and ports that training stands on. */
export interface TrainingParts {
  db: Database;
  clock: Clock;
  vault: Vault;
  regions: Regions;
  learning: Learning;
  broadcasts: BroadcastDesk;
  people: PeopleDesk;
  rosters: RosterDesk;
  accounts: AccountDesk;
  programmes: ProgrammeDesk;
  /** How long a phone without a network may keep a sign-in code. */
  signInLateHours: number;
  /** Where photos of signed sheets lie. */
  sheetsDir: string;
}

export type Training = ReturnType<typeof openTraining>;

/** Runs of courses and their sessions, who takes part, what they attended and how they liked it. */
export function openTraining(parts: TrainingParts) {
  const shelf = { learning: parts.learning, regions: parts.regions, broadcasts: parts.broadcasts };
  return {
    ...openRuns({ ...parts, shelf }),
    ...openEnrolment(parts),
    ...openAttendance({ ...parts, shelf }),
    ...openSurveys(parts),
    ...openRoster(parts),
    ...openReplay(parts),
    ...openSigning(parts),
    ...openMyLearning({ ...parts, shelf }),
    ...openEvidence(parts.db),
    ...openCalendar(parts),
    /** People to enrol, from a spreadsheet. */
    enrolmentImport: enrolmentImport(parts),
  };
}
