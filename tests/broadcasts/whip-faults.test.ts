import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, FFMPEG, FIREFOX, GSTREAMER, OBS } from '../media/ingest/whip/offers.ts';
import { dice, mutate } from '../support/mutate-text.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };

let t: TestHub;
let token: string;
let playToken: string;
let id: string;

beforeAll(async () => {
  t = await openTestHub();
  const { cookie } = await signInAs(t.hub, { roles: [['host', '533103']] });
  const tokenOf = async (scope: string) => {
    const answer = await t.ask('POST', '/api/auth/tokens', { cookie, body: { scope } });
    return ((await answer.json()) as { token: string }).token;
  };
  token = await tokenOf('publish');
  playToken = await tokenOf('play');
  const planned = await t.ask('POST', '/api/broadcasts', { cookie, body: { title: '卖米线', kind: 'sale' } });
  id = ((await planned.json()) as { id: string }).id;
});
afterAll(() => t.close());

const post = (body: string, headers: Record<string, string> = SDP, by = token) =>
  t.ask('POST', `/whip/${id}`, { body, headers, token: by });

/** A session of an encoder that never connects, closed by DELETE. */
async function withSession(use: (location: string, etag: string) => Promise<void>) {
  const answer = await post(OBS);
  expect(answer.status).toBe(201);
  const location = answer.headers.get('location')!;
  await use(location, answer.headers.get('etag')!);
  expect((await t.ask('DELETE', location, { token })).status).toBe(200);
  expect(t.hub.plane.counters()).toMatchObject({ openTransports: 0, openProducers: 0 });
}

describe('the endpoint', () => {
  test.each([
    ['no token', () => t.ask('POST', `/whip/${id}`, { body: OBS, headers: SDP }), 401],
    ['a token that is none', () => post(OBS, SDP, 'xb_none'), 401],
    ['a token for playing', () => post(OBS, SDP, playToken), 403],
    ['no such broadcast', () => t.ask('POST', '/whip/none', { body: OBS, headers: SDP, token }), 404],
    ['no content type', () => post(OBS, { 'Content-Type': '' }), 415],
    ['JSON', () => post('{}', { 'Content-Type': 'application/json' }), 415],
    ['no body', () => post(''), 400],
    ['what is no SDP', () => post('hello'), 400],
    [
      'an offer without a codec of ours',
      () => post(OBS.replace('H264/', 'H265/').replace('opus/', 'G722/')),
      422,
    ],
    ['one SSRC for two', () => post(OBS.replace('ssrc:3002', 'ssrc:3001')), 422],
    ['a book', () => post(`v=0\r\n${'a=x\r\n'.repeat(40_000)}`), 413],
    ['GET', () => t.ask('GET', `/whip/${id}`, { token }), 405],
    ['HEAD', () => t.ask('HEAD', `/whip/${id}`, { token }), 405],
    ['PUT', () => t.ask('PUT', `/whip/${id}`, { token, body: OBS, headers: SDP }), 405],
    ['PATCH', () => t.ask('PATCH', `/whip/${id}`, { token }), 405],
    ['DELETE', () => t.ask('DELETE', `/whip/${id}`, { token }), 405],
  ])('%s', async (_, ask, status) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    if (status === 405) expect(answer.headers.get('allow')).toBe('OPTIONS, POST');
    expect(t.hub.plane.counters()).toMatchObject({ openTransports: 0, openProducers: 0 });
  });

  test('tells a page of another origin what it takes', async () => {
    const answer = await t.ask('OPTIONS', `/whip/${id}`, {
      headers: { Origin: 'https://encoder.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('accept-post')).toBe('application/sdp');
    expect(answer.headers.get('access-control-allow-methods')).toBe('OPTIONS, POST');
    expect(answer.headers.get('access-control-allow-headers')).toContain('If-Match');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Location');
  });
});

test('a session answers for its faults', async () => {
  await withSession(async (location, etag) => {
    const login = 'a=ice-ufrag:Ufr4\r\na=ice-pwd:0123456789abcdefABCDEFgh\r\n';
    const patch = async (headers: Record<string, string>, body = login, by = token) =>
      (await t.ask('PATCH', location, { token: by, headers, body })).status;
    expect(await patch({ ...FRAGMENT, 'If-Match': etag })).toBe(204);
    expect(await patch({ ...FRAGMENT, 'If-Match': `"x", ${etag}` })).toBe(204);
    expect(await patch({ ...FRAGMENT, 'If-Match': `W/${etag}` })).toBe(412);
    expect(await patch(FRAGMENT)).toBe(428);
    expect(await patch({ ...SDP, 'If-Match': etag })).toBe(415);
    expect(await patch({ ...FRAGMENT, 'If-Match': '*' }, 'a=candidate:nonsense')).toBe(400);
    expect(await patch({ ...FRAGMENT, 'If-Match': '*' }, '')).toBe(422);
    expect(await patch({ ...FRAGMENT, 'If-Match': '*' }, login, playToken)).toBe(403);
    for (const method of ['GET', 'HEAD', 'POST', 'PUT']) {
      const answer = await t.ask(method, location, { token });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'OPTIONS, PATCH, DELETE']);
    }
    const other = await signInAs(t.hub, { roles: [['host', '533103']] });
    expect((await t.ask('DELETE', location, { cookie: other.cookie })).status).toBe(403);
    expect((await t.ask('OPTIONS', location)).headers.get('accept-patch')).toBe(FRAGMENT['Content-Type']);
    // A failed restart leaves the session as it was.
    expect(await patch({ ...FRAGMENT, 'If-Match': etag })).toBe(204);
  });
  expect((await t.ask('DELETE', `/whip/${id}/none`, { token })).status).toBe(404);
});

