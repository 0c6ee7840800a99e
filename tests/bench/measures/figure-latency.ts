import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Actor } from '../../../server/platform/access/actor.ts';
import { shanghaiDay } from '../../../server/platform/clock.ts';
import { actorOf, COUNTY, holdClass, openRun, planBroadcast } from '../../support/classroom.ts';
import { openLiveHub, type LiveHub } from '../../support/live-hub.ts';
import { signInAs, type Someone } from '../../support/sign-in-as.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { openBareTable } from '../bare/table.ts';
import { percentile, repeat, type Comparison, type Measure } from '../comparison.ts';
import { ask } from '../people.ts';

const SAMPLES = 40;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEADLINE_MS = 5_000;
/** As server/platform/outbox/pump.ts. */
const PUMP_MS = 200;

interface Office {
  live: LiveHub;
  trainer: Actor;
  official: Someone;
  indicatorsPath: string;
}

/** From a committed fact (an answer, a presence that reached its threshold) to the official's figure over HTTP. */
export const measureFigureLatency: Measure = async (tell) => {
  const live = await openLiveHub();
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-bare-write-'));
  const table = await openBareTable(join(dir, 'bare.db'));
  try {
    const office = await openOffice(live);
    const bareMs = await repeat(SAMPLES, async (index) => {
      const startedAt = performance.now();
      await table.insert(`run-${index}`);
      if ((await table.count(`run-${index}`)) !== 1) throw new Error('The bare write is not read');
      return performance.now() - startedAt;
    });
    const routesMs = await measureBareRoutes();
    const answersMs = await measureAnswers(office);
    const attendancesMs = await measureAttendances(office);
    tell(`${answersMs.length} answers, ${attendancesMs.length} attendances`);
    const compare = (what: string, hubMs: number[], percent: number): Comparison => ({
      what: `${what}, p${percent}`,
      unit: 'ms',
      hub: percentile(hubMs, percent),
      bare: [
        { what: 'libSQL insert and read', value: percentile(bareMs, percent) },
        { what: 'Hono route that reads what another inserted', value: percentile(routesMs, percent) },
      ],
    });
    return [
      compare('Survey answer → satisfaction shown', answersMs, 50),
      compare('Survey answer → satisfaction shown', answersMs, 95),
      compare('Presence reached → person-times shown', attendancesMs, 50),
      compare('Presence reached → person-times shown', attendancesMs, 95),
    ];
  } finally {
    table.close();
    await rm(dir, { recursive: true, force: true });
    await live.close();
  }
};

async function measureBareRoutes(): Promise<number[]> {
  const bare = await serveBareRoutes();
  try {
    return await repeat(SAMPLES, async (index) => {
      const runId = `run-${index}`;
      await ask(bare.origin, 'POST', '/insert', { body: { runId } });
      const committedAt = performance.now();
      const { body } = await ask<{ count: number }>(bare.origin, 'GET', `/count?runId=${runId}`);
      if (body.count !== 1) throw new Error('The bare write is not read');
      return performance.now() - committedAt;
    });
  } finally {
    await bare.close();
  }
}

async function openOffice(live: LiveHub): Promise<Office> {
  const { hub } = live;
  const administrator = await actorOf(hub, { roles: [['administrator', '533100']] });
  const programme = await hub.programmes.copyProgramme(administrator, {
    catalogueId: 'dehong-2019',
    startsOn: shanghaiDay(Date.now() - 30 * DAY_MS),
    endsOn: shanghaiDay(Date.now() + 30 * DAY_MS),
    regionCodes: ['533103', '533124', '533123', '533122'],
    targets: [],
  });
  return {
    live,
    trainer: await actorOf(hub, { roles: [['trainer', COUNTY]] }),
    official: await signInAs(hub, { roles: [['county-official', COUNTY]] }),
    indicatorsPath: `/api/programmes/${programme.id}/indicators?region=${COUNTY}`,
  };
}

async function measureAnswers(office: Office): Promise<number[]> {
  const { live, trainer } = office;
  const run = await openRun(live.hub, trainer, { startsAtMs: Date.now() - 2 * HOUR_MS });
  const attendees = await Promise.all(Array.from({ length: SAMPLES }, () => signInAs(live.hub)));
  for (const { accountId, personId } of attendees)
    await live.hub.training.enrol({ accountId, personId, grants: [] }, run.id);
  await holdClass(
    live.hub,
    trainer,
    run.sessions[0]!,
    attendees.map(({ personId }) => ({ personId, minutes: 50 })),
  );
  const shown = () => readFigure(office, 'training.satisfaction', 'denominator');
  return repeat(SAMPLES, async (index) => {
    await driftAgainstPump(index);
    const before = await shown();
    const answered = await live.ask('POST', `/api/runs/${run.id}/survey`, attendees[index], { overall: 5 });
    if (answered.status !== 201) throw new Error(`An answer was refused: ${await answered.text()}`);
    return untilMoved(shown, before);
  });
}

async function measureAttendances(office: Office): Promise<number[]> {
  const { hub } = office.live;
  const shown = () => readFigure(office, 'training.personTimes', 'value');
  return repeat(SAMPLES, async (index) => {
    await driftAgainstPump(index);
    const startsAtMs = Date.now() - 2 * HOUR_MS;
    const run = await openRun(hub, office.trainer, { startsAtMs });
    const trainee = await actorOf(hub);
    await hub.training.enrol(trainee, run.id);
    const broadcastId = await planBroadcast(hub, office.trainer);
    await hub.training.linkBroadcast(office.trainer, run.sessions[0]!.id, broadcastId);
    const before = await shown();
    const endedAtMs = startsAtMs + HOUR_MS;
    const stays = [{ personId: trainee.personId, startedAtMs: startsAtMs, endedAtMs }];
    await hub.broadcasts.systemOnly.relive(broadcastId, { startedAtMs: startsAtMs, endedAtMs, stays });
    return untilMoved(shown, before);
  });
}

/** A figure that has just moved tells when the outbox was looked at last: without this, each fact would wait longest. */
async function driftAgainstPump(index: number): Promise<void> {
  await wait((index * PUMP_MS) / SAMPLES);
}

async function readFigure(
  { live, official, indicatorsPath }: Office,
  code: string,
  part: 'value' | 'denominator',
): Promise<number> {
  const response = await live.ask('GET', indicatorsPath, official);
  if (!response.ok) throw new Error(`The figures are refused: ${await response.text()}`);
  type Page = { indicators: { code: string; figure: Record<typeof part, number | null> | null }[] };
  const { indicators } = (await response.json()) as Page;
  return indicators.find((one) => one.code === code)?.figure?.[part] ?? 0;
}

/** Milliseconds from now until the figure has risen. */
async function untilMoved(shown: () => Promise<number>, before: number): Promise<number> {
  const committedAt = performance.now();
  while ((await shown()) <= before) {
    if (performance.now() - committedAt > DEADLINE_MS) throw new Error('The figure does not move');
  }
  return performance.now() - committedAt;
}
