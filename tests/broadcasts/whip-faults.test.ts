import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Clock } from '../../server/platform/clock.ts';
import { CHROME, FFMPEG, FIREFOX, GSTREAMER, OBS } from '../media/ingest/whip/offers.ts';
import { dice, mutate } from '../support/mutate-text.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';

const SDP = { 'Content-Type': 'application/sdp' };
const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };

const clock: Clock = { now: () => Date.now() };
let t: TestHub;
let hostCookie: string;
let token: string;
let playToken: string;
let id: string;

beforeAll(async () => {
  t = await openTestHub({ clock });
  const { cookie } = await signInAs(t.hub, { roles: [['host', '533103']] });
  hostCookie = cookie;
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
  // A tag that is none of its business (RFC 9725 4.3.1).
  const gone = await t.ask('DELETE', location, { token, headers: { 'If-Match': '"another"' } });
  expect(gone.status).toBe(200);
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
    ['a picture it cannot take beside a sound it can', () => post(OBS.replace('H264/', 'H265/')), 422],
    ['no rtcp-mux', () => post(OBS.replaceAll('a=rtcp-mux\r\n', '')), 422],
    ['no BUNDLE', () => post(OBS.replace('BUNDLE 0 1', 'BUNDLE 0')), 422],
    ['a client that receives', () => post(OBS.replaceAll('sendonly', 'recvonly')), 422],
    ['a DTLS role that is none', () => post(OBS.replace('actpass', 'holdconn')), 422],
    ['GET', () => t.ask('GET', `/whip/${id}`, { token }), 204],
    ['GET by nobody', () => t.ask('GET', `/whip/none`), 204],
    ['HEAD', () => t.ask('HEAD', `/whip/${id}`, { token }), 204],
    ['PUT', () => t.ask('PUT', `/whip/${id}`, { token, body: OBS, headers: SDP }), 405],
    ['PATCH', () => t.ask('PATCH', `/whip/${id}`, { token }), 405],
    ['DELETE', () => t.ask('DELETE', `/whip/${id}`, { token }), 405],
  ])('%s', async (fault, ask, status) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    if (status === 401)
      expect(answer.headers.get('www-authenticate')).toBe(
        fault === 'no token' ? 'Bearer' : 'Bearer error="invalid_token"',
      );
    if (status === 403)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer error="insufficient_scope"');
    if (status === 405) expect(answer.headers.get('allow')).toBe('OPTIONS, GET, HEAD, POST');
    if (status === 204) expect(await answer.text()).toBe('');
    expect(t.hub.plane.counters()).toMatchObject({ openTransports: 0, openProducers: 0 });
  });

  test('tells a page of another origin what it takes', async () => {
    const answer = await t.ask('OPTIONS', `/whip/${id}`, {
      headers: { Origin: 'https://encoder.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('accept-post')).toBe('application/sdp');
    expect(answer.headers.get('access-control-allow-methods')).toBe('OPTIONS, GET, HEAD, POST');
    expect(answer.headers.get('access-control-allow-headers')).toContain('If-Match');
    expect(answer.headers.get('access-control-expose-headers')).toContain('Location');
  });
});

const LOGIN = 'a=ice-ufrag:Ufr4\r\na=ice-pwd:0123456789abcdefABCDEFgh\r\n';
const MEDIA = 'a=group:BUNDLE 0 1\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n';
const CANDIDATE = 'a=candidate:1 1 udp 2130706431 10.0.0.9 5000 typ host\r\n';

test.each<[string, Record<string, string>, string, number]>([
  ['further candidates', { 'If-Match': 'ETAG' }, MEDIA + LOGIN + CANDIDATE, 204],
  ['the end of them', { 'If-Match': 'ETAG' }, `${LOGIN}a=end-of-candidates\r\n`, 204],
  ['one of several tags', { 'If-Match': '"x", ETAG' }, LOGIN, 204],
  [
    'a parameter of the type',
    { 'If-Match': 'ETAG', 'Content-Type': `${FRAGMENT['Content-Type']}; x=y` },
    LOGIN,
    204,
  ],
  // A transport that is not spoken here, and a name that nobody resolves, are passed over (RFC 9725 4.3.2).
  ['an unknown transport', { 'If-Match': 'ETAG' }, MEDIA + LOGIN + CANDIDATE.replace('udp', 'sctp'), 204],
  ['a name', { 'If-Match': 'ETAG' }, MEDIA + LOGIN + CANDIDATE.replace('10.0.0.9', 'x.local'), 204],
  ['any session, the same credentials', { 'If-Match': '*' }, LOGIN, 204],
  ['a weak tag', { 'If-Match': 'W/ETAG' }, LOGIN, 412],
  ['a tag without quotes', { 'If-Match': 'x' }, LOGIN, 412],
  ['another session', { 'If-Match': '"x"' }, LOGIN, 412],
  ['no condition', {}, LOGIN, 428],
  ['an offer', { 'If-Match': 'ETAG', ...SDP }, OBS, 415],
  ['a whole offer by another name', { 'If-Match': '*' }, OBS, 400],
  ['a candidate that is none', { 'If-Match': '*' }, 'a=candidate:nonsense', 400],
  ['nothing', { 'If-Match': '*' }, '', 422],
  ['no credentials', { 'If-Match': 'ETAG' }, MEDIA + CANDIDATE, 422],
])('a session told of %s', async (_, headers, body, status) => {
  await withSession(async (location, etag) => {
    const named = Object.fromEntries(
      Object.entries({ ...FRAGMENT, ...headers }).map(([name, value]) => [name, value.replace('ETAG', etag)]),
    );
    const answer = await t.ask('PATCH', location, { token, headers: named, body });
    expect(answer.status).toBe(status);
    if (status === 204) expect([answer.headers.get('etag'), await answer.text()]).toEqual([null, '']);
    // Whatever it was, the ICE session is the one it was.
    const after = await t.ask('PATCH', location, {
      ...{ token, headers: { ...FRAGMENT, 'If-Match': etag }, body: LOGIN },
    });
    expect(after.status).toBe(204);
  });
});

test.each(['*', '"*"', 'ETAG'])('other credentials with If-Match: %s restart ICE', async (condition) => {
  await withSession(async (location, etag) => {
    const patch = (tag: string, body: string) =>
      t.ask('PATCH', location, { token, headers: { ...FRAGMENT, 'If-Match': tag }, body });
    const body = MEDIA + LOGIN.replace('Ufr4', 'Anew') + CANDIDATE;
    const answer = await patch(condition.replace('ETAG', etag), body);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, FRAGMENT['Content-Type']]);
    const [fragment, restarted] = [await answer.text(), answer.headers.get('etag')!];
    expect(restarted).toMatch(/^"[\w-]+"$/);
    expect(restarted).not.toBe(etag);
    expect(fragment).toMatch(
      /^a=ice-lite\r\n[^]*a=group:BUNDLE 0 1\r\nm=audio [^]*a=mid:0\r\n[^]*a=ice-ufrag:/,
    );
    // What was sent before it and arrives after it is of the old ICE session.
    expect((await patch(etag, LOGIN)).status).toBe(412);
    expect((await patch(restarted, body)).status).toBe(204);
  });
});

