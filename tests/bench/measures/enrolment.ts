import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveHub } from '../../support/serve-hub.ts';
import { serveBareRoutes } from '../bare/serve-routes.ts';
import { openBareTable } from '../bare/table.ts';
import { byTurns, median, type Measure } from '../comparison.ts';
import { measureRate, post } from '../load.ts';
import { ask, registerTrainees, setUpAdministrator, type Visitor } from '../people.ts';

const ACCOUNTS = 200;
const ROUNDS = 3;
const RUNS_A_ROUND = 5;
const PER_ROUND = ACCOUNTS * RUNS_A_ROUND;

/** Trainees enrolling themselves, each in every run, many at once. */
export const measureEnrolment: Measure = async (tell) => {
  const hub = await serveHub({ env: { TRUST_PROXY: '1' } });
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-bare-write-'));
  const table = await openBareTable(join(dir, 'bare.db'));
  try {
    const bare = await serveBareRoutes();
    try {
      const runIds = await openRuns(hub.origin, await setUpAdministrator(hub), 1 + ROUNDS * RUNS_A_ROUND);
      const trainees = await registerTrainees(hub.origin, ACCOUNTS);
      let made = 0;
      const enrol = () => {
        const number = made++;
        const runId = runIds[Math.floor(number / ACCOUNTS)]!;
        return post(`/api/runs/${runId}/enrolment`, {}, { cookie: trainees[number % ACCOUNTS]!.cookie });
      };
      const insert = () => post('/insert', { runId: runIds[0] });
      const turns = {
        hub: () => measureRate(hub.origin, { amount: PER_ROUND }, enrol),
        route: () => measureRate(bare.origin, { amount: PER_ROUND }, insert),
        write: async () => {
          const startedAt = performance.now();
          for (let written = 0; written < PER_ROUND; written += 1) await table.insert(runIds[0]!);
          return PER_ROUND / ((performance.now() - startedAt) / 1000);
        },
      };
      await measureRate(hub.origin, { amount: ACCOUNTS }, enrol);
      await measureRate(bare.origin, { amount: ACCOUNTS }, insert);
      const rates = await byTurns(ROUNDS, turns);
      tell(`enrolment ${rates.hub.map(Math.round).join(', ')} requests/s`);
      return [
        {
          what: 'Enrolment',
          unit: 'requests/s',
          hub: median(rates.hub),
          bare: [
            { what: 'Hono route that inserts one row', value: median(rates.route) },
            { what: 'libSQL insert, no HTTP', value: median(rates.write) },
          ],
        },
      ];
    } finally {
      await bare.close();
    }
  } finally {
    table.close();
    await rm(dir, { recursive: true, force: true });
    await hub.close();
  }
};

async function openRuns(origin: string, { cookie }: Visitor, count: number): Promise<string[]> {
  const about = { level: '普及培训', audiences: ['农村群众'], hours: 4, regionCode: '533103' };
  const newCourse = { ...about, title: '直播开店', summary: '从选品到开播' };
  const { body: course } = await ask<{ id: string }>(origin, 'POST', '/api/courses', {
    cookie,
    body: newCourse,
  });
  const ids: string[] = [];
  for (let ordinal = 1; ordinal <= count; ordinal += 1) {
    const startsAtMs = Date.now() + ordinal * 86_400_000;
    const newRun = {
      ...about,
      courseId: course.id,
      title: `第 ${ordinal} 期`,
      form: '线上直播',
      capacity: ACCOUNTS,
      sessions: [
        {
          title: '第 1 讲',
          startsAt: new Date(startsAtMs).toISOString(),
          endsAt: new Date(startsAtMs + 3_600_000).toISOString(),
          thresholdMinutes: 30,
        },
      ],
    };
    const { body: run } = await ask<{ id: string }>(origin, 'POST', '/api/runs', { cookie, body: newRun });
    await ask(origin, 'POST', `/api/runs/${run.id}/open`, { cookie });
    ids.push(run.id);
  }
  return ids;
}
