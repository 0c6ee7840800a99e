import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import reference from '../../drizzle/reference/regions.json' with { type: 'json' };
import { auditLog } from '../../drizzle/schema/platform.ts';
import type { Region } from '../../server/regions/service.ts';
import { faultOfNewRegion, type RegionLevel } from '../../server/regions/rules.ts';
import type { ErrorBody } from '../../server/platform/http/respond.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

describe('a new region', () => {
  it.each<[string, string, RegionLevel, string | undefined]>([
    ['533103001', '533103', 'county', undefined],
    ['533103001201', '533103001', 'township', undefined],
    ['533124001', '533103', 'county', 'prefix'],
    ['53310300', '533103', 'county', 'digits'],
    ['533103001201', '533103', 'county', 'digits'],
    ['533104', '533100', 'prefecture', 'parent-level'],
    ['533103001201001', '533103001201', 'village', 'parent-level'],
  ])('%s under %s (%s): %s', (code, parent, level, fault) =>
    expect(faultOfNewRegion(code, { code: parent, level })).toBe(fault),
  );
});

describe('the map', () => {
  let t: TestHub;
  let county: Someone;
  beforeAll(async () => {
    t = await openTestHub();
    county = await signInAs(t.hub, { roles: [['administrator', '533103']] });
  });
  afterAll(() => t.close());

  const list = async (query: string) =>
    ((await (await t.ask('GET', `/api/regions?${query}`)).json()) as { regions: Region[] }).regions;
  const add = (body: object) => t.ask('POST', '/api/regions', { cookie: county.cookie, body });
  const errorOf = async (response: Response) => ((await response.json()) as ErrorBody).error;

  it('comes with its prefectures and counties, also at the second start', async () => {
    await t.hub.regions.seedReference();
    expect(await list('')).toHaveLength(reference.length);
    expect((await list('parentCode=533100')).map((region) => region.name)).toContain('芒市');
    expect((await list('under=533100')).every((region) => region.code.startsWith('5331'))).toBe(true);
  });

  it('grows by townships and villages, audited', async () => {
    const township = { code: '533103101', name: '遮放镇', parentCode: '533103' };
    const village = { code: '533103101201', name: '户弄村', parentCode: '533103101' };
    expect(await (await add(township)).json()).toMatchObject({ ...township, level: 'township' });
    expect(await (await add(village)).json()).toMatchObject({ ...village, level: 'village' });
    expect((await list('under=533103101')).map((region) => region.name)).toEqual(['遮放镇', '户弄村']);
    expect((await t.hub.db.select().from(auditLog)).map((row) => row.objectId)).toEqual([
      '533103101',
      '533103101201',
    ]);
  });

  it('takes a code once, also from two at once', async () => {
    const township = { code: '533103102', name: '三台山乡', parentCode: '533103' };
    const answers = await Promise.all([add(township), add(township)]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(await errorOf(await add(township))).toMatchObject({
      code: 'region.exists',
      fields: [{ path: 'code' }],
    });
  });

  it('refuses what does not fit, at the field', async () => {
    const misfit = await add({ code: '533124101', name: '错', parentCode: '533103' });
    expect(await errorOf(misfit)).toMatchObject({ code: 'input.invalid', fields: [{ path: 'code' }] });
    const orphan = await add({ code: '533103999201', name: '错', parentCode: '533103999' });
    expect(await errorOf(orphan)).toMatchObject({ code: 'input.invalid', fields: [{ path: 'parentCode' }] });
    expect((await add({ code: '533124101', name: '错', parentCode: '533124' })).status).toBe(403);
  });
});
