import catalogue from '../../drizzle/reference/catalogue.json' with { type: 'json' };

type Words = [string, ...string[]];

/** 普及培训 · 专业技能培训 · 提升型培训 (D36 二(二), M19 附件1). */
export const LEVELS = catalogue.trainees.levels as Words;
/** Whom a course is made for, as the programmes' documents name them. */
export const AUDIENCES = catalogue.trainees.audiences as Words;
/** How a run is held: 课堂教学, 线上直播 and so on. */
export const FORMS = catalogue.trainees.forms as Words;
/** 理货 · 建仓 · 上网 · 开店 */
export const FOUR_STEPS = catalogue.trainees.fourSteps as Words;

/** The level whose person-times are counted apart as 专业技能 (D36 二(二)). */
export const PROFESSIONAL_LEVEL = '专业技能培训';
/** The level that M19 附件1 counts apart as 提升型. */
export const UPGRADE_LEVEL = '提升型培训';
