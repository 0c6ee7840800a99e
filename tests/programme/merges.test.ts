import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { attendances } from '../../drizzle/schema/training.ts';
import { mergeEvidence } from '../../drizzle/schema/programme.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import { HubError } from '../../server/platform/errors.ts';
import { actorOf, COUNTY, holdClass, openRun } from '../support/classroom.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

const DAY_MS = 86_400_000;

let nowMs = Date.parse('2026-03-10T01:00:00Z');
let t: TestHub;
let administrator: Actor;
let station: Actor;
let trainer: Actor;
let programmeId: string;

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => (nowMs += 1) } });
  administrator = await actorOf(t.hub, { roles: [['administrator', '533100']] });
  station = await actorOf(t.hub, { roles: [['station', COUNTY]] });
  trainer = await actorOf(t.hub, { roles: [['trainer', COUNTY]] });
});
afterAll(() => t.close());
/** A programme of a month of its own for each test. */
let month = 0;
beforeEach(async () => {
  month += 1;
  nowMs = Date.UTC(2027, month, 10, 1);
  const copy = await t.hub.programmes.copyProgramme(administrator, {
    ...{ catalogueId: 'dehong-2019', regionCodes: [COUNTY], targets: [] },
    startsOn: new Date(Date.UTC(2027, month, 1)).toISOString().slice(0, 10),
    endsOn: new Date(Date.UTC(2027, month, 28)).toISOString().slice(0, 10),
  });
  programmeId = copy.id;
});

async function figures(asOf?: string) {
  await t.hub.pump.drain();
  const { indicators } = await t.hub.programmes.readIndicators(administrator, programmeId, {
    region: COUNTY,
    asOf,
  });
  const of = (code: string) => indicators.find((one) => one.code === code)?.figure?.value;
  return {
    personTimes: of('training.personTimes'),
    persons: of('training.persons'),
    satisfaction: of('training.satisfaction'),
  };
}
const recompute = () => t.hub.programmes.recompute(administrator, programmeId);

/** Two entries of one villager, the first verified, both in one class and the second in another one too. */
async function twice() {
  const [known, double] = [await actorOf(t.hub, { verified: true }), await actorOf(t.hub)];
  const [other] = [await actorOf(t.hub, { verified: true })];
  for (const [at, attenders] of [[known, double, other], [double]].entries()) {
    nowMs += DAY_MS;
    const run = await openRun(t.hub, trainer, { startsAtMs: nowMs });
    for (const someone of attenders) await t.hub.training.enrol(someone, run.id);
    nowMs += 2 * 3_600_000;
    await holdClass(
      t.hub,
      trainer,
      run.sessions[0]!,
      attenders.map(({ personId }) => ({ personId, minutes: 50 })),
    );
    for (const someone of attenders)
      await t.hub.training.answerSurvey(someone, run.id, {
        overall: at === 0 && someone === double ? 1 : 5,
        items: {},
      });
  }
  return { known, double };
}

