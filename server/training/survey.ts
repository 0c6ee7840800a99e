/** One question of a survey: its words belong to the version, for they are what was asked. */
export interface SurveyItem {
  code: string;
  question: { 'zh-CN': string; en: string };
}

/** A survey as it was put to people. Answers keep the version they answered. */
export interface SurveyDefinition {
  version: number;
  overall: SurveyItem;
  items: SurveyItem[];
  /** Labels of the five steps, 5 first. */
  scale: { value: number; label: { 'zh-CN': string; en: string } }[];
  commentMaxLength: number;
}

/** 培训满意度调查 v1. Satisfaction counts 很满意 and 满意 of `overall` only. */
export const SURVEY: SurveyDefinition = {
  version: 1,
  overall: {
    code: 'overall',
    question: {
      'zh-CN': '总的来说，您对这期培训满意吗？',
      en: 'Overall, how satisfied are you with this training?',
    },
  },
  items: [
    { code: 'content', question: { 'zh-CN': '讲的内容用得上', en: 'What was taught is useful to me' } },
    { code: 'teaching', question: { 'zh-CN': '老师讲得清楚', en: 'The trainer explained clearly' } },
    { code: 'practice', question: { 'zh-CN': '动手练习够不够', en: 'There was enough hands-on practice' } },
    { code: 'service', question: { 'zh-CN': '报名、上课方便', en: 'Enrolling and attending was easy' } },
  ],
  scale: [
    { value: 5, label: { 'zh-CN': '很满意', en: 'Very good' } },
    { value: 4, label: { 'zh-CN': '满意', en: 'Good' } },
    { value: 3, label: { 'zh-CN': '一般', en: 'So-so' } },
    { value: 2, label: { 'zh-CN': '不满意', en: 'Bad' } },
    { value: 1, label: { 'zh-CN': '很不满意', en: 'Very bad' } },
  ],
  commentMaxLength: 500,
};
