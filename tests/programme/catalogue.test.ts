import { describe, expect, it } from 'vitest';
import { CATALOGUE, INDICATORS } from '../../server/programme/catalogue.ts';
import { LEVELS, PROFESSIONAL_LEVEL, UPGRADE_LEVEL } from '../../server/learning/service.ts';

function targetOf(programme: string, indicator: string) {
  const found = CATALOGUE.find((one) => one.id === programme)!.targets.filter(
    (target) => target.indicatorCode === indicator,
  );
  expect(found).toHaveLength(1);
  const { scope, value, operator, dueOn } = found[0]!;
  return `${scope} ${operator} ${value} ${dueOn}`;
}

// As the documents read: 德商发〔2020〕36号 二(二) for each of the four counties; 陇川县 四 with 高于90%; 芒工商科发〔2022〕19号 附件1.
describe('the catalogue', () => {
  it.each([
    ['dehong-2019', 'training.personTimes', 'each-county >= 3000 2020-12-31'],
    ['dehong-2019', 'training.professionalPersonTimes', 'each-county >= 500 2020-12-31'],
    ['dehong-2019', 'training.satisfaction', 'each-county >= 90 2020-12-31'],
    ['longchuan-2019', 'training.personTimes', 'whole >= 3000 2020-12-31'],
    ['longchuan-2019', 'training.satisfaction', 'whole > 90 2020-12-31'],
    ['mangshi-2022', 'training.satisfaction', 'whole >= 90 2022-12-31'],
    ['qujing-2017', 'training.personTimes', 'each-county >= 3000 2018-12-31'],
    ['dehong-2019', 'stations.townshipBuilt', 'by-county >= null 2020-12-31'],
    ['dehong-2019', 'logistics.upstreamPrice', 'each-county is 1 2020-12-31'],
    ['qujing-2017', 'employment.ruralPeople', 'whole >= null 2018-12-31'],
  ])('%s %s: %s', (programme, indicator, target) => {
    expect(targetOf(programme, indicator)).toBe(target);
  });

  it('names the four counties of 德宏 and their stations', () => {
    const dehong = CATALOGUE.find((one) => one.id === 'dehong-2019')!;
    expect(dehong.regions).toEqual(['533103', '533124', '533123', '533122']);
    expect(dehong.document).toBe('德商发〔2020〕36号');
    expect(
      dehong.targets.find((one) => one.indicatorCode === 'stations.townshipBuilt')!.valueByCounty,
    ).toEqual({ '533103': 11, '533124': 9, '533123': 15, '533122': 9 });
  });

  it('has levels by the names the rules know', () => {
    expect(LEVELS).toEqual(expect.arrayContaining([PROFESSIONAL_LEVEL, UPGRADE_LEVEL]));
  });

  it('shows 人数 beside 人次', () => {
    expect(INDICATORS.slice(0, 2).map((one) => one.code)).toEqual([
      'training.personTimes',
      'training.persons',
    ]);
  });
});
