import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../../server/platform/access/actor.ts';
import type { Hub } from '../../../server/hub.ts';
import { actorOf, COUNTY, openRun } from '../../support/classroom.ts';
import { openTestHub, type TestHub } from '../../support/open-test-hub.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** 23:30 in Asia/Shanghai: the class goes on past midnight there. */
const NIGHT = Date.parse('2026-11-25T15:30:00.000Z');

let t: TestHub;
let hub: Hub;
let trainer: Actor;
let auditor: Actor;
let nowMs = NIGHT;

beforeAll(async () => {
  t = await openTestHub({ clock: { now: () => nowMs } });
  hub = t.hub;
  trainer = await actorOf(hub, { roles: [['trainer', COUNTY]] });
  auditor = await actorOf(hub, { roles: [['auditor', COUNTY]] });
});
afterAll(() => t.close());

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code,
  );
const at = (hoursAndMinutes: string) => Date.parse(`2026-11-25T${hoursAndMinutes}:00.000Z`);

/** A class at `startsAtMs` with these people enrolled, who enrolled an hour before. */
async function classOf(
  people: Actor[],
  plan: { startsAtMs?: number; asksSignOut?: boolean; threshold?: number } = {},
) {
  const { startsAtMs = NIGHT } = plan;
  nowMs = startsAtMs - HOUR;
  const run = await openRun(hub, trainer, { startsAtMs, thresholdMinutes: plan.threshold ?? 30 });
  for (const someone of people) await hub.training.enrol(someone, run.id);
  const session = run.sessions[0]!;
  if (plan.asksSignOut) await hub.training.setSignIn(trainer, session.id, { asksSignOut: true });
  return { run, session };
}
const screenOf = (sessionId: string, kind: 'in' | 'out' = 'in') =>
  hub.training.readScreen(trainer, sessionId, kind);
const sign = (who: Actor | undefined, input: Parameters<Hub['training']['signByCode']>[1]) =>
  hub.training.signByCode(who, input, '10.0.0.1');
async function markOf(runId: string, personId: string, asker = auditor) {
  const roster = await hub.training.readRoster(asker, runId, 1);
  return roster.items.find((line) => line.personId === personId)!.marks[0]!;
}

