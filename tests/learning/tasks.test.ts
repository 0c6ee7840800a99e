import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../server/platform/access/actor.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import { actorOf, newCourse, newTrainer, task } from './course-support.ts';

let t: TestHub;
let trainer: Actor;
let who: Someone;
let learner: Actor;
let id: string;
const jpeg = execFileSync('ffmpeg', [
  ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=64x48:rate=1', '-frames:v', '1'],
  ...['-c:v', 'mjpeg', '-f', 'image2pipe', 'pipe:1'],
]);

beforeAll(async () => {
  t = await openTestHub();
  trainer = await newTrainer(t);
  who = await signInAs(t.hub, { homeRegionCode: '533103' });
  learner = actorOf(who);
  id = await newCourse(t, trainer, [task]);
  await t.hub.learning.startCourse(learner, id);
});
afterAll(() => t.close());

describe('a practical task', () => {
  it('is handed in with a photo, given back, mended, and accepted by a trainer of the region', async () => {
    const { learning } = t.hub;
    await expect(learning.submitTask(learner, id, 'task', { note: '', photos: [] })).rejects.toMatchObject({
      code: 'input.invalid',
      fields: [{ path: 'photos', rule: 'required' }],
    });
    const photo = await learning.keepPhoto(learner, id, 'task', jpeg);
    const first = await learning.submitTask(learner, id, 'task', { note: '三张', photos: [photo] });
    await expect(
      learning.submitTask(learner, id, 'task', { note: '', photos: [photo] }),
    ).rejects.toMatchObject({
      code: 'task.waiting',
    });
    const waiting = await learning.listGrading(trainer, 1);
    expect(waiting.items).toMatchObject([
      { id: first.id, learner: '岩*亮', lessonTitle: '做', note: '三张' },
    ]);
    const tooMany = { verdict: 'accepted', comment: '', points: { light: 6 } } as const;
    await expect(learning.gradeSubmission(trainer, first.id, tooMany)).rejects.toMatchObject({
      code: 'input.invalid',
    });
    const returned = { verdict: 'returned', comment: '光线太暗', points: { light: 2 } } as const;
    await learning.gradeSubmission(trainer, first.id, returned);
    await expect(learning.gradeSubmission(trainer, first.id, returned)).rejects.toMatchObject({
      code: 'task.graded',
    });
    const seen = await learning.readLesson(learner, id, 'task');
    expect(seen).toMatchObject({
      lesson: { state: 'under-way' },
      task: [{ comment: '光线太暗', verdict: 'returned' }],
    });
    const second = await learning.submitTask(learner, id, 'task', {
      note: '',
      link: 'https://a.cn/1',
      photos: [],
    });
    await learning.gradeSubmission(trainer, second.id, { verdict: 'accepted', comment: '好', points: {} });
    expect(await learning.readLesson(learner, id, 'task')).toMatchObject({ course: { complete: true } });
    expect((await learning.listGrading(trainer, 1)).total).toBe(0);
    expect((await learning.listGradedByMe(trainer)).map((one) => one.id)).toEqual([second.id, first.id]);
    await expect(
      learning.submitTask(learner, id, 'task', { note: '', photos: [photo] }),
    ).rejects.toMatchObject({
      code: 'task.accepted',
    });
  });

  it('shows its photos to who took them and who grades them, and to nobody else', async () => {
    const [work] = (await t.hub.learning.readLesson(learner, id, 'task')).task!;
    const ask = async (cookie?: string) => (await t.ask('GET', work!.photos[0]!, { cookie })).status;
    expect(await ask(who.cookie)).toBe(200);
    expect(await ask()).toBe(401);
    expect(await ask((await signInAs(t.hub)).cookie)).toBe(403);
    expect(await ask((await signInAs(t.hub, { roles: [['trainer', '533124']] })).cookie)).toBe(403);
    expect(await ask((await signInAs(t.hub, { roles: [['trainer', '533103']] })).cookie)).toBe(200);
  });

  it('takes no photo that is none, none that was not sent, and none by anyone who has not begun', async () => {
    const { learning } = t.hub;
    const lie = { sha256: 'f'.repeat(64), mediaType: 'image/png', byteLength: 3 };
    await expect(learning.keepPhoto(learner, id, 'task', Buffer.from('<svg/>'))).rejects.toMatchObject({
      code: 'picture.unsupported',
    });
    await expect(learning.submitTask(learner, id, 'task', { note: '', photos: [lie] })).rejects.toMatchObject(
      {
        fields: [{ path: 'photos' }],
      },
    );
    const stranger = actorOf(await signInAs(t.hub));
    await expect(learning.keepPhoto(stranger, id, 'task', jpeg)).rejects.toMatchObject({
      code: 'course.not-started',
    });
  });

  it('of a trainer is graded by another', async () => {
    const both = actorOf(await signInAs(t.hub, { roles: [['trainer', '533103']] }), 'trainer');
    await t.hub.learning.startCourse(both, id);
    const work = { note: '', link: 'https://a.cn/2', photos: [] };
    const own = await t.hub.learning.submitTask(both, id, 'task', work);
    const grade = { verdict: 'accepted', comment: '', points: {} } as const;
    await expect(t.hub.learning.gradeSubmission(both, own.id, grade)).rejects.toMatchObject({
      code: 'task.own',
    });
    await t.hub.learning.gradeSubmission(trainer, own.id, grade);
  });
});