describe('mutated beyond recognition', () => {
  const calm = (statuses: Map<number, number>) =>
    [...statuses.keys()].filter(
      (status) => status !== 201 && status !== 204 && status !== 200 && (status < 400 || status >= 500),
    );

  test('offers are answered 201 or 4xx, and nothing is left', async () => {
    const roll = dice(9725);
    const offers = [CHROME, FIREFOX, OBS, FFMPEG, GSTREAMER];
    const statuses = new Map<number, number>();
    for (let n = 0; n < 400; n += 1) {
      const answer = await post(mutate(offers[n % offers.length]!, roll));
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const location = answer.headers.get('location');
      if (location) expect((await t.ask('DELETE', location, { token })).status).toBe(200);
    }
    expect(calm(statuses)).toEqual([]);
    // Some of each, or the dice are loaded.
    expect([...statuses.keys()].sort()).toEqual([201, 400, 422]);
    expect(t.hub.plane.counters()).toMatchObject({ openTransports: 0, openProducers: 0, workerDeaths: 0 });
    expect((await t.ask('GET', '/readyz')).status).toBe(200);
  }, 60_000);

  test('players’ offers too, while there is something to play', async () => {
    const roll = dice(72);
    await withSession(async () => {
      const before = t.hub.plane.counters();
      const statuses = new Map<number, number>();
      for (let n = 0; n < 200; n += 1) {
        const offer = [CHROME, FIREFOX, GSTREAMER][n % 3]!.replaceAll('sendonly', 'recvonly');
        const answer = await t.ask('POST', `/whep/${id}`, { body: mutate(offer, roll), headers: SDP });
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        const location = answer.headers.get('location');
        if (location) expect((await t.ask('DELETE', location)).status).toBe(200);
      }
      expect(calm(statuses)).toEqual([]);
      expect(statuses.has(201) && statuses.has(400) && statuses.has(422)).toBe(true);
      expect(t.hub.plane.counters()).toMatchObject({
        openTransports: before.openTransports,
        openConsumers: before.openConsumers,
        workerDeaths: 0,
      });
    });
  }, 60_000);

  test('fragments are answered 2xx or 4xx, and the session goes on', async () => {
    const roll = dice(8840);
    await withSession(async (location, first) => {
      let etag = first;
      const fragment =
        'a=ice-ufrag:Ufr4\r\na=ice-pwd:0123456789abcdefABCDEFgh\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n' +
        'a=candidate:1 1 udp 2130706431 10.0.0.9 5000 typ host\r\na=end-of-candidates\r\n';
      const statuses = new Map<number, number>();
      for (let n = 0; n < 800; n += 1) {
        const headers = { ...FRAGMENT, 'If-Match': n % 2 ? '*' : etag };
        const answer = await t.ask('PATCH', location, { token, headers, body: mutate(fragment, roll) });
        const { status } = answer;
        if (status === 200) etag = answer.headers.get('etag')!;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      expect(calm(statuses)).toEqual([]);
      expect(statuses.has(400) && statuses.has(422) && statuses.has(204)).toBe(true);
    });
    expect((await t.ask('GET', '/readyz')).status).toBe(200);
  }, 60_000);
});
