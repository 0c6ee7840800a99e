import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';
import {
  actorOf,
  article,
  DRAWING,
  film,
  newCourse,
  newLearner,
  newTrainer,
  newVideo,
  publishNext,
} from './course-support.ts';

let t: TestHub;
let trainer: Actor;
beforeAll(async () => {
  t = await openTestHub();
  trainer = await newTrainer(t);
});
afterAll(() => t.close());

const head = { title: '贡米', summary: '米', level: '普及培训', audiences: ['农村群众'], hours: 2 };
const draftOf = async () =>
  (await t.hub.learning.createCourse(trainer, { ...head, regionCode: '533103' })).id;

describe('a draft', () => {
  it('is kept half done, with what it still lacks, and never over someone else’s change', async () => {
    const id = await draftOf();
    const empty = await t.hub.learning.readDraft(trainer, id);
    expect(empty).toMatchObject({ revision: 0, document: { ...head, key: id, lessons: [] } });
    expect(empty.faults).toMatchObject([{ path: 'lessons', rule: 'too-small' }]);
    const document = {
      ...empty.document,
      lessons: [{ kind: 'article', key: 'a', title: '' }],
      key: 'stolen',
    };
    const saved = await t.hub.learning.saveDraft(trainer, id, { revision: 0, document });
    expect(saved).toMatchObject({ revision: 1, document: { key: id, lessons: [{ title: '' }] } });
    expect(saved.faults.map(({ path }) => path)).toContain('lessons.0.title');
    await expect(t.hub.learning.saveDraft(trainer, id, { revision: 0, document })).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(t.hub.learning.publish(trainer, id, 1)).rejects.toMatchObject({ code: 'input.invalid' });
    expect((await t.hub.learning.readCourse(undefined, id)).publishedVersion).toBeNull();
  });

  it.each([
    ['a word that is not in the catalogue', { level: '速成' }, 'level', 'not-a-choice'],
    ['an audience that is not', { audiences: ['外星人'] }, 'audiences.0', 'not-a-choice'],
    ['a picture that was not brought', { cover: 'none.png' }, 'cover', 'asset-missing'],
    [
      'a course to come first that is not there',
      { prerequisites: ['nowhere'] },
      'prerequisites.0',
      'course-missing',
    ],
    [
      'a film that is not there',
      { lessons: [film('01890000-0000-7000-8000-000000000009')] },
      'lessons.0.videoId',
      'video-missing',
    ],
    [
      'a live class that is not there',
      {
        lessons: [
          {
            ...{ kind: 'live', key: 'l', title: '课', minutes: 5, completion: { by: 'opened' } },
            broadcastId: '01890000-0000-7000-8000-000000000009',
          },
        ],
      },
      'lessons.0.broadcastId',
      'broadcast-missing',
    ],
  ])('cannot be published with %s', async (_what, more, path, rule) => {
    const id = await draftOf();
    const document = { ...head, order: 'free', lessons: [article('a')], ...more };
    const { faults, revision } = await t.hub.learning.saveDraft(trainer, id, { revision: 0, document });
    expect(faults.map((fault) => [fault.path, fault.rule])).toEqual([[path, rule]]);
    await expect(t.hub.learning.publish(trainer, id, revision)).rejects.toMatchObject({
      code: 'input.invalid',
    });
  });

  it('cannot show a film that only its owner may see', async () => {
    const id = await draftOf();
    const lessons = [film(await newVideo(t, { seconds: 5, visibility: 'owner' }))];
    const document = { ...head, order: 'free', lessons };
    const { faults } = await t.hub.learning.saveDraft(trainer, id, { revision: 0, document });
    expect(faults).toMatchObject([{ rule: 'video-not-shown' }]);
  });
});

