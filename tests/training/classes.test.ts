import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { broadcasts, presenceSpans } from '../../drizzle/schema/broadcasts.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { actorOf, COUNTY, holdClass, openRun, planBroadcast } from '../support/classroom.ts';

const HOUR_MS = 3_600_000;
let t: TestHub;
let hub: Hub;
let trainer: Actor;

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
});
afterAll(() => t.close());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const markOf = async (runId: string, personId: string) => {
  const roster = await hub.training.readRoster(trainer, runId, 1);
  return roster.items.find((line) => line.personId === personId)!.marks[0]!;
};

describe('a run', () => {
  it('is made whole or not at all', async () => {
    const before = (await hub.training.listRuns(trainer, { mine: true, page: 1 })).total;
    const faulty = openRun(hub, trainer, { thresholdMinutes: 61 });
    await expect(faulty).rejects.toMatchObject({
      code: 'input.invalid',
      fields: [{ path: 'sessions.0.thresholdMinutes', rule: 'threshold-over-length' }],
    });
    await expect(openRun(hub, trainer, { programmeIds: ['nobody'] })).rejects.toMatchObject({
      fields: [{ path: 'programmeIds.0', rule: 'unknown' }],
    });
    const administrator = await actorOf(hub, { roles: [['administrator', '533100']] });
    const { id } = await hub.programmes.copyProgramme(administrator, {
      ...{ catalogueId: 'dehong-2019', startsOn: '2026-01-01', endsOn: '2027-12-31' },
      ...{ regionCodes: [COUNTY], targets: [] },
    });
    await expect(openRun(hub, trainer, { programmeIds: [id, id] })).rejects.toMatchObject({
      fields: [{ path: 'programmeIds.1', rule: 'twice' }],
    });
    expect((await hub.training.listRuns(trainer, { mine: true, page: 1 })).total).toBe(before);
  });

  it('is held by a county of the trainer’s', async () => {
    expect(await codeOf(openRun(hub, trainer, { regionCode: '533124' }))).toBe('access.denied');
    const prefecture = await actorOf(hub, { roles: [['trainer', '533100']] });
    await expect(openRun(hub, prefecture, { regionCode: '533100' })).rejects.toMatchObject({
      fields: [{ path: 'regionCode', rule: 'not-a-county' }],
    });
  });

  it('is seen by others once it is open', async () => {
    const run = await openRun(hub, trainer);
    const { sessions } = run;
    const input = { ...run, programmeIds: [], sessions: sessions.map(({ place: _, ...one }) => one) };
    const draft = await hub.training.createRun(trainer, input);
    expect(await codeOf(hub.training.readRun(undefined, draft.id))).toBe('not-found');
    expect((await hub.training.readRun(trainer, draft.id)).state).toBe('draft');
    expect((await hub.training.readRun(undefined, run.id)).viewer).toEqual({ owner: false, enrolled: false });
  });
});

describe('a list', () => {
  it('asks for its regions once, however long it is', async () => {
    for (let n = 0; n < 3; n += 1) await openRun(hub, trainer);
    const reads = async (list: () => Promise<{ items: unknown[] }>) => {
      const asked = vi.spyOn(hub.db.$client, 'execute');
      expect((await list()).items.length).toBeGreaterThan(2);
      const statements = asked.mock.calls.map(([statement]) => JSON.stringify(statement));
      asked.mockRestore();
      return statements.filter((one) => one.includes('regions')).length;
    };
    expect(await reads(() => hub.training.listRuns(trainer, { page: 1 }))).toBe(1);
    expect(await reads(() => hub.learning.listCourses(trainer, { page: 1 }))).toBe(1);
  });
});

