import { afterAll, describe, expect, it } from 'vitest';
import { DOORS } from '../../server/platform/access/doors.ts';
import { openTestHub } from '../support/open-test-hub.ts';
import { EXAMPLES } from './examples.ts';
import { knockAtRoute } from './walk.ts';
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
    expect([...new Set(paths)].filter((path) => path !== '/*' && path !== '/api/*')).toEqual([]);
  });

  it('has an example for each', () => {
    expect(registered.filter((door) => !EXAMPLES[door])).toEqual([]);
  });
});

describe('every asker at every route', () => {
  it.each(registered.filter((door) => EXAMPLES[door] && DOORS[door]))('%s', async (door) => {
    const example = EXAMPLES[door]!;
    const knocks = [];
    for (const asker of world.askers) knocks.push(await knockAtRoute(world, door, example, asker));
    const wrong = knocks.filter((knock) => knock.observed !== knock.expected);
    expect(wrong.map((k) => `${k.asker}: ${k.observed} where the table says ${k.expected}`)).toEqual([]);
    if (!example.neverSucceeds) expect(knocks.some((knock) => knock.succeeded)).toBe(true);
  });
});
