import { join } from 'node:path';
import { openDatabase } from '../../server/platform/database/open.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { openIdentity } from '../../server/identity/service.ts';
import { openVault } from '../../server/platform/vault.ts';
import { openRegions } from '../../server/regions/service.ts';
import { signInAs, type Someone } from './sign-in-as.ts';

const COUNTY = '533103';
const MINUTE_MS = 60_000;

/** A run whose class has just begun, of a hub that runs as another process. */
export interface ClassNow {
  runId: string;
  sessionId: string;
  /** The code that the screen shows now. */
  readToken(): Promise<string>;
  /** How many have signed in, and of how many it is their attendance. */
  count(): Promise<{ signedIn: number; attended: number }>;
}

/** A trainer and so many trainees, made on the files of a hub that is stopped: two processes would write them. */
export async function makeClassPeople(
  dataDir: string,
  count: number,
): Promise<{ trainer: Someone; trainees: Someone[] }> {
  const db = await openDatabase(`file:${join(dataDir, 'hub.db')}`);
  try {
    const vault = openVault(dataDir, undefined);
    const regions = openRegions({ db, clock: systemClock });
    const identity = openIdentity({ db, clock: systemClock, vault, regions });
    const trainer = await signInAs({ identity }, { roles: [['trainer', COUNTY]] });
    const trainees: Someone[] = [];
    while (trainees.length < count) trainees.push(await signInAs({ identity }));
    return { trainer, trainees };
  } finally {
    await db.close();
  }
}

/** Opens a run of the trainer's whose one session began a minute ago, and enrols the trainees. */
export async function openClassNow(
  origin: string,
  { trainer, trainees }: { trainer: Someone; trainees: Someone[] },
): Promise<ClassNow> {
  async function ask<T>(who: Someone, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(origin + path, {
      method,
      headers: { 'content-type': 'application/json', cookie: who.cookie },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const about = { level: '普及培训', audiences: ['农村群众'], hours: 4, regionCode: COUNTY };
  const course = { ...about, title: '手机摄影', summary: '拍好一颗咖啡豆' };
  const { id: courseId } = await ask<{ id: string }>(trainer, 'POST', '/api/courses', course);
  const startsAtMs = Date.now() - MINUTE_MS;
  const run = await ask<{ id: string; sessions: { id: string }[] }>(trainer, 'POST', '/api/runs', {
    ...{ ...about, courseId, title: '第一期', form: '课堂教学', capacity: 5000 },
    sessions: [
      {
        ...{ title: '第一讲', thresholdMinutes: 30 },
        startsAt: new Date(startsAtMs).toISOString(),
        endsAt: new Date(startsAtMs + 60 * MINUTE_MS).toISOString(),
      },
    ],
  });
  await ask(trainer, 'POST', `/api/runs/${run.id}/open`);
  for (let at = 0; at < trainees.length; at += 50)
    await Promise.all(
      trainees.slice(at, at + 50).map((one) => ask(one, 'POST', `/api/runs/${run.id}/enrolment`)),
    );
  const sessionId = run.sessions[0]!.id;
  const readScreen = () =>
    ask<{ token: string; signedIn: number }>(trainer, 'GET', `/api/sessions/${sessionId}/sign-in`);
  const readRoll = (page: number) =>
    ask<{ items: { attended: boolean }[]; pageCount: number }>(
      trainer,
      'GET',
      `/api/sessions/${sessionId}/roll?page=${page}`,
    );
  return {
    runId: run.id,
    sessionId,
    readToken: async () => (await readScreen()).token,
    async count() {
      const { signedIn } = await readScreen();
      let attended = 0;
      for (let page = 1, pages = 1; page <= pages; page += 1) {
        const roll = await readRoll(page);
        pages = roll.pageCount;
        attended += roll.items.filter((line) => line.attended).length;
      }
      return { signedIn, attended };
    },
  };
}
