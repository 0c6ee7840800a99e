import { instant } from '../platform/clock.ts';
import type { Broadcasts } from '../broadcasts/service.ts';
import type { Learning } from '../learning/service.ts';
import type { OutboxPump } from '../platform/outbox/pump.ts';
import type { Training } from '../training/service.ts';
import type { Cast, CountyCode } from './cast.ts';
import { SAMPLE_COURSES, type SampleCourse } from './curriculum.ts';
import type { MovableClock } from './movable-clock.ts';
import type { Random } from './random.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Of ten enrolled, how many stay long enough, and of ten of those how many answer. */
const STAYING = 0.88;
const ANSWERING = 0.82;

export interface Classroom {
  learning: Learning;
  training: Training;
  broadcasts: Broadcasts;
  pump: OutboxPump;
  clock: MovableClock;
  random: Random;
  cast: Cast;
  programmeId: string;
}

/** A run to be held: `startsAtMs` of each session, which lasts `minutes`. */
export interface PlannedRun {
  county: CountyCode;
  course: SampleCourse;
  courseId: string;
  ordinal: number;
  startsAtMs: number[];
  minutes: number;
  enrolled: number;
  /** How likely an attendee is to be satisfied. */
  pleased: number;
  /** Open to anyone with the address, not only to who is enrolled. */
  open?: boolean;
}

/** Adds each county's courses to the public list. */
export async function offerCourses(
  room: Classroom,
  county: CountyCode,
): Promise<{ course: SampleCourse; courseId: string }[]> {
  const offered: { course: SampleCourse; courseId: string }[] = [];
  for (const course of SAMPLE_COURSES) {
    const { id } = await room.learning.createCourse(room.cast.trainers[county], {
      ...course,
      regionCode: county,
    });
    offered.push({ course, courseId: id });
  }
  return offered;
}

/** Announces a run ten days before its first session, with a broadcast for each, and fills its places. */
export async function announceRun(room: Classroom, plan: PlannedRun) {
  const { training, broadcasts, clock, cast, random } = room;
  const trainer = cast.trainers[plan.county];
  clock.standAt(Math.min(plan.startsAtMs[0]! - 10 * DAY_MS, Date.now() - DAY_MS));
  const run = await training.createRun(trainer, {
    courseId: plan.courseId,
    title: `${plan.course.title}（第 ${plan.ordinal} 期）`,
    regionCode: plan.county,
    level: plan.course.level,
    form: '线上直播',
    audiences: plan.course.audiences,
    hours: plan.course.hours,
    capacity: Math.max(40, plan.enrolled),
    requiredSessions: plan.startsAtMs.length,
    programmeIds: [room.programmeId],
    sessions: plan.startsAtMs.map((startsAtMs, index) => ({
      title: plan.startsAtMs.length === 1 ? plan.course.title : `第 ${index + 1} 讲`,
      startsAt: instant(startsAtMs),
      endsAt: instant(startsAtMs + plan.minutes * MINUTE_MS),
      thresholdMinutes: Math.round(plan.minutes * 0.6),
    })),
  });
  await training.setEnrolmentOpen(trainer, run.id, true);
  const sessions: { id: string; broadcastId: string; startsAtMs: number }[] = [];
  for (const [index, session] of run.sessions.entries()) {
    const startsAtMs = plan.startsAtMs[index]!;
    const broadcast = await broadcasts.createBroadcast(trainer, {
      title: titleOnAir(plan, session.title),
      kind: 'class',
      visibility: plan.open ? 'public' : 'members',
      regionCode: plan.county,
      scheduledFor: instant(startsAtMs),
    });
    await training.linkBroadcast(trainer, session.id, broadcast.id);
    sessions.push({ id: session.id, broadcastId: broadcast.id, startsAtMs });
  }
  const trainees = random.sample(cast.trainees[plan.county], plan.enrolled);
  for (const trainee of trainees) await training.enrol(trainee, run.id);
  return { runId: run.id, sessions, trainees };
}

function titleOnAir(plan: PlannedRun, sessionTitle: string): string {
  return plan.startsAtMs.length === 1 ? plan.course.title : `${plan.course.title} · ${sessionTitle}`;
}

/** Holds an announced run in the past: presence, attendance and answers follow from its own rules. */
export async function holdRun(room: Classroom, plan: PlannedRun): Promise<void> {
  const { training, broadcasts, pump, clock, random } = room;
  const { runId, sessions, trainees } = await announceRun(room, plan);
  const lengthMs = plan.minutes * MINUTE_MS;
  for (const session of sessions) {
    const endedAtMs = session.startsAtMs + lengthMs;
    clock.standAt(endedAtMs);
    await broadcasts.systemOnly.relive(session.broadcastId, {
      startedAtMs: session.startsAtMs,
      endedAtMs,
      stays: trainees.map(({ personId }) => {
        const lateMs = random.between(0, 6) * MINUTE_MS;
        const shareStayed = random.next() < STAYING ? 0.75 + random.next() * 0.25 : random.next() * 0.5;
        const startedAtMs = session.startsAtMs + lateMs;
        return {
          personId,
          startedAtMs,
          endedAtMs: Math.round(startedAtMs + (lengthMs - lateMs) * shareStayed),
        };
      }),
    });
    await pump.drain();
  }
  clock.standAt(sessions.at(-1)!.startsAtMs + lengthMs + 45 * MINUTE_MS);
  for (const trainee of trainees) {
    const survey = await training.readSurvey(trainee, runId);
    if (survey.state !== 'waiting' || random.next() > ANSWERING) continue;
    const overall = random.next() < plan.pleased ? random.between(4, 5) : random.between(2, 3);
    const items = Object.fromEntries(
      survey.definition.items.map(({ code }) => [code, Math.max(1, overall - random.between(0, 1))]),
    );
    await training.answerSurvey(trainee, runId, { overall, items });
  }
  await training.setEnrolmentOpen(room.cast.trainers[plan.county], runId, false);
  await pump.drain();
}
