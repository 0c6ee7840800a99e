import type { Random } from './random.ts';

/** Names as they are common among the Han, Dai, Jingpo, Achang and De'ang of Dehong; nobody in particular. */
const FAMILY = [
  '岩',
  '孟',
  '线',
  '刀',
  '俸',
  '早',
  '雷',
  '何',
  '勒',
  '排',
  '曹',
  '赵',
  '李',
  '杨',
  '张',
  '段',
  '尹',
  '郗',
  '帕',
  '闷',
];
const GIVEN = [
  '亮',
  '罕',
  '相',
  '保',
  '团',
  '小团',
  '玉',
  '月亮',
  '果',
  '腊',
  '木干',
  '麻途',
  '木锐',
  '早山',
  '国强',
  '春花',
  '丽华',
  '应梅',
  '家福',
  '永清',
  '新兰',
  '志明',
  '秀英',
  '海燕',
  '文昌',
  '光辉',
  '金凤',
  '有才',
  '双喜',
  '安静',
  '恩果',
  '宝石',
];

export interface SamplePerson {
  name: string;
  phone: string;
  audiences: string[];
  verified: boolean;
}

const AUDIENCES = [
  '农村群众',
  '合作社人员',
  '农村妇女',
  '退役军人',
  '返乡大学生',
  '家庭农场/种养大户',
  '服务站点负责人',
  '脱贫(建档立卡)人口',
  '返乡农民工',
];

/** `count` people; 1900000xxxx is not a number anyone has been given. One in eleven is not verified yet. */
export function samplePeople(random: Random, count: number): SamplePerson[] {
  return Array.from({ length: count }, (_, index) => ({
    name: random.pick(FAMILY) + random.pick(GIVEN),
    phone: `1900000${String(index + 1).padStart(4, '0')}`,
    audiences: random.sample(AUDIENCES, random.between(1, 2)),
    verified: index % 11 !== 5,
  }));
}