describe('the code on the screen', () => {
  it('is shown from half an hour before, and what it signs counts once and at once', async () => {
    const someone = await actorOf(hub);
    const { run, session } = await classOf([someone]);
    nowMs = at('14:59');
    expect(await screenOf(session.id)).toMatchObject({ token: null, number: null, enrolled: 1 });
    nowMs = at('15:00');
    const { token } = await screenOf(session.id);
    nowMs = at('15:01');
    const first = await sign(someone, { token: token! });
    expect(first).toMatchObject({
      ...{ again: false, late: false, attendance: 'recorded', displayName: '岩*亮' },
      signedAt: '2026-11-25T15:01:00.000Z',
    });
    const tries = await Promise.all(Array.from({ length: 20 }, async () => sign(someone, { token: token! })));
    expect(tries.every((one) => one.again && one.signedAt === first.signedAt)).toBe(true);
    expect(await screenOf(session.id)).toMatchObject({ signedIn: 1, signedOut: 0 });
    expect(await markOf(run.id, someone.personId)).toMatchObject({
      ...{ state: 'attended', method: 'qr', rule: 'sign-in', ruleVersion: 1, effectiveMinutes: 60 },
      // The day of the class is the day it began in Asia/Shanghai, though it ends after midnight.
      occurredAt: '2026-11-25T15:30:00.000Z',
      signedInAt: '2026-11-25T15:01:00.000Z',
      flags: [],
    });
  });

  it('counts for nobody who is not enrolled, nor enrols only after the class', async () => {
    const [stranger, late] = [await actorOf(hub), await actorOf(hub)];
    const { run, session } = await classOf([]);
    nowMs = NIGHT;
    const { token } = await screenOf(session.id);
    expect(await codeOf(sign(stranger, { token: token! }))).toBe('sign-in.not-enrolled');
    await hub.training.enrol(stranger, run.id);
    expect((await sign(stranger, { token: token! })).attendance).toBe('recorded');
    nowMs = NIGHT + 2 * HOUR;
    await hub.training.enrol(late, run.id);
    expect(await codeOf(sign(late, { token: token! }))).toBe('sign-in.not-enrolled');
  });

  it('is no use in another form, before or after the session, or too late', async () => {
    const someone = await actorOf(hub);
    const { session } = await classOf([someone]);
    nowMs = NIGHT;
    const { token } = await screenOf(session.id);
    expect(await codeOf(sign(someone, { token: `${token!.slice(0, -1)}_` }))).toBe('sign-in.code-invalid');
    expect(await codeOf(sign(someone, { token: `o${token!.slice(1)}` }))).toBe('sign-in.code-invalid');
    nowMs = NIGHT + 24 * HOUR + MINUTE;
    expect(await codeOf(sign(someone, { token: token! }))).toBe('sign-in.too-late');
    const later = await screenOf(session.id);
    expect(later.token).toBeNull();
  });

  it('kept by a phone without a network is taken later, marked, and true when it was shown', async () => {
    const someone = await actorOf(hub);
    const { run, session } = await classOf([someone]);
    nowMs = at('16:05');
    const { token, number } = await screenOf(session.id);
    const typedAt = new Date(nowMs + 20_000).toISOString();
    nowMs = NIGHT + 5 * HOUR;
    expect(await sign(someone, { token: token! })).toMatchObject({
      late: true,
      attendance: 'below-threshold',
    });
    expect(await sign(someone, { number: number!, typedAt })).toMatchObject({ again: true });
    expect(await markOf(run.id, someone.personId)).toMatchObject({
      ...{ state: 'below-threshold', effectiveMinutes: 25, method: 'qr' },
      flags: [{ kind: 'late-upload', amount: 265 }],
    });
  });

  it('has a number for phones that cannot scan, found among one’s own classes and not to be guessed', async () => {
    const [someone, guesser] = [await actorOf(hub), await actorOf(hub)];
    const { run, session } = await classOf([someone, guesser]);
    const other = await classOf([someone]);
    nowMs = NIGHT;
    const { number } = await screenOf(session.id);
    expect(await sign(someone, { number: number! })).toMatchObject({
      ...{ sessionId: session.id, attendance: 'recorded' },
    });
    expect(await markOf(run.id, someone.personId)).toMatchObject({ method: 'short-number' });
    // The other class is at the same time: nobody sits in both.
    const there = await screenOf(other.session.id);
    expect(await sign(someone, { number: there.number! })).toMatchObject({ attendance: 'impossible' });
    expect(await markOf(other.run.id, someone.personId)).toMatchObject({ state: 'refused' });
    const wrong = String((Number(number) + 1) % 1_000_000).padStart(6, '0');
    for (let tries = 0; tries < 10; tries += 1)
      expect(await codeOf(sign(guesser, { number: wrong }))).toBe('sign-in.code-invalid');
    expect(await codeOf(sign(guesser, { number: number! }))).toBe('rate.limited');
  });

  it('lets a family share a phone, by name and phone, and flags it', async () => {
    const make = (name: string) =>
      hub.identity.systemOnly.createPerson({ name, phone: '13812345678', homeRegionCode: COUNTY });
    const people = [await make('岩罕亮'), await make('玉香')];
    const { run, session } = await classOf(
      people.map((personId) => ({ accountId: personId, personId, grants: [] })),
    );
    nowMs = NIGHT;
    const { token } = await screenOf(session.id);
    const input = { token: token!, phone: '138 1234 5678', deviceId: 'one-phone' };
    expect((await sign(undefined, { ...input, name: '岩罕亮' })).displayName).toBe('岩*亮');
    expect((await markOf(run.id, people[0]!)).flags).toEqual([]);
    await sign(undefined, { ...input, name: '玉 香' });
    for (const personId of people)
      expect((await markOf(run.id, personId)).flags).toEqual([{ kind: 'shared-phone', amount: 2 }]);
    expect(await codeOf(sign(undefined, { ...input, name: '岩罕明' }))).toBe('sign-in.nobody');
    expect(await codeOf(sign(undefined, { token: token! }))).toBe('input.invalid');
    const { rows } = await hub.db.run('SELECT device_hash FROM signings WHERE device_hash IS NOT NULL');
    expect(JSON.stringify(rows)).not.toContain('one-phone');
  });

  it('flags who says they are far from the place, where there is one', async () => {
    const [near, far, silent] = [await actorOf(hub), await actorOf(hub), await actorOf(hub)];
    const { run, session } = await classOf([near, far, silent]);
    nowMs = NIGHT;
    const mangshi = { latitude: 24.4367, longitude: 98.5856 };
    await hub.training.setSignIn(trainer, session.id, { location: mangshi });
    const token = (await screenOf(session.id)).token!;
    await sign(near, { token, location: { ...mangshi, latitude: 24.4377 } });
    await sign(far, { token, location: { latitude: 24.0, longitude: 98.5856 } });
    await sign(silent, { token });
    expect((await markOf(run.id, near.personId)).flags).toEqual([]);
    expect((await markOf(run.id, silent.personId)).flags).toEqual([]);
    const [flag] = (await markOf(run.id, far.personId)).flags;
    expect(flag).toMatchObject({ kind: 'far-away' });
    expect(flag!.amount).toBeGreaterThan(48_000);
  });
});

