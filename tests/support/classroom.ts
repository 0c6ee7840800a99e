import type { Actor, Role } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';

export const COUNTY = '533103';
const MINUTE_MS = 60_000;

/** Someone as the verbs see them, without a session; roles as `[role, regionCode]`. */
export async function actorOf(
  { identity }: Pick<Hub, 'identity'>,
  options: { roles?: [Role, string][]; name?: string; verified?: boolean; home?: string } = {},
): Promise<Actor> {
  const personId = await identity.systemOnly.createPerson({
    name: options.name ?? '岩罕亮',
    homeRegionCode: options.home ?? COUNTY,
    verifiedBy: options.verified ? 'village-roster' : undefined,
  });
  const grants = (options.roles ?? []).map(([role, regionCode]) => ({ role, regionCode }));
  return { accountId: `account-of-${personId}`, personId, grants };
}

/** A run to be made: sessions last an hour, one a day, the first at `startsAtMs`. */
export interface RunPlan {
  regionCode?: string;
  level?: string;
  capacity?: number;
  sessions?: number;
  requiredSessions?: number;
  programmeIds?: string[];
  startsAtMs?: number;
  thresholdMinutes?: number;
}

/** An open run of the trainer's with a course of its own. */
export async function openRun({ learning, training }: Hub, trainer: Actor, plan: RunPlan = {}) {
  const about = {
    level: plan.level ?? '普及培训',
    audiences: ['农村群众'],
    hours: 4,
    regionCode: plan.regionCode ?? COUNTY,
  };
  const course = await learning.createCourse(trainer, {
    ...about,
    title: '直播开店',
    summary: '从选品到开播',
  });
  const startsAtMs = plan.startsAtMs ?? Date.now();
  const run = await training.createRun(trainer, {
    ...about,
    courseId: course.id,
    title: '第一期',
    form: '线上直播',
    capacity: plan.capacity ?? 100,
    requiredSessions: plan.requiredSessions ?? 1,
    programmeIds: plan.programmeIds ?? [],
    sessions: Array.from({ length: plan.sessions ?? 1 }, (_, index) => ({
      title: `第 ${index + 1} 讲`,
      startsAt: new Date(startsAtMs + index * 24 * 60 * MINUTE_MS).toISOString(),
      endsAt: new Date(startsAtMs + index * 24 * 60 * MINUTE_MS + 60 * MINUTE_MS).toISOString(),
      thresholdMinutes: plan.thresholdMinutes ?? 30,
    })),
  });
  return training.setEnrolmentOpen(trainer, run.id, true);
}

/** A class broadcast of the trainer's, not linked to anything. */
export async function planBroadcast({ broadcasts }: Hub, trainer: Actor, regionCode = COUNTY) {
  const host = { ...trainer, grants: [{ role: 'trainer' as const, regionCode }] };
  const plan = { title: '第一讲', kind: 'class', visibility: 'members', regionCode } as const;
  return (await broadcasts.createBroadcast(host, plan)).id;
}

/** Lets a session's class have happened: who watched for how many minutes. Links first unless `late`. */
export async function holdClass(
  hub: Hub,
  trainer: Actor,
  session: { id: string; startsAt: string; endsAt: string },
  watched: { personId: string; minutes: number }[],
  options: { late?: boolean } = {},
): Promise<string> {
  const broadcastId = await planBroadcast(hub, trainer);
  if (!options.late) await hub.training.linkBroadcast(trainer, session.id, broadcastId);
  const startedAtMs = Date.parse(session.startsAt);
  await hub.broadcasts.systemOnly.relive(broadcastId, {
    startedAtMs,
    endedAtMs: Date.parse(session.endsAt),
    stays: watched.map(({ personId, minutes }) => ({
      personId,
      startedAtMs,
      endedAtMs: startedAtMs + minutes * MINUTE_MS,
    })),
  });
  if (options.late) await hub.training.linkBroadcast(trainer, session.id, broadcastId);
  await hub.pump.drain();
  return broadcastId;
}
