import { setTimeout as wait } from 'node:timers/promises';

/** Sign-ins of the sample (server/sample/cast.ts) whose pages are looked at. */
export const ROLES = ['admin', 'prefecture', 'county', 'trainer', 'station', 'trainee'] as const;
export type Role = (typeof ROLES)[number];

const PASSWORD = 'xiangbo-demo';
const COUNTY = '533103';
const LIVE_DEADLINE_MS = 30_000;

/** What the addresses of pages are made of, found out through the API of a hub that serves the sample. */
export interface SampleFacts {
  courseId: string;
  runId: string;
  /** A run that the trainee has yet to judge, else one that is already judged. */
  surveyRunId: string;
  /** The trainer's run that has been held. */
  heldRunId: string;
  liveId: string;
  /** A class that is yet to come, the trainer's. */
  comingBroadcastId: string;
  replayId: string;
  programmeId: string;
  personId: string;
  townshipCode: string;
}

/** Signs each role in; the session cookie's `name=value` by role. */
export async function signInAll(origin: string): Promise<Record<Role, string>> {
  const cookies = await Promise.all(
    ROLES.map(async (username) => {
      const response = await fetch(`${origin}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username, password: PASSWORD }),
      });
      const cookie = response.headers.get('set-cookie')?.split(';')[0];
      if (!cookie) throw new Error(`${username} cannot sign in: ${await response.text()}`);
      return [username, cookie] as const;
    }),
  );
  return Object.fromEntries(cookies) as Record<Role, string>;
}

interface Run {
  id: string;
  courseId: string;
  enrolled: number;
  sessions: { broadcastId: string | null; broadcastState: string | null }[];
}

export async function discoverSample(origin: string, cookies: Record<Role, string>): Promise<SampleFacts> {
  async function get<T>(path: string, as: Role): Promise<T> {
    const response = await fetch(origin + path, { headers: { cookie: cookies[as] } });
    if (!response.ok) throw new Error(`${path} → ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }
  const live = await untilLive(() => get('/api/broadcasts?state=live', 'trainee'));
  type Mine = { live: Run[]; surveysWaiting: { runId: string }[]; runs: Run[] };
  const [programmes, runs, mine, replays, people, regions] = await Promise.all([
    get<{ items: { id: string }[] }>('/api/programmes', 'county'),
    get<{ items: Run[] }>('/api/runs?mine=true', 'trainer'),
    get<Mine>('/api/me/learning', 'trainee'),
    get<{ broadcasts: { id: string }[] }>('/api/broadcasts?state=replay&state=ended', 'trainer'),
    get<{ persons: { id: string }[] }>('/api/persons', 'station'),
    get<{ regions: { code: string }[] }>(`/api/regions?parentCode=${COUNTY}`, 'admin'),
  ]);
  const states = (run: Run) => run.sessions.map(({ broadcastState }) => broadcastState);
  const held = runs.items.find((run) =>
    states(run).every((state) => state === 'replay' || state === 'ended'),
  );
  const coming = runs.items
    .flatMap(({ sessions }) => sessions)
    .find((one) => one.broadcastState === 'scheduled');
  const running = runs.items.find((run) => states(run).includes('live'));
  return {
    courseId: found(running, 'run on the air').courseId,
    runId: found(running, 'run on the air').id,
    surveyRunId: found(mine.surveysWaiting[0]?.runId ?? mine.runs[0]?.id, 'run of the trainee'),
    heldRunId: found(held, 'held run').id,
    liveId: live.id,
    comingBroadcastId: found(coming?.broadcastId, 'class to come'),
    replayId: found(replays.broadcasts[0], 'class that is over').id,
    programmeId: found(programmes.items[0], 'programme').id,
    personId: found(people.persons[0], 'person').id,
    townshipCode: found(regions.regions[0], 'township').code,
  };
}

/** The sample says that it is served a moment before its class is on the air. */
async function untilLive(list: () => Promise<{ broadcasts: { id: string }[] }>): Promise<{ id: string }> {
  const deadlineMs = Date.now() + LIVE_DEADLINE_MS;
  for (;;) {
    const [live] = (await list()).broadcasts;
    if (live) return live;
    if (Date.now() > deadlineMs) throw new Error('The class of the sample does not go on the air');
    await wait(200);
  }
}

function found<Thing>(thing: Thing | null | undefined, what: string): Thing {
  if (thing == null) throw new Error(`The sample has no ${what}`);
  return thing;
}
