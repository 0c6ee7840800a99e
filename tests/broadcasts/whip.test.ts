import { describe, expect, test } from 'vitest';
import { eventually } from '../support/live-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';
import { restartIceByWhip, stopWhip, whipState } from '../support/whip-client.ts';
import { useWhipStudio } from '../support/whip-studio.ts';

const studio = useWhipStudio({ ICE_SERVERS: 'stun:stun.example.cn' });
const { becomes, end, plan, publish, read, tokenOf } = studio;

function request(method: string, path: string, headers: Record<string, string> = {}, body?: string) {
  return fetch(studio.live.origin + path, {
    method,
    headers: { Authorization: `Bearer ${studio.token}`, ...headers },
    body,
  });
}

const FRAGMENT = { 'Content-Type': 'application/trickle-ice-sdpfrag' };

describe('a browser that knows WHIP only', () => {
  test('publishes, trickles, restarts ICE, leaves and comes back to the same broadcast', async () => {
    const id = await plan();
    const { page, status, location, etag, link, offer, answer } = await publish(id);
    expect([status, link]).toEqual([201, '<stun:stun.example.cn>; rel="ice-server"']);
    expect(location).toMatch(new RegExp(`^/whip/${id}/[\\w-]{24}$`));
    expect(answer).toContain('a=setup:passive');
    await becomes(id, 'live');
    expect(await whipState(page)).toMatchObject({ connection: 'connected', codec: 'video/H264' });

    const mine = (name: string) => new RegExp(`a=${name}:\\S+`).exec(offer)![0];
    const fragment = `${mine('ice-ufrag')}\r\n${mine('ice-pwd')}\r\na=end-of-candidates\r\n`;
    const at = async (ifMatch: Record<string, string>, body = fragment) =>
      (await request('PATCH', location, { ...FRAGMENT, ...ifMatch }, body)).status;
    expect(await at({ 'If-Match': etag })).toBe(204);
    expect(await at({})).toBe(428);
    expect(await at({ 'If-Match': '"another"' })).toBe(412);
    expect(await at({ 'If-Match': etag }, 'not a fragment')).toBe(400);

    const restarted = await restartIceByWhip(page, { location, token: studio.token });
    expect(restarted.status).toBe(200);
    expect(restarted.etag).not.toBe(etag);
    expect(await at({ 'If-Match': etag })).toBe(412);
    const { frames } = await whipState(page);
    await eventually(
      () => whipState(page),
      (now) => now.frames > frames + 20 && now.connection === 'connected',
    );
    expect((await read(id)).state).toBe('live');

    expect((await request('DELETE', location)).status).toBe(200);
    await becomes(id, 'interrupted');
    expect((await request('DELETE', location)).status).toBe(404);
    const again = await publish(id);
    expect(again.status).toBe(201);
    await becomes(id, 'live');
    await end(id);
    expect((await publish(id)).status).toBe(409);
  }, 60_000);

  test.each([
    { name: 'VP8 only', options: { onlyVideo: 'video/VP8' }, codec: 'video/VP8' },
    { name: 'simulcast', options: { onlyVideo: 'video/H264', simulcast: true }, codec: 'video/H264' },
  ])(
    '$name goes on the air',
    async ({ options, codec }) => {
      const id = await plan();
      const { page, status } = await publish(id, options);
      expect(status).toBe(201);
      await becomes(id, 'live');
      const state = await eventually(
        () => whipState(page),
        ({ rids }) => !('simulcast' in options) || rids.length >= 2,
      );
      expect(state.codec).toBe(codec);
      await end(id);
    },
    60_000,
  );

  test('that crashes interrupts the broadcast, and its session is gone within 10 s', async () => {
    const id = await plan();
    const { page, location } = await publish(id);
    await becomes(id, 'live');
    await stopWhip(page);
    const goneAt = Date.now();
    await becomes(id, 'interrupted');
    await eventually(
      () => studio.live.hub.plane.counters().openTransports,
      (open) => open === 0,
    );
    expect((await request('DELETE', location)).status).toBe(404);
    expect(Date.now() - goneAt).toBeLessThan(10_000);
  }, 60_000);
});

describe('a second publisher', () => {
  test('of the same account takes over', async () => {
    const id = await plan();
    const first = await publish(id);
    await becomes(id, 'live');
    const second = await publish(id);
    expect(second.status).toBe(201);
    expect((await request('DELETE', first.location)).status).toBe(404);
    await eventually(
      () => whipState(second.page),
      ({ frames }) => frames > 20,
    );
    expect((await read(id)).state).toBe('live');
    await end(id);
  }, 60_000);

  test('is refused where the broadcast says so, and another account always', async () => {
    const id = await plan({ secondPublisher: 'refuse' });
    expect(await read(id)).toMatchObject({ secondPublisher: 'refuse' });
    const first = await publish(id);
    await becomes(id, 'live');
    const second = await publish(id);
    expect([second.status, second.answer]).toEqual([
      409,
      expect.stringContaining('broadcast.live-elsewhere'),
    ]);
    const other = await signInAs(studio.live.hub, { roles: [['host', '533103']] });
    const stranger = await publish(id, { token: await tokenOf(other) });
    expect(stranger.status).toBe(403);
    expect((await whipState(first.page)).connection).toBe('connected');
    await end(id);
  }, 60_000);
});