describe('enrolment', () => {
  it('never gives one place too many to 200 at once, and twice is once', async () => {
    const run = await openRun(hub, trainer, { capacity: 120 });
    const people = Array.from({ length: 200 }, (_, index) => `person-${index}`);
    const tries = people.flatMap((personId) => {
      const someone = { accountId: personId, personId, grants: [] };
      return [hub.training.enrol(someone, run.id), hub.training.enrol(someone, run.id)];
    });
    const results = await Promise.allSettled(tries);
    const ids = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as { code: string }).code] : [],
    );
    expect(new Set(ids).size).toBe(120);
    expect(ids).toHaveLength(240);
    expect(new Set(refused)).toEqual(new Set(['enrolment.full']));
    expect((await hub.training.readRun(undefined, run.id)).enrolled).toBe(120);
  });

  it('in a class that is on asks for the presence of whoever enrols only, and so does a page of the roster', async () => {
    const run = await openRun(hub, trainer);
    const [first, second] = [await actorOf(hub), await actorOf(hub)];
    const broadcastId = await planBroadcast(hub, trainer);
    await hub.training.linkBroadcast(trainer, run.sessions[0]!.id, broadcastId);
    await hub.db.update(broadcasts).set({ state: 'live' }).where(eq(broadcasts.id, broadcastId));
    await hub.db.insert(presenceSpans).values(
      [first, second, await actorOf(hub)].map(({ personId }) => ({
        ...{ id: personId, broadcastId, personId, deviceId: 'd', closed: true },
        ...{ startedAtMs: 0, endedAtMs: 31 * 60_000 },
      })),
    );
    const asked = vi.spyOn(hub.broadcasts, 'effectiveSecondsByPerson');
    await hub.training.enrol(first, run.id);
    await hub.training.readRoster(trainer, run.id, 1);
    const answers = await Promise.all(
      asked.mock.results.map((result) => result.value as Promise<Map<string, number>>),
    );
    asked.mockRestore();
    expect(answers.map((answer) => [...answer.keys()])).toEqual([[first.personId], [first.personId]]);
    expect((await markOf(run.id, first.personId)).state).toBe('attended');
  });

  it('is closed before it opens and after it closes; a place given back can be taken', async () => {
    const run = await openRun(hub, trainer, { capacity: 1 });
    const [first, second] = [await actorOf(hub), await actorOf(hub)];
    await hub.training.enrol(first, run.id);
    expect(await codeOf(hub.training.enrol(second, run.id))).toBe('enrolment.full');
    await hub.training.cancel(first, run.id);
    await hub.training.cancel(first, run.id);
    await hub.training.enrol(second, run.id);
    await hub.training.setEnrolmentOpen(trainer, run.id, false);
    expect(await codeOf(hub.training.enrol(first, run.id))).toBe('enrolment.closed');
  });
});