test('a session is its account’s own, by a token that may publish', async () => {
  await withSession(async (location, etag) => {
    const headers = { ...FRAGMENT, 'If-Match': etag };
    expect((await t.ask('PATCH', location, { token: playToken, headers, body: LOGIN })).status).toBe(403);
    expect((await t.ask('PATCH', location, { headers, body: LOGIN })).status).toBe(401);
    for (const method of ['POST', 'PUT']) {
      const answer = await t.ask(method, location, { token });
      expect([answer.status, answer.headers.get('allow')]).toEqual([
        405,
        'OPTIONS, GET, HEAD, PATCH, DELETE',
      ]);
    }
    for (const method of ['GET', 'HEAD']) expect((await t.ask(method, location, { token })).status).toBe(204);
    const other = await signInAs(t.hub, { roles: [['host', '533103']] });
    expect((await t.ask('DELETE', location, { cookie: other.cookie })).status).toBe(403);
    expect((await t.ask('OPTIONS', location)).headers.get('accept-patch')).toBe(FRAGMENT['Content-Type']);
  });
  expect((await t.ask('DELETE', `/whip/${id}/none`, { token })).status).toBe(404);
});

describe('a session lives no longer than its token', () => {
  const issue = async () => {
    const issued = await t.ask('POST', '/api/auth/tokens', {
      cookie: hostCookie,
      body: { scope: 'publish' },
    });
    return (await issued.json()) as { id: string; token: string; expiresAt: string };
  };
  const isThere = async (location: string) =>
    (await t.ask('PATCH', location, { token, headers: { ...FRAGMENT, 'If-Match': '*' }, body: LOGIN }))
      .status === 204;
  const goes = (location: string) =>
    vi.waitFor(async () => expect(await isThere(location)).toBe(false), { timeout: 5_000, interval: 50 });

  test('that is revoked, while another of the account stays', async () => {
    await withSession(async (kept) => {
      const other = await issue();
      const planned = await t.ask('POST', '/api/broadcasts', {
        ...{ cookie: hostCookie, body: { title: '另一场', kind: 'sale' } },
      });
      const { id: second } = (await planned.json()) as { id: string };
      const answer = await t.ask('POST', `/whip/${second}`, { body: OBS, headers: SDP, token: other.token });
      const location = answer.headers.get('location')!;
      expect([answer.status, await isThere(location)]).toEqual([201, true]);
      await t.ask('DELETE', `/api/auth/tokens/${other.id}`, { cookie: hostCookie });
      await goes(location);
      expect(await isThere(kept)).toBe(true);
    });
  });

  test('that comes to its end', async () => {
    const short = await issue();
    const answer = await post(OBS, SDP, short.token);
    const location = answer.headers.get('location')!;
    expect([answer.status, await isThere(location)]).toEqual([201, true]);
    const late = Date.parse(short.expiresAt) + 1;
    const now = vi.spyOn(clock, 'now').mockImplementation(() => late);
    // Its own account's other token is as old: whoever looks is signed in anew.
    await vi.waitFor(() => expect(t.hub.plane.counters().openTransports).toBe(0), { timeout: 5_000 });
    now.mockRestore();
    expect(await isThere(location)).toBe(false);
  });
});

