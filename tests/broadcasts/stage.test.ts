import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { stageFacts } from '../../drizzle/schema/broadcasts.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { eventually, makeClip, nextNews, openLiveHub, say, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-stage-clip-${process.pid}.mp4`);
let live: LiveHub;
let trainer: Someone;
let trainee: Someone;
let other: Someone;
let broadcastId: string;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
beforeEach(async () => {
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { name: '岩罕亮', roles: [['trainer', '533103']] });
  trainee = await signInAs(live.hub, { name: '勒排早相', username: 'lepai' });
  other = await signInAs(live.hub, { name: '孟晓芳' });
  const input = { title: '短视频拍摄', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  broadcastId = ((await created.json()) as BroadcastView).id;
});
afterEach(() => live.close());

async function enter(someone: Someone | undefined, deviceId: string) {
  const socket = await live.socketOf(someone);
  return { socket, joined: await told(socket, 'broadcast:join', { broadcastId, deviceId }) };
}
const maySend = (socket: Awaited<ReturnType<typeof enter>>['socket']) =>
  say(socket, 'media:transport', { direction: 'send' }).then((ack) => ack.ok || ack.error.code);

it('gives the floor to whoever asked first and takes it back, and remembers both', async () => {
  const host = await enter(trainer, 'device-host');
  const viewer = await enter(trainee, 'device-trainee');
  const late = await enter(other, 'device-other');
  expect(viewer.joined).toMatchObject({ standing: 'none', hands: [], stage: { layout: 'one', hands: 0 } });
  expect(await maySend(viewer.socket)).toBe('access.denied');

  const hands = nextNews(host.socket, 'stage:hands', (news) => news.length === 2);
  const counted = nextNews(late.socket, 'stage:changed', (news) => news.hands === 2);
  await told(viewer.socket, 'stage:raise-hand', {});
  await told(late.socket, 'stage:raise-hand', {});
  expect((await hands).map(({ name, here }) => [name, here])).toEqual([
    ['勒**', true],
    ['孟**', true],
  ]);
  expect((await counted).people).toMatchObject([{ role: 'host', name: '岩**' }]);
  const standing = nextNews(viewer.socket, 'stage:standing');
  const onStage = nextNews(late.socket, 'stage:changed', ({ people }) => people.length === 2);
  await told(host.socket, 'stage:give-floor', { accountId: trainee.accountId });
  expect(await standing).toEqual({ standing: 'floor' });
  expect((await onStage).people[1]).toMatchObject({ role: 'floor', name: '勒**', onAir: false, here: true });
  expect(await maySend(viewer.socket)).toBe(true);
  expect(await maySend(late.socket)).toBe('access.denied');
  expect(await say(late.socket, 'stage:take-floor', { accountId: trainee.accountId })).toMatchObject({
    error: { code: 'access.denied' },
  });

  await live.restart();
  const back = await enter(trainee, 'device-trainee');
  expect(back.joined).toMatchObject({ standing: 'floor', stage: { hands: 1 } });
  const hostBack = await enter(trainer, 'device-host');
  expect(hostBack.joined.hands).toMatchObject([{ accountId: other.accountId }]);
  await told(hostBack.socket, 'stage:take-floor', { accountId: trainee.accountId });
  expect(await maySend(back.socket)).toBe('access.denied');
  const facts = await live.hub.db.select().from(stageFacts);
  expect(facts.map(({ what, accountId, byAccountId }) => [what, accountId, byAccountId])).toEqual([
    ['raise-hand', trainee.accountId, trainee.accountId],
    ['raise-hand', other.accountId, other.accountId],
    ['give-floor', trainee.accountId, trainer.accountId],
    ['take-floor', trainee.accountId, trainer.accountId],
  ]);
});