describe('a published course', () => {
  it('is a version that never changes: what is written next is the next', async () => {
    const id = await newCourse(t, trainer, [article('one')]);
    const { revision, document } = await t.hub.learning.readDraft(trainer, id);
    await t.hub.learning.saveDraft(trainer, id, { revision, document: { ...document, title: '新题目' } });
    expect((await t.hub.learning.readCourse(undefined, id)).title).toBe('贡米上网');
    const draft = await t.hub.learning.readDraft(trainer, id);
    expect(draft).toMatchObject({ unchanged: false, publishedVersion: 1 });
    const after = await t.hub.learning.publish(trainer, id, draft.revision);
    expect(after).toMatchObject({ unchanged: true, publishedVersion: 2 });
    expect(after.versions.map(({ version }) => version)).toEqual([2, 1]);
    expect((await t.hub.learning.readCourse(undefined, id)).title).toBe('新题目');
  });

  it('shows its lessons to everyone and what is in them to nobody who has not begun', async () => {
    const id = await newCourse(t, trainer, [article('one', '秘密的正文')]);
    const read = await t.ask('GET', `/api/courses/${id}`);
    const text = await read.text();
    expect(JSON.parse(text)).toMatchObject({
      lessons: [{ key: 'one', kind: 'article', state: 'open' }],
      mine: null,
    });
    expect(text).not.toContain('秘密的正文');
    expect((await t.ask('POST', `/api/courses/${id}/lessons/one/open`)).status).toBe(401);
  });

  it('leaves the list when it is put away, and those who have begun go on', async () => {
    const id = await newCourse(t, trainer, [article('one')]);
    const learner = await newLearner(t);
    await t.hub.learning.startCourse(learner, id);
    await t.hub.learning.setArchived(trainer, id, true);
    const listed = await t.hub.learning.listCourses(undefined, { page: 1 });
    expect(listed.items.some((course) => course.id === id)).toBe(false);
    expect(await t.hub.learning.startCourse(learner, id)).toMatchObject({ version: 1 });
    await expect(t.hub.learning.startCourse(await newLearner(t), id)).rejects.toMatchObject({
      code: 'course.not-published',
    });
    await t.hub.learning.setArchived(trainer, id, false);
    expect((await t.hub.learning.listCourses(undefined, { page: 1 })).items[0]!.id).toBe(id);
  });
});

