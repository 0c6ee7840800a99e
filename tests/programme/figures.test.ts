import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';
import type { IndicatorPage } from '../../server/programme/indicators.ts';
import { emit } from '../../server/platform/outbox/emit.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';
import { actorOf, COUNTY, holdClass, openRun, planBroadcast } from '../support/classroom.ts';

const PREFECTURE = '533100';
const SIBLING = '533124';
const HOUR_MS = 3_600_000;
const today = new Date(Date.now() + 8 * HOUR_MS);
const PERIOD = {
  startsOn: `${today.getUTCFullYear() - 1}-01-01`,
  endsOn: `${today.getUTCFullYear() + 1}-12-31`,
};

let t: TestHub;
let hub: Hub;
let administrator: Actor;
let programmeId: string;
const trainers: Record<string, Actor> = {};

beforeAll(async () => {
  t = await openTestHub();
  hub = t.hub;
  administrator = await actorOf(hub, { roles: [['administrator', PREFECTURE]] });
  for (const county of [COUNTY, SIBLING])
    trainers[county] = await actorOf(hub, { roles: [['trainer', county]] });
  const target = {
    indicatorCode: 'training.personTimes',
    value: 2,
    operator: '>=',
    scope: 'each-county',
  } as const;
  const copied = await hub.programmes.copyProgramme(administrator, {
    ...{ catalogueId: 'dehong-2019', ...PERIOD },
    regionCodes: ['533103', '533124', '533123', '533122'],
    targets: [target],
  });
  programmeId = copied.id;
});
afterAll(() => t.close());

const indicatorOf = (page: IndicatorPage, code: string) => page.indicators.find((one) => one.code === code)!;

/** Holds a class of an hour, `daysAgo`, that `people` watched to its end. */
async function teach(county: string, people: Actor[], daysAgo: number, level = '普及培训') {
  const trainer = trainers[county]!;
  const startsAtMs = Date.now() - daysAgo * 24 * HOUR_MS;
  const run = await openRun(hub, trainer, {
    ...{ regionCode: county, startsAtMs, level },
    programmeIds: [programmeId],
  });
  for (const someone of people) await hub.training.enrol(someone, run.id);
  await holdClass(
    hub,
    trainer,
    run.sessions[0]!,
    people.map(({ personId }) => ({ personId, minutes: 60 })),
  );
  return run;
}

describe('a programme', () => {
  it('has no figures for a day that has not begun', async () => {
    const dayAfter = (days: number) =>
      new Date(today.getTime() + days * 24 * HOUR_MS).toISOString().slice(0, 10);
    const refused = { fields: [{ path: 'asOf', rule: 'in-future' }] };
    const asOf = dayAfter(2);
    const figures = hub.programmes.readIndicators(administrator, programmeId, { asOf });
    await expect(figures).rejects.toMatchObject(refused);
    const lines = hub.programmes.readEvidence(administrator, programmeId, 'training.personTimes', {
      ...{ asOf, standing: 'counted', page: 1 },
    });
    await expect(lines).rejects.toMatchObject(refused);
    const page = await hub.programmes.readIndicators(administrator, programmeId, { asOf: dayAfter(0) });
    expect(page.asOf).toBe(dayAfter(0));
  });

  it('is copied with every target of its document, to own days, once', async () => {
    const page = await hub.programmes.readProgramme(undefined, programmeId);
    expect(page.region.code).toBe(PREFECTURE);
    expect(page.counties.map((county) => county.code).toSorted()).toEqual([
      '533103',
      '533122',
      '533123',
      '533124',
    ]);
    expect(page.stages[0]).toMatchObject({ name: '组织准备', startsOn: PERIOD.startsOn });
    expect(page.stages.at(-1)!.endsOn).toBe(PERIOD.endsOn);
    expect(page.targets.find((one) => one.indicatorCode === 'training.satisfaction')).toMatchObject({
      ...{ value: 90, operator: '>=', scope: 'each-county', clause: 'D36 二(二)', measured: true },
    });
    expect(page.targets.find((one) => one.indicatorCode === 'incubation.shopsOpened')!.measured).toBe(false);
    const again = hub.programmes.copyProgramme(administrator, {
      ...{ catalogueId: 'dehong-2019', ...PERIOD, regionCodes: [COUNTY], targets: [] },
    });
    await expect(again).rejects.toMatchObject({ code: 'programme.exists' });
  });

  it('takes a run outside its days and says so', async () => {
    const startsAtMs = Date.now() - 3 * 365 * 24 * HOUR_MS;
    const run = await openRun(hub, trainers[COUNTY]!, { startsAtMs, programmeIds: [programmeId] });
    expect(run.programmes).toEqual([{ programmeId, fit: 'outside-period' }]);
  });
});

