import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decideConfig } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import type { Caller } from '../../server/platform/access/actor.ts';
import { openLog } from '../../server/platform/log.ts';
import { openHub, type Hub } from '../../server/hub.ts';
import { movableClock } from '../../server/sample/movable-clock.ts';
import { fillSample } from '../../server/sample/service.ts';

const PASSWORD = 'a-sample-of-rice';
const ACCOUNTS = [
  'admin',
  'prefecture',
  'county',
  'auditor',
  'trainer',
  'host',
  'base',
  'station',
  'trainee',
];

let dataDir: string;
let hub: Hub;
const told: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-sample-'));
  const env = { DATA_DIR: dataDir, RTC_PORT: '0', RTMP_PORT: '0', MEDIA_WORKERS: '1', LOG_LEVEL: 'error' };
  const config = decideConfig(readEnvironment(env), { demo: true });
  const clock = movableClock();
  hub = await openHub({ config, clock, log: openLog(config.logLevel) });
  await fillSample(
    { ...hub, clock },
    { password: PASSWORD, tell: (line) => told.push(line), replaySeconds: 3 },
  );
}, 120_000);
afterAll(async () => {
  await hub.close('test over');
  await rm(dataDir, { recursive: true, force: true });
});

async function cookieOf(username: string): Promise<string> {
  const answer = await hub.app.request('/api/auth/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  expect([username, answer.status]).toEqual([username, 200]);
  return answer.headers.get('set-cookie')!.split(';')[0]!;
}

async function signIn(username: string): Promise<(path: string) => Promise<Response>> {
  const cookie = await cookieOf(username);
  return async (path) => hub.app.request(path, { headers: { Cookie: cookie } });
}

async function callerOf(username: string): Promise<Caller> {
  const headers = new Headers({ Cookie: await cookieOf(username) });
  return (await hub.identity.authenticator.identify(headers)).caller;
}

interface Figures {
  indicators: {
    code: string;
    figure: { value: number; unverified: number } | null;
    state: string;
    counties: { county: { code: string }; value: number; state: string }[] | null;
  }[];
}

it('lets every account of the contract sign in with the one password', async () => {
  for (const username of ACCOUNTS) {
    const me = await (await signIn(username))('/api/auth/me');
    expect(me.status).toBe(200);
  }
});

it('holds what it promises: 30 past sessions in four counties, one county that fails its satisfaction', async () => {
  expect(told).toContain('30 past sessions with attendance and surveys');
  const ask = await signIn('prefecture');
  const { items } = (await (await ask('/api/programmes')).json()) as { items: { id: string }[] };
  const path = `/api/programmes/${items[0]!.id}/indicators?region=533100`;
  const { indicators } = (await (await ask(path)).json()) as Figures;
  const find = (code: string) => indicators.find((one) => one.code === code)!;
  expect(find('training.personTimes').counties).toHaveLength(4);
  expect(find('training.personTimes').figure!.value).toBeGreaterThan(500);
  expect(find('training.persons').figure!.unverified).toBeGreaterThan(0);
  const satisfaction = find('training.satisfaction');
  expect(satisfaction.figure!.value).toBeGreaterThan(90);
  expect(satisfaction.counties!.filter(({ value }) => value < 90).map(({ county }) => county.code)).toEqual([
    '533122',
  ]);
});

it('has a replay that anyone may open', async () => {
  const { broadcasts } = (await (await hub.app.request('/api/broadcasts?state=replay')).json()) as {
    broadcasts: { recordedMs: number; addresses: { hls: string } }[];
  };
  expect(broadcasts).toHaveLength(1);
  expect(broadcasts[0]!.recordedMs).toBeGreaterThan(1500);
  expect((await hub.app.request(broadcasts[0]!.addresses.hls)).status).toBe(200);
});

it('has figures that recomputing from the rooms confirms row by row', async () => {
  const caller = await callerOf('auditor');
  const { items } = await hub.programmes.listProgrammes(caller, 1);
  const report = await hub.programmes.recompute(caller, items[0]!.id);
  expect(report.comparedRows).toBeGreaterThan(1000);
  expect(report.differenceCount).toBe(0);
});
