import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';

let t: TestHub;
let cookie: string;
beforeAll(async () => {
  t = await openTestHub();
  cookie = (await signInAs(t.hub, { roles: [['trainer', '533103']] })).cookie;
});
afterAll(() => t.close());

const course = {
  title: '咖啡怎么拍',
  summary: '手机拍出好照片',
  level: '专业技能培训',
  audiences: ['农村青年'],
  fourStep: '上网',
  hours: 6,
  regionCode: '533103',
};
const ask = async (path: string) => (await t.ask('GET', path)).json() as Promise<Record<string, unknown>>;

describe('courses', () => {
  it('are added by a trainer and read by everyone, without the account behind them', async () => {
    const made = await t.ask('POST', '/api/courses', { cookie, body: course });
    expect(made.status).toBe(201);
    const { id } = (await made.json()) as { id: string };
    const read = await ask(`/api/courses/${id}`);
    expect(read).toMatchObject({ ...course, regionName: '芒市' });
    expect(read).not.toHaveProperty('ownerAccountId');
  });

  it.each([
    [{ ...course, level: '速成班' }, 'level'],
    [{ ...course, audiences: [] }, 'audiences'],
    [{ ...course, hours: 0.5 }, 'hours'],
    [{ ...course, title: ' ' }, 'title'],
  ])('are refused with the field', async (body, field) => {
    const response = await t.ask('POST', '/api/courses', { cookie, body });
    const { error } = (await response.json()) as { error: { code: string; fields: { path: string }[] } };
    expect([response.status, error.code, error.fields[0]!.path.split('.')[0]]).toEqual([
      400,
      'input.invalid',
      field,
    ]);
  });

  it('are listed a page at a time, found by words and level, and by whose they are', async () => {
    for (let n = 0; n < 21; n += 1)
      await t.ask('POST', '/api/courses', {
        cookie,
        body: { ...course, title: `大米第 ${n} 课`, level: '普及培训' },
      });
    expect(await ask('/api/courses')).toMatchObject({ page: 1, pageCount: 2, total: 22 });
    expect(((await ask('/api/courses?page=2')).items as unknown[]).length).toBe(2);
    expect(await ask(`/api/courses?text=${encodeURIComponent('咖啡')}`)).toMatchObject({ total: 1 });
    expect(await ask(`/api/courses?level=${encodeURIComponent('普及培训')}`)).toMatchObject({ total: 21 });
    expect((await t.ask('GET', '/api/courses?mine=true')).status).toBe(401);
    const other = await signInAs(t.hub, { roles: [['trainer', '533103']] });
    const mine = await t.ask('GET', '/api/courses?mine=true', { cookie: other.cookie });
    expect(await mine.json()).toMatchObject({ total: 0, pageCount: 1 });
  });
});