describe('the files of a course', () => {
  it('are taken by what they are and served so that nothing in them runs', async () => {
    const id = await draftOf();
    const { address } = await t.hub.learning.putAsset(
      trainer,
      id,
      'drawings/筐.svg'.replace('筐', 'a'),
      Buffer.from(DRAWING),
    );
    const served = await t.ask('GET', address);
    expect([served.status, served.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
    expect(served.headers.get('content-security-policy')).toContain('sandbox');
    expect(served.headers.get('cache-control')).toContain('immutable');
    expect(await served.text()).toBe(DRAWING);
    for (const path of ['/api/course-files/..%2f..%2fhub.db', `/api/course-files/${'0'.repeat(64)}.svg`])
      expect((await t.ask('GET', path)).status).toBe(404);
  });

  it.each([
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><image href="https://evil.cn/x.png"/></svg>'],
    ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"><style>@import "x"</style></svg>'],
    ['a.svg', '<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'],
    ['a.svg', '<html></html>'],
    ['a.html', '<html></html>'],
    ['a.pdf', 'MZ'],
    ['../../a.svg', DRAWING],
  ])('are refused as %s: %s', async (name, content) => {
    const id = await draftOf();
    await expect(t.hub.learning.putAsset(trainer, id, name, Buffer.from(content))).rejects.toMatchObject({
      code: 'asset.unsupported',
    });
  });
});

describe('a library', () => {
  it('is adopted with its version, and told when there is a newer one', async () => {
    const { id: prefectures } = await t.hub.learning.createCourse(trainer, { ...head, regionCode: '533103' });
    await t.hub.learning.putAsset(trainer, prefectures, 'a.svg', Buffer.from(DRAWING));
    await publishNext(t, trainer, prefectures, [article('one', '![图](a.svg)')]);
    const county = actorOf(await signInAs(t.hub, { roles: [['trainer', '533103']] }), 'trainer');
    const { id } = await t.hub.learning.adopt(county, prefectures, '533103');
    await expect(t.hub.learning.adopt(county, prefectures, '533103')).rejects.toMatchObject({
      code: 'course.adopted',
    });
    await expect(t.hub.learning.adopt(county, prefectures, '533124')).rejects.toMatchObject({
      code: 'access.denied',
    });
    await expect(t.hub.learning.updateAdopted(county, id)).rejects.toMatchObject({ code: 'course.newest' });
    const learner = await newLearner(t);
    await t.hub.learning.startCourse(learner, id);
    expect((await t.hub.learning.readLesson(learner, id, 'one')).content).toMatchObject({
      addresses: { 'a.svg': expect.stringMatching(/^\/api\/course-files\/[0-9a-f]{64}\.svg$/) },
    });
    await publishNext(t, trainer, prefectures, [article('one', '改过')]);
    expect((await t.hub.learning.readDraft(county, id)).adopted).toEqual({
      ...{ courseId: prefectures, version: 1, newest: 2 },
    });
    expect(await t.hub.learning.updateAdopted(county, id)).toEqual({ version: 2 });
    expect((await t.hub.learning.readDraft(county, id)).adopted).toMatchObject({ version: 2, newest: 2 });
    // Who has begun finishes what they began.
    expect(await t.hub.learning.startCourse(learner, id)).toMatchObject({ version: 1 });
  });

  it('ships a course once, and a changed one as its next version', async () => {
    const course = (title: string) => ({
      course: {
        ...head,
        title,
        key: 'shipped',
        order: 'free',
        prerequisites: [],
        lessons: [article('one', '![图](a.svg)')],
      } as never,
      assets: new Map([['a.svg', Buffer.from(DRAWING)]]),
    });
    const shipped = async () =>
      (await t.hub.learning.listCourses(undefined, { text: '随机课', page: 1 })).items.map(
        ({ title, publishedVersion, regionCode }) => [title, publishedVersion, regionCode],
      );
    await t.hub.learning.ship(course('随机课甲'), '533100');
    await t.hub.learning.ship(course('随机课甲'), '533100');
    expect(await shipped()).toEqual([['随机课甲', 1, '533100']]);
    await t.hub.learning.ship(course('随机课乙'), '533100');
    expect(await shipped()).toEqual([['随机课乙', 2, '533100']]);
  });
});

describe('a course as a file', () => {
  it('comes out and in again with everything, as a draft of whoever brings it', async () => {
    const { id } = await t.hub.learning.createCourse(trainer, { ...head, regionCode: '533103' });
    await t.hub.learning.putAsset(trainer, id, 'a.svg', Buffer.from(DRAWING));
    await publishNext(t, trainer, id, [article('one', '![图](a.svg)')]);
    const { bytes } = await t.hub.learning.exportCourse(trainer, id);
    const other = await newTrainer(t);
    await expect(t.hub.learning.exportCourse(other, id)).rejects.toMatchObject({ code: 'access.denied' });
    const brought = await t.hub.learning.importCourse(other, bytes, '533103');
    const draft = await t.hub.learning.readDraft(other, brought.id);
    expect(draft).toMatchObject({ faults: [], publishedVersion: null, document: { key: id } });
    await t.hub.learning.publish(other, brought.id, draft.revision);
    expect((await t.hub.learning.exportCourse(other, brought.id)).bytes.equals(bytes)).toBe(true);
  });

  it('is refused where it is none, and leaves nothing behind', async () => {
    const before = (await t.hub.learning.listCourses(trainer, { mine: true, page: 1 })).total;
    await expect(t.hub.learning.importCourse(trainer, Buffer.from('x'), '533103')).rejects.toMatchObject({
      code: 'course-file.damaged',
    });
    expect((await t.hub.learning.listCourses(trainer, { mine: true, page: 1 })).total).toBe(before);
  });
});
