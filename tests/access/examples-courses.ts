import type { CourseManuscript } from '../../courses/model/course-schema.ts';
import { actorOf, COUNTY, type AskerKind } from './callers.ts';
import type { Example, ExampleRequest } from './example.ts';
import { newVillager, type World } from './world.ts';

const ofOwner: Example['about'] = ({ owner }, asker) => ({
  regionCode: COUNTY,
  owner: asker.actor?.accountId === owner.accountId,
});
const inCounty = () => ({ regionCode: COUNTY });

const head = { title: '理货', summary: '怎么分级', level: '普及培训', audiences: ['农村群众'], hours: 2 };
const LESSONS: CourseManuscript['lessons'] = [
  { kind: 'article', key: 'read', title: '读', minutes: 1, body: '字', completion: { by: 'read' } },
  {
    ...{ kind: 'video', key: 'watch', title: '看', minutes: 1, completion: { by: 'opened' } },
    videoId: '01890000-0000-7000-8000-000000000001',
  },
  {
    ...{ kind: 'quiz', key: 'quiz', title: '测', minutes: 1, completion: { by: 'handed-in' } },
    questions: [{ kind: 'true-false', key: 'q', prompt: '对吗', explanation: '对', answer: true }],
  },
  {
    ...{ kind: 'task', key: 'task', title: '做', minutes: 1, completion: { by: 'accepted' } },
    ...{ brief: '拍一张', handIn: ['link', 'photo'] as ('link' | 'photo')[] },
    criteria: [{ key: 'light', text: '光线', points: 5 }],
  },
  {
    ...{ kind: 'survey', key: 'survey', title: '评', minutes: 1, completion: { by: 'handed-in' } },
    questions: [{ kind: 'rating', key: 'pleased', prompt: '满意吗' }],
  },
];

function trainer({ owner }: World) {
  return actorOf(owner, [{ role: 'trainer', regionCode: COUNTY }]);
}

/** A draft of the owner's, ready to be published. The film in it is not there: it stays out. */
async function newDraft(world: World) {
  const { learning } = world.t.hub;
  const { id } = await learning.createCourse(trainer(world), { ...head, regionCode: COUNTY });
  const document = { ...head, order: 'free', lessons: LESSONS.filter(({ kind }) => kind !== 'video') };
  const { revision } = await learning.saveDraft(trainer(world), id, { revision: 0, document });
  return { id, revision, document };
}

async function newPublished(world: World): Promise<string> {
  const { id, revision } = await newDraft(world);
  await world.t.hub.learning.publish(trainer(world), id, revision);
  return id;
}

const published = async (world: World): Promise<ExampleRequest> => ({
  params: { id: await newPublished(world) },
});

/** The lesson of a course that the asker has begun. */
function begun(
  key: string,
  more: (
    world: World,
    id: string,
    asker: AskerKind,
  ) => Promise<Partial<ExampleRequest>> | Partial<ExampleRequest> = () => ({}),
) {
  return async (world: World, asker: AskerKind): Promise<ExampleRequest> => {
    const id = await newPublished(world);
    await world.t.hub.learning.startCourse(learner(world, asker), id);
    return { params: { id, key }, ...(await more(world, id, asker)) };
  };
}
function learner(world: World, asker: AskerKind) {
  return actorOf(asker.who ?? world.member, []);
}

async function newWork(world: World): Promise<string> {
  const { learning } = world.t.hub;
  const id = await newPublished(world);
  const villager = actorOf(await newVillager(world), []);
  await learning.startCourse(villager, id);
  const work = { note: '', link: 'https://example.cn/work', photos: [] };
  return (await learning.submitTask(villager, id, 'task', work)).id;
}

