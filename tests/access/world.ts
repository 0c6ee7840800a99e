import type { TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import { actorOf, COUNTY, makeAskers, type AskerKind } from './callers.ts';

/** What the examples' requests are about: one thing of each kind, all in `COUNTY`, owned by `owner`. */
export interface World {
  t: TestHub;
  owner: Someone;
  member: Someone;
  /** Holds an office in the county and is enrolled in the class as well. */
  enrolledOfficial: Someone;
  broadcastId: string;
  setupToken: string;
  askers: AskerKind[];
  /** Counts up: for names that may be taken once. */
  next(): number;
}

/** Builds the world through the rooms' own verbs. */
export async function buildWorld(t: TestHub): Promise<World> {
  const { hub } = t;
  const owner = await signInAs(hub, { username: 'owner' });
  const member = await signInAs(hub, { username: 'member' });
  const broadcastId = await newBroadcast(t, owner);
  const enrolledOfficial = await signInAs(hub, { username: 'official' });
  await enrolInClass(t, owner, [member, enrolledOfficial], broadcastId);
  const setupToken = await hub.identity.ensureSetupLink();
  if (!setupToken) throw new Error('The world has an administrator before its setup link');
  let count = 0;
  return {
    t,
    owner,
    member,
    enrolledOfficial,
    broadcastId,
    setupToken,
    askers: await makeAskers(hub, { owner, member, enrolledOfficial, broadcastId }),
    next: () => (count += 1),
  };
}

/** A villager of the county with an account and no rights: who codes, roles and verifications are for. */
export async function newVillager({ t }: World): Promise<Someone> {
  return signInAs(t.hub, { homeRegionCode: COUNTY });
}

/** A class of the owner's for members only, planned in the county. */
export async function newBroadcast({ hub }: TestHub, owner: Someone): Promise<string> {
  const host = actorOf(owner, [{ role: 'host', regionCode: COUNTY }]);
  const plan = { title: '直播开店第一课', kind: 'class', visibility: 'members', regionCode: COUNTY } as const;
  return (await hub.broadcasts.createBroadcast(host, plan)).id;
}

/** Makes members of them: enrolled in the run whose session the owner's broadcast is. */
async function enrolInClass(
  { hub }: TestHub,
  owner: Someone,
  members: Someone[],
  broadcastId: string,
): Promise<void> {
  const trainer = actorOf(owner, [{ role: 'trainer', regionCode: COUNTY }]);
  const what = { level: '普及培训', audiences: ['农村群众'], hours: 2, regionCode: COUNTY };
  const course = await hub.learning.createCourse(trainer, { ...what, title: '直播开店', summary: '第一课' });
  const startsAt = new Date().toISOString();
  const endsAt = new Date(Date.now() + 3_600_000).toISOString();
  const run = await hub.training.createRun(trainer, {
    ...what,
    courseId: course.id,
    title: '第一期',
    form: '线上直播',
    capacity: 10,
    requiredSessions: 1,
    programmeIds: [],
    sessions: [{ title: '第一讲', startsAt, endsAt, thresholdMinutes: 30 }],
  });
  await hub.training.setEnrolmentOpen(trainer, run.id, true);
  for (const member of members) await hub.training.enrol(actorOf(member, []), run.id);
  await hub.training.linkBroadcast(trainer, run.sessions[0]!.id, broadcastId);
}