test('a token makes no stream key, which would outlive it', async () => {
  const key = `/api/broadcasts/${id}/stream-key`;
  for (const path of [key, '/api/me/stream-key'])
    expect((await t.ask('POST', path, { token })).status).toBe(403);
  expect((await t.ask('DELETE', key, { token })).status).toBe(403);
  expect((await t.ask('GET', key, { token })).status).toBe(200);
  expect((await t.ask('POST', key, { cookie: hostCookie })).status).toBe(201);
});

test('whoever is nobody sends descriptions within a budget of their address', async () => {
  const at = async (address: string) =>
    t.ask('POST', `/whep/${id}`, { body: '{}', headers: { 'Content-Type': 'text/plain' }, address });
  for (let n = 0; n < 300; n += 1) expect((await at('192.0.2.7')).status).toBe(415);
  const refused = await at('192.0.2.7');
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await at('192.0.2.8')).status).toBe(415);
  const known = await t.ask('POST', `/whep/${id}`, { body: '{}', token: playToken, address: '192.0.2.7' });
  expect(known.status).toBe(415);
});

describe('the endpoint of players', () => {
  const receiving = OBS.replaceAll('sendonly', 'recvonly');
  const play = (body: string, headers: Record<string, string> = SDP, at = id) =>
    t.ask('POST', `/whep/${at}`, { body, headers });

  test('whoever waits for it to begin spends nothing', async () => {
    const early = () => t.ask('POST', `/whep/${id}`, { body: receiving, headers: SDP, address: '192.0.2.9' });
    for (let n = 0; n <= 300; n += 1) expect((await early()).status).toBe(409);
  });

  test.each<[string, () => Promise<Response>, number]>([
    ['too early', () => play(receiving), 409],
    ['no such broadcast', () => play(receiving, SDP, 'none'), 404],
    [
      'a token that is none',
      () => t.ask('POST', `/whep/${id}`, { body: receiving, headers: SDP, token: 'xb_none' }),
      401,
    ],
    ['JSON', () => play('{}', { 'Content-Type': 'application/json' }), 415],
    ['GET', () => t.ask('GET', `/whep/${id}`), 204],
    ['PUT', () => t.ask('PUT', `/whep/${id}`, { body: receiving, headers: SDP }), 405],
  ])('%s', async (fault, ask, status) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe(fault === 'too early' ? '2' : null);
  });

  test.each([
    ['nothing', '', 400],
    ['a client that sends', OBS, 422],
    ['one that does neither', OBS.replaceAll('sendonly', 'inactive'), 422],
    ['codecs that nobody sends', receiving.replace('H264/', 'H265/').replace('opus/', 'PCMU/'), 422],
    ['no rtcp-mux', receiving.replaceAll('a=rtcp-mux\r\n', ''), 422],
  ])('offered, while live: %s', async (_, body, status) => {
    await withSession(async () => {
      const { openConsumers } = t.hub.plane.counters();
      expect((await play(body)).status).toBe(status);
      expect(t.hub.plane.counters()).toMatchObject({ openTransports: 1, openConsumers });
    });
  });
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
