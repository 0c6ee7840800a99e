import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  attendanceEvidence,
  runEvidence,
  surveyEvidence,
  verificationEvidence,
} from '../../drizzle/schema/programme.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { actorOf, holdClass, openRun } from '../support/classroom.ts';

const COUNTIES = ['533103', '533124', '533123', '533122'];
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEGIN_MS = Date.parse('2026-03-01T01:00:00Z');

/** Mulberry32: the same history for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let t: TestHub;
let hub: Hub;
let administrator: Actor;
let programmeId: string;
let nowMs = BEGIN_MS;

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => (nowMs += 1) } });
  hub = t.hub;
  administrator = await actorOf(hub, { roles: [['administrator', '533100']] });
  const period = { startsOn: '2026-03-05', endsOn: '2026-04-10' };
  const copy = { catalogueId: 'dehong-2019', ...period, regionCodes: COUNTIES, targets: [] };
  programmeId = (await hub.programmes.copyProgramme(administrator, copy)).id;
});
afterAll(() => t.close());

/** Some weeks of classes, answers, voids and verifications that come late, as the seed has it. */
async function live(seed: number): Promise<void> {
  const random = randomFrom(seed);
  const pick = <T>(things: T[]): T => things[Math.floor(random() * things.length)]!;
  const people = await Promise.all(Array.from({ length: 14 }, () => actorOf(hub, { home: pick(COUNTIES) })));
  const given: string[] = [];
  for (let step = 0; step < 12; step += 1) {
    nowMs += Math.floor(random() * 4 * DAY_MS);
    const county = pick(COUNTIES);
    const trainer = await actorOf(hub, { roles: [['trainer', county]] });
    const sessions = 1 + Math.floor(random() * 3);
    const run = await openRun(hub, trainer, {
      regionCode: county,
      level: pick(['普及培训', '专业技能培训']),
      sessions,
      requiredSessions: 1 + Math.floor(random() * sessions),
      startsAtMs: nowMs,
      programmeIds: random() < 0.5 ? [programmeId] : [],
    });
    const enrolled = people.filter(() => random() < 0.6);
    for (const someone of enrolled) await hub.training.enrol(someone, run.id);
    for (const session of run.sessions) {
      nowMs = Date.parse(session.endsAt);
      const watched = enrolled.map(({ personId }) => ({ personId, minutes: Math.floor(random() * 60) }));
      await holdClass(hub, trainer, session, watched);
    }
    for (const someone of enrolled)
      if (random() < 0.7)
        await hub.training
          .answerSurvey(someone, run.id, { overall: 1 + Math.floor(random() * 5), items: {} })
          .catch((error: { code?: string }) => expect(error.code).toBe('survey.not-attended'));
    const roster = await hub.training.readRoster(trainer, run.id, 1);
    given.push(...roster.items.flatMap((line) => line.marks.flatMap((mark) => mark.attendanceId ?? [])));
    for (const id of given.filter(() => random() < 0.05))
      await hub.training.voidAttendance(administrator, id, '抽查不实');
    const someone = pick(people);
    if (random() < 0.6)
      await hub.identity
        .verifyPerson(administrator, someone.personId, { source: 'village-roster' })
        .catch((error: { code?: string }) => expect(error.code).toBe('person.verified'));
  }
  await hub.pump.drain();
}

/** Every figure of every region, as of many days: all that an official could be shown. */
async function everyFigure() {
  const days = [undefined, '2026-03-04', '2026-03-20', '2026-04-05', '2026-04-20'];
  // No day may be asked for before it has begun.
  nowMs = Math.max(nowMs, Date.parse(`${days.at(-1)}T12:00:00Z`));
  const all: Record<string, unknown> = {};
  for (const asOf of days)
    for (const region of ['533100', ...COUNTIES]) {
      const page = await hub.programmes.readIndicators(administrator, programmeId, { region, asOf });
      for (const { code, figure, counties } of page.indicators)
        if (figure) all[`${code} ${region} ${asOf}`] = { figure, counties };
    }
  return all;
}

describe('figures from news and from scratch', { timeout: 60_000 }, () => {
  it.each([1, 7, 2026])('are the same after a random history (seed %i)', async (seed) => {
    await live(seed);
    const byNews = await everyFigure();
    expect(JSON.stringify(byNews)).toMatch(/"value":[1-9]/);
    expect(await hub.programmes.recompute(administrator, programmeId)).toMatchObject({ differenceCount: 0 });

    for (const table of [attendanceEvidence, surveyEvidence, verificationEvidence, runEvidence])
      await hub.db.delete(table);
    const report = await hub.programmes.recompute(administrator, programmeId);
    expect(report.differenceCount).toBe(report.comparedRows);
    expect(await everyFigure()).toEqual(byNews);
  });

  it('a row that was tampered with is found, named and repaired', async () => {
    const before = await everyFigure();
    const [row] = await hub.db.select().from(attendanceEvidence).limit(1);
    await hub.db
      .update(attendanceEvidence)
      .set({ personId: 'somebody-else' })
      .where(eq(attendanceEvidence.attendanceId, row!.attendanceId));
    const surplus = { ...row!, attendanceId: 'made-up', personId: 'ghost' };
    await hub.db.insert(attendanceEvidence).values(surplus);
    const report = await hub.programmes.recompute(administrator, programmeId);
    expect(report.differences).toEqual(
      expect.arrayContaining([
        { kind: 'attendances', id: row!.attendanceId, what: 'changed' },
        { kind: 'attendances', id: 'made-up', what: 'surplus' },
      ]),
    );
    expect(report.repaired).toBe(true);
    expect(await everyFigure()).toEqual(before);
    expect((await hub.programmes.recompute(administrator, programmeId)).differenceCount).toBe(0);
  });

  it('is done one at a time, in short transactions, without opening a name', async () => {
    await hub.db.delete(attendanceEvidence);
    await hub.db.delete(verificationEvidence);
    const transactions = vi.spyOn(hub.db, 'transaction');
    const opened = vi.spyOn(hub.vault, 'open');
    const reports = await Promise.all([
      hub.programmes.recompute(administrator, programmeId),
      hub.programmes.recompute(administrator, programmeId),
    ]);
    const repairs = transactions.mock.calls.length;
    const names = opened.mock.calls.length;
    transactions.mockRestore();
    opened.mockRestore();
    expect(reports[0].differenceCount).toBeGreaterThan(100);
    expect(reports[1].differenceCount).toBe(0);
    expect(repairs).toBeGreaterThan(reports[0].differenceCount / 100);
    expect(names).toBe(0);
  });

  it('leaves what other programmes count alone', async () => {
    const elsewhere = { runId: 'elsewhere', regionCode: '530100', level: '普及培训', requiredSessions: 1 };
    await hub.db.insert(runEvidence).values({ ...elsewhere, programmeIds: [] });
    expect((await hub.programmes.recompute(administrator, programmeId)).differenceCount).toBe(0);
    await hub.db.delete(runEvidence).where(eq(runEvidence.runId, 'elsewhere'));
  });
});