describe('attendance', () => {
  it('is written once for whoever is enrolled and stayed, with its rule', async () => {
    const run = await openRun(hub, trainer, { startsAtMs: Date.now() - 30 * HOUR_MS });
    const [stayed, left, stranger] = [await actorOf(hub), await actorOf(hub), await actorOf(hub)];
    for (const someone of [stayed, left]) await hub.training.enrol(someone, run.id);
    await holdClass(hub, trainer, run.sessions[0]!, [
      { personId: stayed.personId, minutes: 50 },
      { personId: left.personId, minutes: 29 },
      { personId: stranger.personId, minutes: 60 },
    ]);
    const roster = await hub.training.readRoster(trainer, run.id, 1);
    expect(roster.items).toHaveLength(2);
    expect(roster.items[0]!.person!.displayName).toBe('岩*亮');
    expect(await markOf(run.id, stayed.personId)).toMatchObject({
      state: 'attended',
      effectiveMinutes: 50,
      thresholdMinutes: 30,
      rule: 'live-presence',
      ruleVersion: 1,
    });
    expect(await markOf(run.id, left.personId)).toMatchObject({
      state: 'below-threshold',
      effectiveMinutes: 29,
    });
  });

  it('counts what was measured when the session is linked late', async () => {
    const run = await openRun(hub, trainer, { startsAtMs: Date.now() - HOUR_MS });
    const [early, late] = [await actorOf(hub), await actorOf(hub)];
    await hub.training.enrol(early, run.id);
    const [session] = run.sessions;
    const plan = { ...session!, endsAt: new Date(Date.now() + 60_000).toISOString() };
    await holdClass(hub, trainer, plan, [{ personId: early.personId, minutes: 40 }], { late: true });
    await hub.training.enrol(late, run.id);
    expect((await markOf(run.id, early.personId)).state).toBe('attended');
    expect((await markOf(run.id, late.personId)).state).toBe('absent');
  });

  it('judges again what was refused because of an attendance that is voided', async () => {
    const startsAtMs = Date.now() - 90 * HOUR_MS;
    const auditor = await actorOf(hub, { roles: [['auditor', COUNTY]] });
    const someone = await actorOf(hub);
    const runs: Awaited<ReturnType<typeof openRun>>[] = [];
    for (let n = 0; n < 3; n += 1) {
      const run = await openRun(hub, trainer, { startsAtMs });
      await hub.training.enrol(someone, run.id);
      await holdClass(hub, trainer, run.sessions[0]!, [{ personId: someone.personId, minutes: 60 }]);
      runs.push(run);
    }
    const states = async () => {
      const marks = await Promise.all(runs.map((run) => markOf(run.id, someone.personId)));
      return marks.map((mark) => mark.state);
    };
    expect(await states()).toEqual(['attended', 'refused', 'refused']);
    for (const [index, left] of [
      [0, ['voided', 'attended', 'refused']],
      [1, ['voided', 'voided', 'attended']],
    ] as const) {
      const { attendanceId } = await markOf(runs[index]!.id, someone.personId);
      const voided = await hub.training.voidAttendance(auditor, attendanceId!, '手机借给了别人');
      expect(await states()).toEqual(left);
      const { occurredAt } = await markOf(runs[index + 1]!.id, someone.personId);
      expect(occurredAt! < voided.voidedAt).toBe(true);
    }
  });

  it('refuses the same person in two classes at one time and shows it', async () => {
    const startsAtMs = Date.now() - 60 * HOUR_MS;
    const someone = await actorOf(hub);
    const runs = [await openRun(hub, trainer, { startsAtMs }), await openRun(hub, trainer, { startsAtMs })];
    for (const run of runs) await hub.training.enrol(someone, run.id);
    for (const run of runs)
      await holdClass(hub, trainer, run.sessions[0]!, [{ personId: someone.personId, minutes: 60 }]);
    expect((await markOf(runs[0]!.id, someone.personId)).state).toBe('attended');
    expect((await markOf(runs[1]!.id, someone.personId)).state).toBe('refused');
  });

  it('is voided with who and why, and measuring again does not bring it back', async () => {
    const run = await openRun(hub, trainer, { startsAtMs: Date.now() - 90 * HOUR_MS });
    const someone = await actorOf(hub);
    await hub.training.enrol(someone, run.id);
    const watched = [{ personId: someone.personId, minutes: 60 }];
    const broadcastId = await holdClass(hub, trainer, run.sessions[0]!, watched);
    const { attendanceId } = await markOf(run.id, someone.personId);
    const elsewhere = await actorOf(hub, { roles: [['auditor', '533124']] });
    const auditor = await actorOf(hub, { roles: [['auditor', COUNTY]] });
    expect(await codeOf(hub.training.voidAttendance(elsewhere, attendanceId!, '代签'))).toBe('access.denied');
    const first = await hub.training.voidAttendance(auditor, attendanceId!, '代签');
    expect(await hub.training.voidAttendance(auditor, attendanceId!, '又一次')).toEqual(first);
    const startedAtMs = Date.parse(run.sessions[0]!.startsAt);
    await hub.db.transaction((tx) =>
      hub.training.presenceConsumer.apply(tx, {
        seq: 0,
        type: 'broadcasts.presence-reached',
        recordedAt: '',
        payload: {
          broadcastId,
          personId: someone.personId,
          effectiveSeconds: 3600,
          at: new Date(startedAtMs + HOUR_MS).toISOString(),
        },
      }),
    );
    expect(await markOf(run.id, someone.personId)).toMatchObject({ state: 'voided', voidReason: '代签' });
  });

  it('links one session to one class of the same trainer', async () => {
    const [one, two] = [await openRun(hub, trainer), await openRun(hub, trainer)];
    const broadcastId = await planBroadcast(hub, trainer);
    await hub.training.linkBroadcast(trainer, one.sessions[0]!.id, broadcastId);
    await hub.training.linkBroadcast(trainer, one.sessions[0]!.id, broadcastId);
    const again = hub.training.linkBroadcast(trainer, two.sessions[0]!.id, broadcastId);
    expect(await codeOf(again)).toBe('session.linked');
    const other = await actorOf(hub, { roles: [['trainer', COUNTY]] });
    const foreign = hub.training.linkBroadcast(trainer, two.sessions[0]!.id, await planBroadcast(hub, other));
    await expect(foreign).rejects.toMatchObject({ fields: [{ rule: 'another-owner' }] });
    const [member, outsider] = [await actorOf(hub), await actorOf(hub)];
    await hub.training.enrol(member, one.id);
    expect(await hub.training.isMember(broadcastId, member.personId)).toBe(true);
    expect(await hub.training.isMember(broadcastId, outsider.personId)).toBe(false);
    expect(await hub.training.thresholdMinutesFor(broadcastId)).toBe(30);
  });
});

