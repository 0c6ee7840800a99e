import type { CourseManuscript } from '../../../courses/model/course-schema.ts';

/** A small course with a lesson of every kind. */
export function sampleCourse(changes: Partial<CourseManuscript> = {}): CourseManuscript {
  return {
    key: 'rice-by-phone',
    title: '贡米上网',
    summary: '从挑货到开店。',
    level: '普及培训',
    audiences: ['农村群众'],
    hours: 2,
    fourStep: '上网',
    cover: 'drawings/cover.svg',
    order: 'sequence',
    lessons: [
      {
        kind: 'article',
        key: 'sorting',
        title: '先理货',
        minutes: 6,
        body: '# 先理货\n\n把货**分级**。\n\n![三个筐](drawings/baskets.svg)',
        completion: { by: 'read' },
      },
      {
        kind: 'video',
        key: 'film',
        title: '看一遍',
        minutes: 3,
        videoId: '01890000-0000-7000-8000-000000000001',
        completion: { by: 'watched', percent: 80 },
        dueDays: 7,
      },
      {
        kind: 'live',
        key: 'live',
        title: '直播课',
        minutes: 60,
        broadcastId: '01890000-0000-7000-8000-000000000002',
        completion: { by: 'opened' },
      },
      {
        kind: 'document',
        key: 'slides',
        title: '讲义',
        minutes: 5,
        pages: ['slides/1.png', 'slides/2.png'],
        completion: { by: 'read' },
      },
      {
        kind: 'quiz',
        key: 'quiz',
        title: '小测验',
        minutes: 5,
        attempts: 2,
        questions: [
          {
            ...{ kind: 'single', key: 'one', prompt: '选一个', explanation: '一是对的' },
            options: [
              { key: 'a', text: '一' },
              { key: 'b', text: '二', why: '二不对' },
            ],
            answer: 'a',
          },
          {
            ...{ kind: 'multiple', key: 'some', prompt: '选几个', explanation: '甲和丙' },
            options: [
              { key: 'a', text: '甲' },
              { key: 'b', text: '乙', why: '乙不对' },
              { key: 'c', text: '丙' },
            ],
            answers: ['a', 'c'],
            points: 2,
          },
          { kind: 'true-false', key: 'true', prompt: '对不对', explanation: '对', answer: true },
          {
            ...{ kind: 'order', key: 'order', prompt: '排一排', explanation: '先一后三' },
            items: [
              { key: 'x', text: '一' },
              { key: 'y', text: '二' },
              { key: 'z', text: '三' },
            ],
          },
          {
            ...{ kind: 'number', key: 'number', prompt: '几斤', explanation: '0.2', answer: 0.2 },
            ...{ tolerance: 0.1, unit: '斤' },
          },
        ],
        completion: { by: 'passed', percent: 60 },
      },
      {
        kind: 'task',
        key: 'task',
        title: '拍三张',
        minutes: 20,
        brief: '给自家的米拍照。',
        criteria: [{ key: 'light', text: '光线', points: 5 }],
        handIn: ['photo'],
        completion: { by: 'accepted' },
      },
      {
        kind: 'survey',
        key: 'survey',
        title: '您的意见',
        minutes: 1,
        questions: [{ kind: 'rating', key: 'pleased', prompt: '满意吗' }],
        completion: { by: 'handed-in' },
      },
    ],
    ...changes,
  };
}
