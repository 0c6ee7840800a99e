/** The sample's townships with two villages each. Names are real, codes below the county are made up for the sample. */
export interface SamplePlace {
  code: string;
  name: string;
  parentCode: string;
}

const TOWNSHIPS: Record<string, Record<string, [string, string]>> = {
  '533103': {
    遮放镇: ['户拉村', '弄坎村'],
    风平镇: ['那目村', '遮晏村'],
    轩岗乡: ['芒广村', '芒棒村'],
    三台山德昂族乡: ['出冬瓜村', '邦外村'],
  },
  '533124': {
    景罕镇: ['曼面村', '曼软村'],
    户撒阿昌族乡: ['朗光村', '隆光村'],
    陇把镇: ['邦外村', '吕良村'],
  },
  '533123': {
    旧城镇: ['小新街村', '浑水沟村'],
    弄璋镇: ['南永村', '允帽村'],
    太平镇: ['芒允村', '雪梨村'],
  },
  '533122': {
    芒东镇: ['芒东村', '翁冷村'],
    九保阿昌族乡: ['丙盖村', '横路村'],
    小厂乡: ['小厂村', '勐来村'],
  },
};

/** Townships first, each followed by its villages: the order in which they can be added. */
export function samplePlaces(): SamplePlace[] {
  return Object.entries(TOWNSHIPS).flatMap(([county, townships]) =>
    Object.entries(townships).flatMap(([township, villages], index) => {
      const code = `${county}${201 + index}`;
      return [
        { code, name: township, parentCode: county },
        ...villages.map((village, at) => ({ code: `${code}${201 + at}`, name: village, parentCode: code })),
      ];
    }),
  );
}