describe('the survey', () => {
  it('takes one answer of each attendee, and seals what was written', async () => {
    const run = await openRun(hub, trainer, { startsAtMs: Date.now() - 120 * HOUR_MS });
    const [attendee, absent] = [await actorOf(hub), await actorOf(hub)];
    for (const someone of [attendee, absent]) await hub.training.enrol(someone, run.id);
    const answer = { overall: 5, items: { content: 4 }, comment: '老师讲得好，电话13812345678' };
    expect(await codeOf(hub.training.answerSurvey(attendee, run.id, answer))).toBe('survey.not-attended');
    await holdClass(hub, trainer, run.sessions[0]!, [{ personId: attendee.personId, minutes: 60 }]);
    const mine = await hub.training.readMyLearning(attendee);
    expect(mine.surveysWaiting).toEqual([{ runId: run.id, runTitle: run.title }]);
    await hub.training.answerSurvey(attendee, run.id, answer);
    expect(await codeOf(hub.training.answerSurvey(attendee, run.id, answer))).toBe('survey.answered');
    expect(await codeOf(hub.training.answerSurvey(absent, run.id, answer))).toBe('survey.not-attended');
    expect((await hub.training.readMyLearning(attendee)).surveysWaiting).toEqual([]);
    expect(await hub.training.surveyResults(trainer, run.id)).toMatchObject({
      attendees: 1,
      answers: 1,
      satisfied: 1,
      comments: [answer.comment],
    });
    const { rows } = await hub.db.run('SELECT comment_sealed FROM survey_answers');
    expect(JSON.stringify(rows)).not.toContain('13812345678');
  });
});

describe('my learning', () => {
  it('puts the next class first', async () => {
    const someone = await actorOf(hub);
    for (const hours of [72, 24, 48]) {
      const run = await openRun(hub, trainer, { startsAtMs: Date.now() + hours * HOUR_MS });
      await hub.training.enrol(someone, run.id);
    }
    const { upcoming, live, replays } = await hub.training.readMyLearning(someone);
    const starts = upcoming.map(({ session }) => session.startsAt);
    expect(starts).toHaveLength(3);
    expect(starts).toEqual(starts.toSorted());
    expect([live, replays]).toEqual([[], []]);
  });
});
