import { readerLocale } from '#lib/i18n/locale.ts';

/** The catalogue's terms in English; in Chinese they are shown as the documents have them. */
const ENGLISH: Record<string, string> = {
  普及培训: 'Introductory',
  专业技能培训: 'Professional skills',
  提升型培训: 'Advanced',
  课堂教学: 'Classroom',
  现场教学: 'On site',
  实地考察: 'Field visit',
  实操演练: 'Hands-on practice',
  线上直播: 'Live online',
  线上点播: 'On demand',
  线上线下结合: 'Online and on site',
  理货: 'Sourcing',
  建仓: 'Warehousing',
  上网: 'Going online',
  开店: 'Opening a shop',
  党政机关工作人员: 'Public servants',
  大学生村官: 'Graduate village officials',
  驻村第一书记: 'First secretaries in villages',
  服务站点负责人: 'Service station keepers',
  企业人员: 'Company staff',
  合作社人员: 'Cooperative members',
  农村群众: 'Villagers',
  返乡大学生: 'Returned graduates',
  退役军人: 'Veterans',
  '脱贫(建档立卡)人口': 'People lifted out of poverty',
  个体经营户: 'Sole traders',
  农村妇女: 'Rural women',
  残疾人: 'People with disabilities',
  '家庭农场/种养大户': 'Family farms and large growers',
  农村青年: 'Rural youth',
  待就业大学生: 'Graduates seeking work',
  返乡农民工: 'Returned migrant workers',
};

/** A term of the catalogue (a level, form or audience) in the reader's language. */
export function termWords(term: string): string {
  return readerLocale() === 'en' ? (ENGLISH[term] ?? term) : term;
}

/** Terms as choices of a Select or checkboxes. */
export function termOptions(terms: readonly string[]): { value: string; label: string }[] {
  return terms.map((value) => ({ value, label: termWords(value) }));
}