describe('signing out', () => {
  it('where it is asked for makes the attendance, past midnight too', async () => {
    const [stays, leaves, forgets] = [await actorOf(hub), await actorOf(hub), await actorOf(hub)];
    const { run, session } = await classOf([stays, leaves, forgets], { asksSignOut: true });
    nowMs = NIGHT;
    const { token } = await screenOf(session.id);
    for (const someone of [stays, leaves, forgets])
      expect((await sign(someone, { token: token! })).attendance).toBe('awaits-sign-out');
    nowMs = at('15:59');
    const early = await screenOf(session.id, 'out');
    expect((await sign(leaves, { token: early.token! })).attendance).toBe('below-threshold');
    nowMs = at('16:35');
    const end = await screenOf(session.id, 'out');
    expect((await sign(stays, { token: end.token! })).attendance).toBe('recorded');
    expect(await markOf(run.id, stays.personId)).toMatchObject({ state: 'attended', effectiveMinutes: 60 });
    expect(await markOf(run.id, leaves.personId)).toMatchObject({
      ...{ state: 'below-threshold', effectiveMinutes: 29 },
    });
    expect(await markOf(run.id, forgets.personId)).toMatchObject({ state: 'awaits-sign-out' });
    const settled = hub.training.setSignIn(trainer, session.id, { asksSignOut: false });
    await expect(settled).rejects.toMatchObject({ fields: [{ rule: 'signed-already' }] });
  });

  it('too early takes back what was counted, and lets the person be elsewhere', async () => {
    const someone = await actorOf(hub);
    const first = await classOf([someone]);
    const second = await classOf([someone], { threshold: 20 });
    nowMs = NIGHT;
    await sign(someone, { token: (await screenOf(first.session.id)).token! });
    nowMs = at('15:50');
    await sign(someone, { token: (await screenOf(second.session.id)).token! });
    expect((await markOf(second.run.id, someone.personId)).state).toBe('refused');
    const out = await screenOf(first.session.id, 'out');
    expect((await sign(someone, { token: out.token! })).attendance).toBe('left-early');
    expect(await markOf(first.run.id, someone.personId)).toMatchObject({
      ...{ state: 'voided', voidReason: 'left-early' },
      flags: [{ kind: 'left-early', amount: null }],
    });
    expect(await markOf(second.run.id, someone.personId)).toMatchObject({
      ...{ state: 'attended', effectiveMinutes: 40 },
    });
  });
});

