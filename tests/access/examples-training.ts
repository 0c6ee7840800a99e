import { actorOf, COUNTY, PARENT } from './callers.ts';
import type { Example, ExampleRequest } from './example.ts';
import { SMALL_PNG } from '../support/small-png.ts';
import { signInAs } from '../support/sign-in-as.ts';
import { newBroadcast, newVillager, type World } from './world.ts';

const HOUR_MS = 3_600_000;

const inCounty = () => ({ regionCode: COUNTY });
/** The run is the owner's, whoever they are by now. */
export const ofOwner: Example['about'] = ({ owner }, asker) => ({
  regionCode: COUNTY,
  owner: asker.actor?.accountId === owner.accountId,
});

export function trainerOf({ owner }: World) {
  return actorOf(owner, [{ role: 'trainer', regionCode: COUNTY }]);
}

const courseInput = {
  title: '直播开店',
  summary: '从选品到开播',
  level: '普及培训',
  audiences: ['农村妇女'],
  hours: 4,
  regionCode: COUNTY,
};

async function newCourse(world: World): Promise<string> {
  return (await world.t.hub.learning.createCourse(trainerOf(world), courseInput)).id;
}

function runInput(courseId: string, startsInHours = 1) {
  const start = Date.now() + startsInHours * HOUR_MS;
  return {
    courseId,
    title: '第一期',
    regionCode: COUNTY,
    level: '普及培训',
    form: '线上直播',
    audiences: ['农村妇女'],
    hours: 4,
    capacity: 500,
    requiredSessions: 1,
    programmeIds: [],
    sessions: [
      {
        title: '第一讲',
        startsAt: new Date(start).toISOString(),
        endsAt: new Date(start + HOUR_MS).toISOString(),
        thresholdMinutes: 30,
      },
    ],
  };
}

/** An open run of the owner's. */
export async function newRun(world: World, startsInHours = 1) {
  const { training } = world.t.hub;
  const run = await training.createRun(trainerOf(world), runInput(await newCourse(world), startsInHours));
  return training.setEnrolmentOpen(trainerOf(world), run.id, true);
}

const aRun = async (world: World): Promise<ExampleRequest> => ({ params: { id: (await newRun(world)).id } });

const aSession = async (world: World): Promise<ExampleRequest> => ({
  params: { id: (await newRun(world)).sessions[0]!.id },
});

/** A class that one may sign in to, with a villager enrolled: whose phone it is and the code the screen shows. */
async function aClassNow(world: World) {
  const { hub } = world.t;
  const phone = `139${String(world.next()).padStart(8, '0')}`;
  const { personId } = await signInAs(hub, { homeRegionCode: COUNTY, phone });
  const run = await newRun(world, 0);
  await hub.training.enrol({ accountId: 'x', personId, grants: [] }, run.id);
  const id = run.sessions[0]!.id;
  const { token } = await hub.training.readScreen(trainerOf(world), id, 'in');
  return { params: { id }, personId, phone, token: token! };
}

/** A sheet of a class with one line, and a photo of it. */
async function aSheet(world: World): Promise<{ code: string; photoId: string }> {
  const { training } = world.t.hub;
  const { params } = await aClassNow(world);
  const { code } = await training.printSheet(trainerOf(world), params.id);
  const photo = await training.addSheetPhoto(trainerOf(world), code, SMALL_PNG);
  return { code, photoId: photo.id };
}

async function aMarkedSession(world: World): Promise<ExampleRequest> {
  const { params, personId } = await aClassNow(world);
  return { params, body: { entries: [{ personId }] } };
}

/** A run over whose class `personId` was measured to be present for an hour. */
async function newAttendedRun(world: World, personId: string) {
  const { hub } = world.t;
  const run = await newRun(world, -48 * (1 + world.next()));
  await hub.training.enrol({ accountId: 'x', personId, grants: [] }, run.id);
  const broadcastId = await newBroadcast(world.t, world.owner);
  const session = run.sessions[0]!;
  await hub.training.linkBroadcast(trainerOf(world), session.id, broadcastId);
  await hub.broadcasts.systemOnly.relive(broadcastId, {
    startedAtMs: Date.parse(session.startsAt),
    endedAtMs: Date.parse(session.endsAt),
    stays: [{ personId, startedAtMs: Date.parse(session.startsAt), endedAtMs: Date.parse(session.endsAt) }],
  });
  await hub.pump.drain();
  return run;
}

async function newAttendance(world: World): Promise<string> {
  const { personId } = await newVillager(world);
  const run = await newAttendedRun(world, personId);
  const roster = await world.t.hub.training.readRoster(trainerOf(world), run.id, 1);
  return roster.items[0]!.marks[0]!.attendanceId!;
}

/** Two days that no other programme has, however many are made: years would not last. */
function daysOfTheirOwn(count: number): { startsOn: string; endsOn: string } {
  const day = (after: number) =>
    new Date(Date.UTC(2030, 0, 1) + after * 86_400_000).toISOString().slice(0, 10);
  return { startsOn: day(2 * count), endsOn: day(2 * count + 1) };
}

async function newProgramme({ t, next }: World): Promise<string> {
  const administrator = {
    accountId: 'a',
    personId: 'a',
    grants: [{ role: 'administrator', regionCode: PARENT }],
  } as const;
  const { id } = await t.hub.programmes.copyProgramme(administrator, {
    catalogueId: 'longchuan-2019',
    ...daysOfTheirOwn(next()),
    regionCodes: [COUNTY],
    targets: [],
  });
  return id;
}