describe('the figures', () => {
  it('move with the facts, and their rows sum to them, masked', async () => {
    const people = [
      await actorOf(hub, { verified: true, name: '岩罕亮' }),
      await actorOf(hub, { name: '咩月相' }),
    ];
    const run = await teach(COUNTY, people, 3, '专业技能培训');
    await hub.training.answerSurvey(people[0], run.id, { overall: 4, items: {} });
    await hub.training.answerSurvey(people[1], run.id, { overall: 2, items: {} });
    await hub.pump.drain();
    const official = await signInAs(hub, { roles: [['county-official', COUNTY]] });
    const at = `/api/programmes/${programmeId}/indicators`;
    const response = await t.ask('GET', `${at}?region=${COUNTY}`, { cookie: official.cookie });
    expect(response.status).toBe(200);
    const page = (await response.json()) as IndicatorPage;
    const shown = (code: string) => {
      const { figure, target, state, rule } = indicatorOf(page, code);
      const { value, numerator, denominator, unverified } = figure!;
      const parts = denominator === null ? '' : ` ${numerator}/${denominator}`;
      return `${value}${parts} u${unverified} ${target ? `${target.operator} ${target.value}` : '-'} ${state} v${rule!.version}`;
    };
    expect(shown('training.personTimes')).toBe('2 u1 >= 2 met v1');
    expect(shown('training.professionalPersonTimes')).toMatch(/^2 u1 >= 500 (at-risk|on-track) v1$/);
    expect(shown('training.persons')).toBe('1 u1 - no-target v1');
    expect(shown('training.satisfaction')).toBe('50 1/2 u1 >= 90 at-risk v1');
    expect(indicatorOf(page, 'incubation.shopsOpened')).toMatchObject({
      figure: null,
      state: 'not-measured',
    });
    expect(page.freshness!.seq).toBeGreaterThan(0);

    for (const { evidence, figure, code } of page.indicators.filter((one) => one.evidence)) {
      const rows = await t.ask('GET', evidence!, { cookie: official.cookie });
      const behind = (await rows.json()) as { total: number; items: { person: { displayName: string } }[] };
      expect(behind.total, code).toBe(figure!.denominator ?? figure!.value);
      expect(JSON.stringify(behind)).not.toMatch(/岩罕亮|咩月相/);
      expect(behind.items.some((row) => row.person.displayName === '岩*亮')).toBe(true);
    }
  });

  it('of another county and of the prefecture are refused to a county official', async () => {
    const official = await signInAs(hub, { roles: [['county-official', COUNTY]] });
    const at = `/api/programmes/${programmeId}/indicators`;
    for (const query of [`?region=${SIBLING}`, `?region=${PREFECTURE}`, '']) {
      for (const path of [`${at}${query}`, `${at}/training.personTimes/evidence${query}`]) {
        const response = await t.ask('GET', path, { cookie: official.cookie });
        expect([path, response.status]).toEqual([path, 403]);
      }
    }
    const elsewhere = await t.ask('GET', `${at}?region=530381`, {
      cookie: (await signInAs(hub, { roles: [['auditor', '530300']] })).cookie,
    });
    expect(elsewhere.status).toBe(400);
  });

  it('of a prefecture stand side by side, and a county that fails is not hidden by the sum', async () => {
    const people = await Promise.all(Array.from({ length: 3 }, () => actorOf(hub, { verified: true })));
    await teach(SIBLING, people.slice(0, 1), 5);
    const page = await hub.programmes.readIndicators(administrator, programmeId, { region: PREFECTURE });
    const personTimes = indicatorOf(page, 'training.personTimes');
    const sum = personTimes.counties!.reduce((total, one) => total + one.value!, 0);
    expect(personTimes.figure!.value).toBe(sum);
    expect(sum).toBeGreaterThan(personTimes.target!.value!);
    expect(personTimes.countiesMeeting).toEqual({ met: 1, of: 4 });
    expect(personTimes.state).not.toBe('met');
    const satisfaction = indicatorOf(page, 'training.satisfaction');
    expect(satisfaction.figure!.denominator).toBe(
      satisfaction.counties!.reduce((total, one) => total + one.denominator!, 0),
    );
  });

  it('move within a second of the fact, by the pump itself', async () => {
    const trainer = trainers[COUNTY]!;
    const someone = await actorOf(hub, { verified: true });
    const run = await openRun(hub, trainer);
    await hub.training.enrol(someone, run.id);
    const broadcastId = await planBroadcast(hub, trainer);
    await hub.training.linkBroadcast(trainer, run.sessions[0]!.id, broadcastId);
    const read = async () =>
      indicatorOf(
        await hub.programmes.readIndicators(administrator, programmeId, { region: COUNTY }),
        'training.personTimes',
      ).figure!.value!;
    const before = await read();
    const at = new Date().toISOString();
    await hub.db.transaction((tx) =>
      emit(
        tx,
        {
          type: 'broadcasts.presence-reached',
          payload: {
            broadcastId,
            personId: someone.personId,
            effectiveSeconds: 1800,
            thresholdMinutes: 30,
            at,
          },
        },
        at,
      ),
    );
    const since = performance.now();
    while ((await read()) === before && performance.now() - since < 5000)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await read()).toBe(before + 1);
    expect(performance.now() - since).toBeLessThan(1000);
  });
});
