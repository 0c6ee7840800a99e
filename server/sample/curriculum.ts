/** What the sample's counties have taught. Levels, forms and audiences are the catalogue's words. */
export interface SampleCourse {
  title: string;
  summary: string;
  level: '普及培训' | '专业技能培训' | '提升型培训';
  fourStep?: '理货' | '建仓' | '上网' | '开店';
  audiences: string[];
  hours: number;
}

export const SAMPLE_COURSES: SampleCourse[] = [
  {
    title: '手机里的新农活：农村电商入门',
    summary: '什么货能上网、钱怎么到手、上当怎么办。给第一次接触电商的乡亲。',
    level: '普及培训',
    fourStep: '理货',
    audiences: ['农村群众', '农村妇女', '脱贫(建档立卡)人口'],
    hours: 2,
  },
  {
    title: '遮放贡米怎么拍：一部手机拍出米香',
    summary: '光线、背景、三张必拍图，当场拍当场改。',
    level: '专业技能培训',
    fourStep: '上网',
    audiences: ['合作社人员', '家庭农场/种养大户'],
    hours: 3,
  },
  {
    title: '咖啡庄园直播实战：从备播到复盘',
    summary: '备品、脚本、话术、互动与售后，跟着一场真直播走一遍。',
    level: '专业技能培训',
    fourStep: '开店',
    audiences: ['返乡大学生', '退役军人', '合作社人员'],
    hours: 4,
  },
  {
    title: '坚果和热带水果的分级、包装与冷链',
    summary: '按什么标准挑，怎么包不烂，快递怎么谈。',
    level: '普及培训',
    fourStep: '建仓',
    audiences: ['家庭农场/种养大户', '合作社人员', '返乡农民工'],
    hours: 2,
  },
  {
    title: '站点负责人：代买代卖与台账',
    summary: '村级服务站每天做什么、记什么、月底报什么。',
    level: '普及培训',
    audiences: ['服务站点负责人'],
    hours: 2,
  },
  {
    title: '网店运营提升：看懂数据再下手',
    summary: '流量从哪来、转化卡在哪、评价怎么救。',
    level: '提升型培训',
    fourStep: '开店',
    audiences: ['个体经营户', '返乡大学生'],
    hours: 3,
  },
];
