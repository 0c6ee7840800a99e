import type { CourseManuscript } from '../../courses/model/course-schema.ts';
import { videos } from '../../drizzle/schema/videos.ts';
import type { Actor } from '../../server/platform/access/actor.ts';
import { instant } from '../../server/platform/clock.ts';
import { newId } from '../../server/platform/ids.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import type { TestHub } from '../support/open-test-hub.ts';

export const COUNTY = '533103';

/** Someone as the rooms see them. */
export function actorOf(someone: Someone, ...roles: Actor['grants'][number]['role'][]): Actor {
  const grants = roles.map((role) => ({ role, regionCode: COUNTY }));
  return { accountId: someone.accountId, personId: someone.personId, grants };
}

export async function newTrainer({ hub }: TestHub): Promise<Actor> {
  return actorOf(await signInAs(hub, { roles: [['trainer', COUNTY]] }), 'trainer');
}

export async function newLearner({ hub }: TestHub, homeRegionCode = COUNTY): Promise<Actor> {
  return actorOf(await signInAs(hub, { homeRegionCode }));
}

/** A film that is ready, as its row; the film itself is other tests' business. */
export async function newVideo(
  { hub }: TestHub,
  of: { seconds: number; visibility?: 'signed-in' | 'owner' },
): Promise<string> {
  const id = newId<'video'>();
  const at = instant(Date.now());
  const facts = {
    durationMs: of.seconds * 1000,
    width: 640,
    height: 360,
    videoCodec: 'h264',
    audioCodec: 'aac',
  };
  await hub.db.insert(videos).values({
    ...{ id, title: '片子', state: 'ready', visibility: of.visibility ?? 'signed-in', regionCode: COUNTY },
    ...{ ownerAccountId: 'someone', createdAt: at, changedAt: at, byteLength: 1 },
    facts: { ...facts, frameRate: '25', copyable: true },
  });
  return id;
}

const HEAD = {
  title: '贡米上网',
  summary: '从挑货到开店',
  level: '普及培训',
  audiences: ['农村群众'],
  hours: 2,
};
export const DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><title>筐</title></svg>';

/** Publishes a course of these lessons. */
export async function newCourse(
  { hub }: TestHub,
  trainer: Actor,
  lessons: CourseManuscript['lessons'],
  more: Partial<CourseManuscript> = {},
): Promise<string> {
  const { id } = await hub.learning.createCourse(trainer, { ...HEAD, regionCode: COUNTY });
  await publishNext({ hub }, trainer, id, lessons, more);
  return id;
}

export async function publishNext(
  { hub }: Pick<TestHub, 'hub'>,
  trainer: Actor,
  id: string,
  lessons: CourseManuscript['lessons'],
  more: Partial<CourseManuscript> = {},
) {
  const { revision } = await hub.learning.readDraft(trainer, id);
  const document = { ...HEAD, order: 'sequence', lessons, ...more };
  const saved = await hub.learning.saveDraft(trainer, id, { revision, document });
  return hub.learning.publish(trainer, id, saved.revision);
}

export const article = (key: string, body = '字'.repeat(200)) =>
  ({ kind: 'article', key, title: `读${key}`, minutes: 2, body, completion: { by: 'read' } }) as const;
export const film = (videoId: string, percent = 80) =>
  ({
    kind: 'video',
    key: 'film',
    title: '看',
    minutes: 2,
    videoId,
    completion: { by: 'watched', percent },
  }) as const;
export const quiz = (more: { attempts?: number } = {}) =>
  ({
    ...{
      kind: 'quiz',
      key: 'quiz',
      title: '测',
      minutes: 2,
      completion: { by: 'passed', percent: 50 },
      ...more,
    },
    questions: [
      { kind: 'true-false', key: 'a', prompt: '甲对吗', explanation: '甲是对的', answer: true },
      { kind: 'true-false', key: 'b', prompt: '乙对吗', explanation: '乙是错的', answer: false },
    ],
  }) satisfies CourseManuscript['lessons'][number];
export const task = {
  ...{ kind: 'task', key: 'task', title: '做', minutes: 2, brief: '拍三张', completion: { by: 'accepted' } },
  criteria: [{ key: 'light', text: '光线', points: 5 }],
  handIn: ['photo', 'link'],
} satisfies CourseManuscript['lessons'][number];