const aProgramme = async (world: World): Promise<ExampleRequest> => ({
  params: { id: await newProgramme(world), code: 'training.personTimes' },
  query: `region=${COUNTY}`,
});

export const TRAINING_EXAMPLES: Record<string, Example> = {
  'GET /api/courses': {},
  'POST /api/courses': { about: inCounty, request: () => ({ body: courseInput }) },
  'GET /api/courses/:id': { request: async (world) => ({ params: { id: await newCourse(world) } }) },
  'GET /api/catalogue/terms': {},

  'GET /api/runs': {},
  'POST /api/runs': {
    about: inCounty,
    request: async (world) => ({ body: runInput(await newCourse(world)) }),
  },
  'GET /api/runs/:id': { request: aRun },
  'POST /api/runs/:id/open': { about: ofOwner, request: aRun },
  'POST /api/runs/:id/close': { about: ofOwner, request: aRun },
  'POST /api/runs/:id/enrolment': { request: aRun },
  'DELETE /api/runs/:id/enrolment': { request: aRun },
  'POST /api/runs/:id/enrolments': {
    about: ofOwner,
    request: async (world) => ({
      ...(await aRun(world)),
      body: { personId: (await newVillager(world)).personId, reason: '没有手机' },
    }),
  },
  'GET /api/runs/:id/roster': { about: ofOwner, request: aRun },
  'GET /api/runs/:id/survey': { request: aRun },
  'POST /api/runs/:id/survey': {
    request: async (world, asker) => ({
      params: { id: (await newAttendedRun(world, asker.who?.personId ?? world.member.personId)).id },
      body: { overall: 5 },
    }),
  },
  'GET /api/runs/:id/survey/results': { about: ofOwner, request: aRun },
  'POST /api/sessions/:id/broadcast': {
    about: ofOwner,
    request: async (world) => ({
      params: { id: (await newRun(world)).sessions[0]!.id },
      body: { broadcastId: await newBroadcast(world.t, world.owner) },
    }),
  },
  'GET /api/sessions/:id/sign-in': { about: ofOwner, request: aSession },
  'PUT /api/sessions/:id/sign-in': {
    about: ofOwner,
    request: async (world) => ({ ...(await aSession(world)), body: { asksSignOut: true } }),
  },
  'GET /api/sessions/:id/roll': { about: ofOwner, request: aSession },
  'POST /api/sessions/:id/roll': { about: ofOwner, request: aMarkedSession },
  'POST /api/sessions/:id/assisted': {
    about: ofOwner,
    request: async (world) => {
      const { params, personId } = await aClassNow(world);
      return { params, body: { personId, helper: '刀安', witness: '玉香', reason: '不识字' } };
    },
  },
  'POST /api/sessions/:id/sheets': { about: ofOwner, request: aSession },
  'GET /api/sheets/:code': {
    about: ofOwner,
    request: async (world) => ({ params: { code: (await aSheet(world)).code } }),
  },
  'POST /api/sheets/:code/photos': {
    about: ofOwner,
    request: async (world) => ({ params: { code: (await aSheet(world)).code }, body: 'no photo' }),
    neverSucceeds: 'the walk sends text; tests/training/sign-in/sheets.test.ts sends a photo',
  },
  'POST /api/sheets/:code/marks': {
    about: ofOwner,
    request: async (world) => {
      const { code, photoId } = await aSheet(world);
      return { params: { code }, body: { photoId, marks: [{ number: 1 }] } };
    },
  },
  'GET /api/sheet-photos/:id': {
    about: ofOwner,
    request: async (world) => ({ params: { id: (await aSheet(world)).photoId } }),
  },
  'GET /api/sign-in/:token': {
    request: async (world) => ({ params: { token: (await aClassNow(world)).token } }),
  },
  'POST /api/sign-in': {
    request: async (world) => {
      const { token, phone } = await aClassNow(world);
      return { body: { token, name: '岩罕亮', phone } };
    },
  },
  'POST /api/replays/:id/seen': {
    request: ({ broadcastId }) => ({ params: { id: broadcastId }, body: { spans: [[0, 5]] } }),
  },
  'POST /api/attendances/:id/void': {
    about: ofOwner,
    request: async (world) => ({ params: { id: await newAttendance(world) }, body: { reason: '代签' } }),
  },
  'GET /api/me/learning': {},

  'GET /api/catalogue/programmes': {},
  'GET /api/programmes': {},
  'POST /api/programmes': {
    about: inCounty,
    request: (world) => ({
      body: { catalogueId: 'longchuan-2019', ...daysOfTheirOwn(world.next()), regionCodes: [COUNTY] },
    }),
  },
  'GET /api/programmes/:id': {
    request: async (world) => ({ params: { id: await newProgramme(world) } }),
  },
  'GET /api/programmes/:id/indicators': { about: inCounty, request: aProgramme },
  'GET /api/programmes/:id/freshness': { about: inCounty, request: aProgramme },
  'GET /api/programmes/:id/indicators/:code/evidence': { about: inCounty, request: aProgramme },
  'POST /api/programmes/:id/recompute': { about: inCounty, request: aProgramme },
};