it('refuses the floor to a lowered hand and a fifth person, and lets nobody else direct', async () => {
  const host = await enter(trainer, 'device-host');
  const code = async (accountId: string) => {
    const ack = await say(host.socket, 'stage:give-floor', { accountId });
    return ack.ok || ack.error.code;
  };
  expect(await code(trainee.accountId)).toBe('stage.no-hand');
  const outcomes = [];
  for (const number of [1, 2, 3, 4]) {
    const someone = await signInAs(live.hub, { name: `排早${number}` });
    const page = await enter(someone, `device-${number}`);
    await told(page.socket, 'stage:raise-hand', {});
    outcomes.push(await code(someone.accountId));
    if (number === 1) {
      const layout = await say(page.socket, 'stage:set-layout', { layout: 'one' });
      expect(layout).toMatchObject({ error: { code: 'access.denied' } });
    }
  }
  expect(outcomes).toEqual([true, true, true, 'stage.full']);
  const onlooker = await enter(undefined, 'device-nobody');
  expect(await say(onlooker.socket, 'stage:raise-hand', {})).toMatchObject({
    error: { code: 'auth.required' },
  });
});

it('lets a co-host whom the owner named publish and direct, until they are one no longer', async () => {
  const address = `/api/broadcasts/${broadcastId}/cohosts`;
  expect((await live.ask('POST', address, trainee, { username: 'lepai' })).status).toBe(403);
  const unknown = await live.ask('POST', address, trainer, { username: 'nobody' });
  expect(await unknown.json()).toMatchObject({ error: { fields: [{ path: 'username', rule: 'unknown' }] } });
  const { cohosts } = (await (await live.ask('POST', address, trainer, { username: 'LePai' })).json()) as {
    cohosts: unknown[];
  };
  expect(cohosts).toEqual([{ accountId: trainee.accountId, name: '勒**' }]);
  const page = await enter(trainee, 'device-cohost');
  expect(page.joined).toMatchObject({
    role: 'publisher',
    standing: 'cohost',
    broadcast: { may: { publish: true, direct: true, end: false, nameCohosts: false } },
  });
  expect(await maySend(page.socket)).toBe(true);
  const changed = nextNews(page.socket, 'stage:changed', ({ layout }) => layout === 'side-by-side');
  await told(page.socket, 'stage:set-layout', { layout: 'side-by-side' });
  await changed;
  expect((await live.ask('DELETE', `${address}/${trainee.accountId}`, trainer)).status).toBe(200);
  expect(await maySend(page.socket)).toBe('access.denied');
});

it('tells whoever is named co-host while here of the hands that are up', async () => {
  const [second, asking] = await Promise.all([signInAs(live.hub), signInAs(live.hub)]);
  const page = await enter(second, 'device-second');
  const raising = await enter(asking, 'device-asking');
  const owner = await enter(trainer, 'device-owner');
  const seen = nextNews(owner.socket, 'stage:hands', (hands) => hands.length === 1);
  await told(raising.socket, 'stage:raise-hand', {});
  await seen;
  const hands = nextNews(page.socket, 'stage:hands', (up) => up.length === 1);
  const named = await live.ask('POST', `/api/broadcasts/${broadcastId}/cohosts`, trainer, {
    username: second.username,
  });
  expect(named.status).toBe(200);
  expect(await hands).toMatchObject([{ accountId: asking.accountId, here: true }]);
});

it('asks the media plane for what is wished, and tells the room what it shows', async () => {
  const viewer = await enter(trainee, 'device-trainee');
  await live.hub.broadcasts.loopClip(broadcastId, clip);
  const { stage } = await eventually(
    () => told(viewer.socket, 'broadcast:join', { broadcastId, deviceId: 'device-trainee' }),
    (joined) => joined.stage.shown.pictures.length === 1,
  );
  expect(stage.pictures).toMatchObject([{ accountId: trainer.accountId, source: 'camera' }]);
  expect(stage.people).toMatchObject([{ role: 'host', onAir: true }]);
  expect(stage.shown).toMatchObject({ layout: 'one', lacking: null });
});