describe('the roll', () => {
  it('is called by the trainer, not before the time, and puts right what was voided', async () => {
    const [one, two] = [await actorOf(hub), await actorOf(hub)];
    const { run, session } = await classOf([one, two]);
    const entries = [one, two].map(({ personId }) => ({ personId }));
    expect(await codeOf(hub.training.callRoll(trainer, session.id, 'in', entries))).toBe('sign-in.not-open');
    expect((await markOf(run.id, one.personId)).flags).toEqual([{ kind: 'before-opening', amount: null }]);
    nowMs = NIGHT;
    const results = await hub.training.callRoll(trainer, session.id, 'in', [
      ...entries,
      { personId: 'nobody' },
    ]);
    expect(results.map(({ outcome, attendance }) => [outcome, attendance])).toEqual([
      ['signed', 'recorded'],
      ['signed', 'recorded'],
      ['not-enrolled', null],
    ]);
    const { attendanceId } = await markOf(run.id, one.personId);
    await hub.training.voidAttendance(auditor, attendanceId!, '点错了人');
    const token = (await screenOf(session.id)).token!;
    // Neither a code nor a measurement brings back what a person voided: a person does.
    expect((await sign(one, { token })).attendance).toBe('known');
    expect((await markOf(run.id, one.personId)).state).toBe('voided');
    const another = await actorOf(hub);
    await hub.training.enrol(another, run.id);
    await hub.training.callRoll(trainer, session.id, 'in', [{ personId: another.personId }]);
    await hub.training.voidAttendance(
      auditor,
      (await markOf(run.id, another.personId)).attendanceId!,
      '点错了人',
    );
    await hub.training.callRoll(trainer, session.id, 'in', [{ personId: another.personId }]);
    expect(await markOf(run.id, another.personId)).toMatchObject({ state: 'attended', method: 'roll-call' });
    const ahead = [{ personId: two.personId, signedAt: new Date(nowMs + MINUTE).toISOString() }];
    expect(await codeOf(hub.training.callRoll(trainer, session.id, 'in', ahead))).toBe('input.invalid');
  });

  it('names helper, witness and reason for whoever cannot sign, sealed', async () => {
    const someone = await actorOf(hub);
    const { run, session } = await classOf([someone]);
    nowMs = NIGHT;
    const station = await actorOf(hub, { roles: [['station', COUNTY]] });
    const elsewhere = await actorOf(hub, { roles: [['station', '533124']] });
    const input = { kind: 'in', personId: someone.personId, helper: '刀安', reason: '不识字' } as const;
    const assist = (who: Actor, witness: string) =>
      hub.training.signAssisted(who, session.id, { ...input, witness });
    expect(await codeOf(assist(elsewhere, '玉香'))).toBe('access.denied');
    expect(await codeOf(assist(station, '刀安'))).toBe('input.invalid');
    expect((await assist(station, '玉香')).attendance).toBe('recorded');
    expect(await markOf(run.id, someone.personId)).toMatchObject({
      ...{ state: 'attended', method: 'assisted' },
      assist: { helper: '刀*', witness: '玉*', reason: '不识字' },
    });
    const { rows } = await hub.db.run('SELECT assist_sealed FROM signings WHERE assist_sealed IS NOT NULL');
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain('玉香');
  });
});

it('is taken by the trainer of the class, not by another, nor from another county', async () => {
  const { session } = await classOf([]);
  nowMs = NIGHT;
  const other = await actorOf(hub, { roles: [['trainer', COUNTY]] });
  const administrator = await actorOf(hub, { roles: [['administrator', '533100']] });
  const neighbour = await actorOf(hub, { roles: [['administrator', '533124']] });
  const read = (who: Actor) => codeOf(hub.training.readScreen(who, session.id, 'in'));
  expect(await Promise.all([trainer, administrator, other, neighbour, auditor].map(read))).toEqual([
    ...['done', 'done', 'access.denied', 'access.denied', 'access.denied'],
  ]);
});