describe('two who are one', () => {
  it('count once from the merge on, as two before it, and as two again once it is undone', async () => {
    const { known, double } = await twice();
    const before = await figures();
    expect(before).toMatchObject({ personTimes: 4, persons: 2 });
    const asTwo = new Date(nowMs).toISOString().slice(0, 10);
    const facts = await t.hub.db.select().from(attendances);
    nowMs += DAY_MS;

    await t.hub.identity.mergePerson(station, double.personId, {
      intoPersonId: known.personId,
      reason: '同一人',
    });
    const merged = await figures();
    // One person-time fewer in the class of both; the other class is now a verified person's.
    expect(merged).toMatchObject({ personTimes: 3, persons: 2 });
    expect(merged.satisfaction).not.toBe(before.satisfaction);
    expect(await figures(asTwo)).toEqual(before);
    expect(await recompute()).toMatchObject({ differenceCount: 0 });
    expect(await t.hub.db.select().from(attendances)).toEqual(facts);

    nowMs += DAY_MS;
    const asOne = new Date(nowMs - DAY_MS).toISOString().slice(0, 10);
    await t.hub.identity.undoMerge(station, double.personId, '是父子');
    expect(await figures()).toEqual(before);
    expect(await figures(asOne)).toEqual(merged);
    expect(await recompute()).toMatchObject({ differenceCount: 0 });
    expect((await t.hub.identity.readPerson(station, double.personId)).mergedInto).toBeNull();
  });

  it('are verified when either is, also later', async () => {
    const [known, double] = [await actorOf(t.hub), await actorOf(t.hub)];
    const run = await openRun(t.hub, trainer, { startsAtMs: nowMs });
    await t.hub.training.enrol(known, run.id);
    nowMs += 2 * 3_600_000;
    await holdClass(t.hub, trainer, run.sessions[0]!, [{ personId: known.personId, minutes: 50 }]);
    await t.hub.identity.mergePerson(station, double.personId, {
      intoPersonId: known.personId,
      reason: '同一人',
    });
    expect((await figures()).persons).toBe(0);
    await t.hub.identity.verifyPerson(station, double.personId, { source: 'village-roster' });
    expect((await figures()).persons).toBe(1);
    expect(await recompute()).toMatchObject({ differenceCount: 0 });
  });

  it('are found again by a recompute when the projection forgot', async () => {
    const { known, double } = await twice();
    const { mergeId } = await t.hub.identity.mergePerson(station, double.personId, {
      ...{ intoPersonId: known.personId, reason: '同一人' },
    });
    const merged = await figures();
    await t.hub.db.delete(mergeEvidence).where(eq(mergeEvidence.mergeId, mergeId));
    expect(await recompute()).toMatchObject({
      differenceCount: 1,
      differences: [{ kind: 'merges', id: mergeId, what: 'missing' }],
    });
    expect(await figures()).toEqual(merged);
  });

  it('are merged by who looks after both, once, and never into themselves', async () => {
    const [a, b, c] = [await actorOf(t.hub), await actorOf(t.hub), await actorOf(t.hub)];
    const far = await actorOf(t.hub, { home: '533124' });
    const codeOf = async (who: Actor, personId: string, intoPersonId: string) => {
      const error: unknown = await t.hub.identity
        .mergePerson(who, personId, { intoPersonId, reason: '同一人' })
        .then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
      return error instanceof HubError ? error.code : error;
    };
    expect(await codeOf(trainer, a.personId, b.personId)).toBe('access.denied');
    expect(await codeOf(station, a.personId, far.personId)).toBe('access.denied');
    expect(await codeOf(station, station.personId, a.personId)).toBe('access.denied');
    expect(await codeOf(station, a.personId, a.personId)).toBe('input.invalid');
    expect(await codeOf(station, a.personId, b.personId)).toBeUndefined();
    expect(await codeOf(station, a.personId, c.personId)).toBe('person.merged');
    expect(await codeOf(station, c.personId, a.personId)).toBe('person.merged');
    expect(await codeOf(station, b.personId, c.personId)).toBe('person.merged');
    expect(await codeOf(station, c.personId, b.personId)).toBeUndefined();
  });

  it('are shown to those who may, once, until someone says that they are two', async () => {
    const add = (phone?: string) =>
      t.hub.identity.registerPerson(station, {
        ...{ name: '多多闷', phone, homeRegionCode: COUNTY, consent: { method: 'spoken' as const } },
      });
    const [first, second] = [await add('13812341234'), await add('13812341234')];
    await add('13900000000');
    const mine = async () => {
      const { pairs } = await t.hub.identity.listAlike(station);
      return pairs.filter(({ persons }) => persons[0].name === '多*闷');
    };
    expect((await mine()).map(({ reason, persons }) => [reason, ...persons.map(({ id }) => id)])).toEqual([
      ['phone', first.id, second.id],
    ]);
    await t.hub.identity.keepApart(station, [second.id, first.id]);
    expect(await mine()).toEqual([]);
  });
});