export const COURSE_EXAMPLES: Record<string, Example> = {
  'GET /api/courses/:id/draft': { about: ofOwner, request: published },
  'PUT /api/courses/:id/draft': {
    about: ofOwner,
    request: async (world) => {
      const { id, revision, document } = await newDraft(world);
      return { params: { id }, body: { revision, document } };
    },
  },
  'DELETE /api/courses/:id/draft': { about: ofOwner, request: published },
  'PUT /api/courses/:id/assets': {
    about: ofOwner,
    request: async (world) => ({
      ...(await published(world)),
      query: 'name=a.svg',
      body: '<svg xmlns="http://www.w3.org/2000/svg"/>',
    }),
  },
  'DELETE /api/courses/:id/assets': {
    about: ofOwner,
    request: async (world) => ({ ...(await published(world)), query: 'name=a.svg' }),
  },
  'POST /api/courses/:id/publish': {
    about: ofOwner,
    request: async (world) => {
      const { id, revision } = await newDraft(world);
      return { params: { id }, body: { revision } };
    },
  },
  'POST /api/courses/:id/archive': { about: ofOwner, request: published },
  'DELETE /api/courses/:id/archive': { about: ofOwner, request: published },
  'POST /api/courses/:id/adopt': {
    about: inCounty,
    request: async (world) => ({ ...(await published(world)), body: { regionCode: COUNTY } }),
  },
  'POST /api/courses/:id/update': {
    about: ofOwner,
    request: async (world) => {
      const { learning } = world.t.hub;
      const source = await newPublished(world);
      const { id } = await learning.adopt(trainer(world), source, COUNTY);
      const { revision, document } = await learning.readDraft(trainer(world), source);
      const saved = await learning.saveDraft(trainer(world), source, { revision, document });
      await learning.publish(trainer(world), source, saved.revision);
      return { params: { id } };
    },
  },
  'GET /api/courses/:id/file': { about: ofOwner, request: published },
  'POST /api/courses/import': {
    about: inCounty,
    request: () => ({ query: `regionCode=${COUNTY}`, body: 'no course' }),
    neverSucceeds: 'a body of text carries no course',
  },
  'GET /api/course-files/:file': {
    request: async (world) => {
      const drawing = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
      const { address } = await world.t.hub.learning.putAsset(
        trainer(world),
        await newPublished(world),
        'a.svg',
        drawing,
      );
      return { params: { file: address.slice(address.lastIndexOf('/') + 1) } };
    },
  },
  'GET /api/me/courses': {},
  'POST /api/courses/:id/start': { request: published },
  'POST /api/courses/:id/lessons/:key/open': { request: begun('read') },
  'POST /api/courses/:id/lessons/:key/read': { request: begun('read') },
  'POST /api/courses/:id/lessons/:key/seen': {
    request: begun('read', () => ({ body: { spans: [[0, 1]], position: 1 } })),
    neverSucceeds: 'no film has been made ready in this world',
  },
  'POST /api/courses/:id/lessons/:key/attempts': { request: begun('quiz') },
  'PUT /api/courses/:id/lessons/:key/answers': {
    request: begun('quiz', async (world, id, asker) => {
      await world.t.hub.learning.beginAttempt(learner(world, asker), id, 'quiz');
      return { body: { answers: { q: true } } };
    }),
  },
  'POST /api/courses/:id/lessons/:key/hand-in': {
    request: begun('quiz', async (world, id, asker) => {
      await world.t.hub.learning.beginAttempt(learner(world, asker), id, 'quiz');
      return { body: { answers: { q: true } } };
    }),
  },
  'POST /api/courses/:id/lessons/:key/survey': {
    request: begun('survey', () => ({ body: { answers: { pleased: 5 } } })),
  },
  'POST /api/courses/:id/lessons/:key/photos': {
    request: begun('task', () => ({ body: 'no photo' })),
    neverSucceeds: 'a body of text carries no photo',
  },
  'POST /api/courses/:id/lessons/:key/work': {
    request: begun('task', () => ({ body: { link: 'https://example.cn/work' } })),
  },
  'GET /api/course-work': {},
  'GET /api/course-work/graded': {},
  'POST /api/course-work/:id/grade': {
    about: inCounty,
    request: async (world) => ({ params: { id: await newWork(world) }, body: { verdict: 'accepted' } }),
  },
  'GET /api/course-work/:id/:photo': {
    about: inCounty,
    request: async (world) => ({ params: { id: await newWork(world), photo: '0'.repeat(64) } }),
    neverSucceeds: 'the work is a link: nothing was photographed',
  },
};
