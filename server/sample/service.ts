import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ClipHandle } from '../../media/contract.ts';
import type { Actor } from '../platform/access/actor.ts';
import { shanghaiDay } from '../platform/clock.ts';
import type { Database } from '../platform/database/open.ts';
import { markInstallation } from '../platform/installation.ts';
import type { OutboxPump } from '../platform/outbox/pump.ts';
import { readSetting, writeSetting } from '../platform/settings.ts';
import type { Broadcasts } from '../broadcasts/service.ts';
import type { Identity } from '../identity/service.ts';
import type { Learning } from '../learning/service.ts';
import type { Programmes } from '../programme/service.ts';
import type { Regions } from '../regions/service.ts';
import type { Training } from '../training/service.ts';
import { COUNTIES, makeCast, type CountyCode } from './cast.ts';
import { learnOnline } from './learners.ts';
import { announceRun, holdRun, offerCourses, type Classroom } from './classes.ts';
import type { MovableClock } from './movable-clock.ts';
import { samplePlaces } from './places.ts';
import { seededRandom } from './random.ts';
import { eveningMs, pastRuns } from './timetable.ts';

const CLIP = fileURLToPath(new URL('clip/coffee-garden.mp4', import.meta.url));
const LIVE_BROADCAST = 'sample.live-broadcast';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SEED = 20190901;

/** The rooms the sample is made through. */
export interface SampleParts {
  db: Database;
  clock: MovableClock;
  pump: OutboxPump;
  regions: Regions;
  identity: Identity;
  broadcasts: Broadcasts;
  learning: Learning;
  training: Training;
  programmes: Programmes;
}

/**
 * The sample prefecture: four counties, 200 people, 30 past sessions, one class on the air. Everything is made by the
 * rooms' own verbs, the clock set back; so every figure has its rows. `tell` hears of the progress.
 */
export async function fillSample(
  parts: SampleParts,
  options: { password: string; tell: (line: string) => void; replaySeconds?: number },
): Promise<void> {
  const { db, clock, identity, regions } = parts;
  const todayMs = Date.now();
  await markInstallation(db, 'sample-filling');
  clock.standAt(todayMs - 160 * DAY_MS);
  const random = seededRandom(SEED);
  const cast = await makeCast({ identity, regions, random }, samplePlaces(), options.password);
  options.tell('200 people in 4 counties');
  await parts.learning.shipCourses();

  const programmes = await parts.programmes.copyProgramme(cast.admin, {
    catalogueId: 'dehong-2019',
    startsOn: shanghaiDay(todayMs - 150 * DAY_MS),
    endsOn: shanghaiDay(todayMs + 215 * DAY_MS),
    regionCodes: [...COUNTIES],
    targets: [],
  });
  const room: Classroom = { ...parts, random, cast, programmeId: programmes.id };
  const offers = {} as Record<CountyCode, Awaited<ReturnType<typeof offerCourses>>>;
  for (const county of COUNTIES) offers[county] = await offerCourses(room, county);

  const held = new Map<string, number>();
  const nextRun = (county: CountyCode) => {
    const count = held.get(county) ?? 0;
    held.set(county, count + 1);
    const courses = offers[county];
    const offer = courses[count % courses.length]!;
    return { ...offer, county, ordinal: Math.floor(count / courses.length) + 1 };
  };
  let sessions = 0;
  for (const past of pastRuns(todayMs)) {
    const [low, high] = past.enrolled;
    await holdRun(room, {
      ...nextRun(past.county),
      ...past,
      minutes: 90,
      enrolled: random.between(low, high),
    });
    sessions += past.startsAtMs.length;
    options.tell(`${sessions} past sessions with attendance and surveys`);
  }
  await announceWhatComes(db, room, nextRun, todayMs);
  const shown = await announceRun(room, {
    ...{ ...nextRun('533124'), minutes: 90, enrolled: 24, pleased: 1, open: true },
    startsAtMs: [todayMs - 2 * MINUTE_MS],
  });
  clock.release();
  await learnOnline(parts, cast);
  options.tell('a class on the air that becomes a replay');
  await recordReplay(
    parts,
    cast.trainers['533124'],
    shown.sessions[0]!.broadcastId,
    options.replaySeconds ?? 20,
  );
  await parts.pump.drain();
  await markInstallation(db, 'sample');
}

/** Lets a class really be on the air for a while: its replay is a recording like any other. */
async function recordReplay(
  { broadcasts }: Pick<SampleParts, 'broadcasts'>,
  trainer: Actor,
  broadcastId: string,
  seconds: number,
): Promise<void> {
  const clip = await broadcasts.loopClip(broadcastId, CLIP);
  await delay(seconds * 1000);
  await broadcasts.endBroadcast(trainer, broadcastId);
  await clip.close('the replay is recorded');
}

/** One class on the air now, in 芒市, and one in each county in the days to come. */
async function announceWhatComes(
  db: Database,
  room: Classroom,
  nextRun: (
    county: CountyCode,
  ) => Omit<Parameters<typeof announceRun>[1], 'startsAtMs' | 'minutes' | 'enrolled' | 'pleased'>,
  todayMs: number,
): Promise<void> {
  const plan = { minutes: 90, enrolled: 24, pleased: 1 };
  const live = await announceRun(room, {
    ...nextRun('533103'),
    ...plan,
    open: true,
    startsAtMs: [todayMs - 5 * MINUTE_MS],
  });
  await room.training.enrol(room.cast.trainee, live.runId);
  await writeSetting(db, LIVE_BROADCAST, live.sessions[0]!.broadcastId);
  for (const [index, county] of COUNTIES.entries()) {
    const startsAtMs = [eveningMs(todayMs, index + 2), eveningMs(todayMs, index + 3)];
    await announceRun(room, { ...nextRun(county), ...plan, startsAtMs });
  }
}

/** Puts the sample's class on the air, again at the same address after a restart. */
export async function playSample({
  db,
  broadcasts,
}: Pick<SampleParts, 'db' | 'broadcasts'>): Promise<ClipHandle> {
  const broadcastId = await readSetting<string>(db, LIVE_BROADCAST);
  if (!broadcastId) throw new Error('The sample has no broadcast to play');
  return broadcasts.loopClip(broadcastId, CLIP);
}
