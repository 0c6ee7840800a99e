import type { z } from 'zod';

export type Sentence = Record<'zh-CN' | 'en', string>;

/** What is wrong with one place of a course: `path` is dotted (`lessons.2.questions.0.answer`). */
export interface CourseFault {
  path: string;
  rule: string;
  sentence: Sentence;
}

const RULES: Record<string, Sentence> = {
  required: { 'zh-CN': '这里没有填写', en: 'This is missing' },
  'too-small': { 'zh-CN': '太短、太少或太小', en: 'Too short, too few or too small' },
  'too-big': { 'zh-CN': '太长、太多或太大', en: 'Too long, too many or too large' },
  format: { 'zh-CN': '写法不对', en: 'It is not written in the right form' },
  type: { 'zh-CN': '内容的类型不对', en: 'It is of the wrong type' },
  unknown: { 'zh-CN': '有不认识的内容', en: 'There is something unknown here' },
  'not-a-choice': { 'zh-CN': '不在可选的范围内', en: 'It is none of the choices' },
  'key-twice': { 'zh-CN': '标识重复，每个标识只能用一次', en: 'The key is used twice' },
  'no-such-option': { 'zh-CN': '答案不在选项里', en: 'The answer is none of the options' },
  'answer-twice': { 'zh-CN': '答案重复', en: 'An answer is listed twice' },
  'own-prerequisite': { 'zh-CN': '课程不能以自己为先修课', en: 'A course cannot require itself' },
  'article-unreadable': {
    'zh-CN': '文章里有读不了的写法',
    en: 'The article has something that cannot be read',
  },
  'asset-missing': { 'zh-CN': '缺少这个图片或文件', en: 'This picture or file is missing' },
  'asset-type': { 'zh-CN': '文件类型不对', en: 'The file is of the wrong type' },
  'video-missing': { 'zh-CN': '没有这个视频', en: 'There is no such video' },
  'video-not-ready': { 'zh-CN': '视频还没有转好', en: 'The video is not ready yet' },
  'video-not-shown': {
    'zh-CN': '这个视频只有您自己能看，请先改成登录可看',
    en: 'Only you may watch this video: show it to those signed in first',
  },
  'broadcast-missing': { 'zh-CN': '没有这场直播', en: 'There is no such broadcast' },
  'course-missing': { 'zh-CN': '没有这门先修课', en: 'There is no such course to come first' },
  'too-large': { 'zh-CN': '整个课程太大', en: 'The course as a whole is too large' },
};

export type CourseRule = keyof typeof RULES;

export function faultAt(path: string, rule: CourseRule): CourseFault {
  return { path, rule, sentence: RULES[rule]! };
}

/** What a schema found, in our words. */
export function faultsOf(error: z.ZodError): CourseFault[] {
  return error.issues.map((issue) => faultAt(issue.path.join('.'), ruleOf(issue)));
}

function ruleOf(issue: z.core.$ZodIssue): CourseRule {
  switch (issue.code) {
    case 'invalid_type':
      return /received undefined$/.test(issue.message) ? 'required' : 'type';
    case 'too_small':
      return issue.origin === 'string' && issue.minimum === 1 ? 'required' : 'too-small';
    case 'too_big':
      return 'too-big';
    case 'invalid_format':
      return 'format';
    case 'invalid_value':
    case 'invalid_union':
      return 'not-a-choice';
    case 'unrecognized_keys':
      return 'unknown';
    default:
      return 'type';
  }
}
