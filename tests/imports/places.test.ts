import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import { findPlace, plainPlaceName } from '../../server/regions/place-names.ts';
import { actorOf, COUNTY } from '../support/classroom.ts';
import { xlsxOf, type TestCell } from '../support/make-xlsx.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';

const HEADINGS = ['乡镇', '行政村', '统计用区划代码', '脱贫村', '脱贫日期'];

let t: TestHub;
let administrator: Actor;
beforeAll(async () => {
  t = await openTestHub();
  administrator = await actorOf(t.hub, { roles: [['administrator', COUNTY]] });
});
afterAll(() => t.close());

const begin = async (rows: TestCell[][]) =>
  t.hub.imports.begin(
    administrator,
    'regions',
    COUNTY,
    await xlsxOf({ merges: ['A2:A3'], rows: [HEADINGS, ...rows] }),
  );

describe('a list of townships and villages', () => {
  it('adds what is new, changes what differs, and keeps what it says nothing of', async () => {
    const draft = await begin([
      ['勐戛镇', '三角岩村委会', 533_103_104_201, '是', '2018年12月'],
      [null, '勐旺村委会', '533103104202', null, null],
      ['江东乡', '芒龙村委会', '533103201200', '否', null],
    ]);
    expect(draft).toMatchObject({
      faultCount: 0,
      figures: { townshipsAdded: 2, villagesAdded: 3, changed: 0 },
    });
    await t.hub.imports.confirm(administrator, draft.id, {});
    const villages = await t.hub.regions.listRegions({ under: '533103104' });
    expect(villages).toEqual([
      {
        code: '533103104',
        name: '勐戛镇',
        level: 'township',
        parentCode: COUNTY,
        outOfPoverty: false,
        outOfPovertyOn: null,
      },
      {
        code: '533103104201',
        name: '三角岩村委会',
        level: 'village',
        parentCode: '533103104',
        outOfPoverty: true,
        outOfPovertyOn: '2018-12-01',
      },
      {
        code: '533103104202',
        name: '勐旺村委会',
        level: 'village',
        parentCode: '533103104',
        outOfPoverty: false,
        outOfPovertyOn: null,
      },
    ]);
    const again = await begin([
      ['勐戛镇', '三角岩村民委员会', '533103104201', null, null],
      ['勐戛镇', '勐旺村委会', '533103104202', null, '2019/12/1'],
    ]);
    expect(again.figures).toEqual({ townshipsAdded: 0, villagesAdded: 0, changed: 2 });
    await t.hub.imports.confirm(administrator, again.id, {});
    expect(
      (await t.hub.regions.listRegions({ parentCode: '533103104' })).map((v) => [v.name, v.outOfPovertyOn]),
    ).toEqual([
      ['三角岩村民委员会', '2018-12-01'],
      ['勐旺村委会', '2019-12-01'],
    ]);
  });

  it('is refused cell by cell', async () => {
    const draft = await begin([
      ['勐戛镇', '甲村', '5331031042', null, null],
      ['勐戛镇', '乙村', '533102104201', null, null],
      ['勐戛镇', '丙村', '533103104201', '也许', '去年'],
      ['勐戛镇', '丁村', '533103104202', null, null],
      ['另一镇', '戊村', '533103104203', null, null],
      ['勐戛镇', '己村', '533103104202', null, null],
      ['勐戛镇', null, null, null, null],
    ]);
    expect(
      draft.rows.flatMap((row) => row.faults.map((fault) => [row.number, fault.column, fault.rule])),
    ).toEqual([
      [2, 'villageCode', 'region-digits'],
      [3, 'villageCode', 'outside-region'],
      [4, 'outOfPoverty', 'yes-or-no'],
      [4, 'outOfPovertyOn', 'day'],
      [6, 'township', 'differs'],
      [7, 'villageCode', 'twice'],
      [8, 'village', 'required'],
      [8, 'villageCode', 'required'],
    ]);
  });
});

describe('the name of a place', () => {
  it.each([
    ['三角岩村委会', '三角岩'],
    ['三角岩村民委员会', '三角岩'],
    ['勐戛镇', '勐戛'],
    ['新村', '新村'],
    ['三台山德昂族乡', '三台山'],
    ['勐 焕 街道', '勐焕'],
  ])('%s is %s', (name, plain) => expect(plainPlaceName(name)).toBe(plain));

  it('is found where it is one', () => {
    const places = [
      { code: '1', name: '勐戛镇', parentCode: null },
      { code: '2', name: '勐戛乡', parentCode: null },
      { code: '3', name: '江东乡', parentCode: null },
    ];
    expect(findPlace(places, '江东')).toBe(places[2]);
    expect(findPlace(places, '勐戛乡')).toBe(places[1]);
    expect(findPlace(places, '勐戛')).toBe('ambiguous');
    expect(findPlace(places, '无')).toBe('unknown');
  });
});
