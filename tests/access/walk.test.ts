import { afterAll, describe, expect, it } from 'vitest';
import { DOORS } from '../../server/platform/access/doors.ts';
import { openTestHub } from '../support/open-test-hub.ts';
import { EXAMPLES } from './examples.ts';
import { SOCKET_EXAMPLES } from './examples-sockets.ts';
import { knockAtRoute } from './walk.ts';
import { openSocketPort, visitBySocket } from './walk-sockets.ts';
import { buildWorld } from './world.ts';

const t = await openTestHub();
const world = await buildWorld(t);
afterAll(() => t.close());

const registered = [
  ...new Set(t.hub.app.routes.filter((r) => r.method !== 'ALL').map((r) => `${r.method} ${r.path}`)),
];

describe('the table of doors', () => {
  it('names every route', () => {
    expect(registered.filter((door) => !DOORS[door])).toEqual([]);
  });

  it('names no route that is gone', () => {
    const known = new Set(registered);
    const named = Object.keys(DOORS).filter((door) => !door.startsWith('socket '));
    expect(named.filter((door) => !known.has(door))).toEqual([]);
  });

  it('is not gone around: a handler of all methods is middleware', () => {
    const paths = t.hub.app.routes.filter((r) => r.method === 'ALL').map((r) => r.path);
    const middleware = ['/*', '/api/*', '/whip/*', '/whep/*', '/hls/*'];
    expect([...new Set(paths)].filter((path) => !middleware.includes(path))).toEqual([]);
  });

  it('has an example for each', () => {
    expect(registered.filter((door) => !EXAMPLES[door])).toEqual([]);
  });
});

describe('every asker at every route', () => {
  it.each(registered.filter((door) => EXAMPLES[door] && DOORS[door]))('%s', async (door) => {
    const example = EXAMPLES[door]!;
    const knocks = await knockAtRoute(world, door, example);
    const wrong = knocks.filter((knock) => knock.observed !== knock.expected);
    expect(wrong.map((k) => `${k.asker}: ${k.observed} where the table says ${k.expected}`)).toEqual([]);
    if (!example.neverSucceeds) expect(knocks.some((knock) => knock.succeeded)).toBe(true);
  });
});

describe('every asker by socket', async () => {
  const port = await openSocketPort(world);
  const succeeded = new Set<string>();
  afterAll(() => port.close());

  it('has an example for each message, and each message stands in the table', () => {
    const names = t.hub.realtime.messageNames();
    expect(Object.keys(SOCKET_EXAMPLES).sort()).toEqual(names.toSorted());
    const doors = Object.keys(DOORS).filter((door) => door.startsWith('socket '));
    expect(doors.sort()).toEqual(names.map((name) => `socket ${name}`).sort());
  });

  it.each(world.askers.map((asker) => [asker.name, asker] as const))('%s', async (_, asker) => {
    const say = () => visitBySocket(world, port.origin, asker);
    const visit = await (asker.during?.(say) ?? say());
    expect(visit.wrong).toEqual([]);
    for (const name of visit.succeeded) succeeded.add(name);
  });

  it('lets someone join, speak and read', () => {
    expect([...succeeded]).toEqual(expect.arrayContaining(['broadcast:join', 'chat:send', 'chat:since']));
  });
});
