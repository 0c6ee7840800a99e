import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';
import { replaySecondsRequired } from '../../server/training/rules.ts';
import { eq } from 'drizzle-orm';
import { broadcasts } from '../../drizzle/schema/broadcasts.ts';
import { actorOf, COUNTY, holdClass, openRun } from '../support/classroom.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-25T01:00:00.000Z');

let t: TestHub;
let hub: Hub;
let trainer: Actor;
let nowMs = START;

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => nowMs } });
  hub = t.hub;
  trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
});
afterAll(() => t.close());

/** A class of an hour, of which 30 minutes are asked for, that is over and can be watched again. */
async function replayOf(people: Actor[], replayCounts = true) {
  nowMs = START;
  const run = await openRun(hub, trainer, { startsAtMs: START });
  const session = run.sessions[0]!;
  for (const someone of people) await hub.training.enrol(someone, run.id);
  await hub.training.setSignIn(trainer, session.id, { replayCounts });
  const broadcastId = await holdClass(hub, trainer, session, []);
  await hub.db.update(broadcasts).set({ state: 'replay' }).where(eq(broadcasts.id, broadcastId));
  nowMs = START + 24 * 60 * MINUTE;
  return { run, broadcastId };
}
/** Plays `minutes` of the replay from `from`, at a speed, in reports of half a minute. */
async function play(who: Actor, broadcastId: string, from: number, minutes: number, speed = 1) {
  let told = await hub.training.reportReplay(who, broadcastId, []);
  for (let at = from * 60; at < (from + minutes) * 60; at += 30) {
    nowMs += 30_000 / speed;
    told = await hub.training.reportReplay(who, broadcastId, [[at, at + 30]]);
  }
  return told;
}
async function markOf(runId: string, personId: string) {
  const roster = await hub.training.readRoster(trainer, runId, 1);
  return roster.items.find((line) => line.personId === personId)!.marks[0]!;
}

describe('watching the replay', () => {
  it('counts once enough of it was really played, whatever is watched twice', async () => {
    const someone = await actorOf(hub);
    const { run, broadcastId } = await replayOf([someone]);
    await play(someone, broadcastId, 0, 20);
    const twice = await play(someone, broadcastId, 0, 20);
    expect(twice).toEqual({ counts: true, seenSeconds: 1200, requiredSeconds: 1800 });
    expect((await markOf(run.id, someone.personId)).state).toBe('absent');
    await play(someone, broadcastId, 30, 10, 2);
    expect(await markOf(run.id, someone.personId)).toMatchObject({
      ...{ state: 'attended', method: 'replay', rule: 'replay', ruleVersion: 1, effectiveMinutes: 30 },
    });
  });

  it('believes no script: not an hour in a second, nor two replays in one time', async () => {
    const someone = await actorOf(hub);
    const [one, two] = [await replayOf([someone]), await replayOf([someone])];
    await hub.training.reportReplay(someone, one.broadcastId, [[0, 3600]]);
    await hub.training.reportReplay(someone, two.broadcastId, []);
    nowMs += 1000;
    const hour = await hub.training.reportReplay(someone, one.broadcastId, [[0, 3600]]);
    expect(hour.seenSeconds).toBeLessThanOrEqual(12);
    nowMs += 10 * MINUTE;
    const first = await hub.training.reportReplay(someone, one.broadcastId, [[0, 3600]]);
    const second = await hub.training.reportReplay(someone, two.broadcastId, [[0, 3600]]);
    expect(first.seenSeconds).toBeGreaterThan(1100);
    expect(second.seenSeconds).toBeLessThanOrEqual(10);
  });

  it('counts for nothing where the session does not take it, nor for who is not enrolled', async () => {
    const [someone, stranger] = [await actorOf(hub), await actorOf(hub)];
    const { run, broadcastId } = await replayOf([someone], false);
    expect((await play(someone, broadcastId, 0, 40)).counts).toBe(false);
    expect((await markOf(run.id, someone.personId)).state).toBe('absent');
    const taken = await replayOf([someone]);
    expect((await play(stranger, taken.broadcastId, 0, 40)).counts).toBe(false);
  });
});

it.each([
  ['the threshold of a class that lasted as planned', 3600, 1800],
  ['of one that was long', 7200, 1800],
  ['the same share of one that was short', 1200, 600],
])('asks for %s', (_, replaySeconds, required) => {
  const session = {
    startsAt: '2026-11-25T01:00:00.000Z',
    endsAt: '2026-11-25T02:00:00.000Z',
    thresholdMinutes: 30,
  };
  expect(replaySecondsRequired(session, replaySeconds)).toBe(required);
});
