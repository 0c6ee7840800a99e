import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { eventually, type LiveHub } from '../support/live-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';
import { playWhep, stopWhip, whepState, type WhipOptions } from '../support/whip-client.ts';
import { useWhipStudio } from '../support/whip-studio.ts';

const studio = useWhipStudio();
const { becomes, blankPage, end, plan, read, tokenOf } = studio;
const ask: LiveHub['ask'] = (...asked) => studio.live.ask(...asked);

async function publish(id: string, options: Partial<WhipOptions> = {}) {
  const { page, status } = await studio.publish(id, options);
  expect(status).toBe(201);
  await becomes(id, 'live');
  return page;
}

async function play(id: string, by?: string) {
  const page = await blankPage();
  return { page, ...(await playWhep(page, { endpoint: `${studio.live.origin}/whep/${id}`, token: by })) };
}

const plays = (page: Page, moreThan = 15) =>
  eventually(
    () => whepState(page),
    ({ frames, soundPackets, width }) => frames > moreThan && soundPackets > 20 && width > 0,
  );

test.each([
  { name: 'H.264', options: {}, codec: 'video/H264' },
  { name: 'VP8', options: { onlyVideo: 'video/VP8' }, codec: 'video/VP8' },
  { name: 'simulcast', options: { onlyVideo: 'video/H264', simulcast: true }, codec: 'video/H264' },
])(
  'players without an account see $name, and are counted',
  async ({ options, codec }) => {
    const id = await plan();
    const early = await play(id);
    expect([early.status, early.answer]).toEqual([409, expect.stringContaining('broadcast.not-live')]);
    await publish(id, options);
    const [one, two] = [await play(id), await play(id)];
    expect([one.status, two.status]).toEqual([201, 201]);
    expect(await plays(one.page)).toMatchObject({ connection: 'connected', codec });
    await plays(two.page);
    expect((await read(id)).viewers).toBe(2);
    // Statistics are up to two seconds old.
    await eventually(
      async () => (await ask('GET', '/metrics')).text(),
      (metrics) => metrics.includes(`xiangbo_broadcast_viewers{broadcast="${id}",way="whep"} 2\n`),
    );

    expect((await ask('DELETE', one.location)).status).toBe(200);
    expect((await ask('DELETE', one.location)).status).toBe(404);
    expect((await read(id)).viewers).toBe(1);
    const { frames } = await whepState(two.page);
    await plays(two.page, frames + 10);
    await end(id);
  },
  60_000,
);

describe('a player stays, whoever sends', () => {
  const goesOn = async (page: Page, ...widths: number[]) => {
    const { frames, soundPackets } = await whepState(page);
    return eventually(
      () => whepState(page),
      (now) => now.frames > frames + 20 && now.soundPackets > soundPackets + 30 && widths.includes(now.width),
    );
  };

  test('while a crashed publisher comes back', async () => {
    const id = await plan();
    const first = await publish(id);
    const player = await play(id);
    expect(player.answer).toMatch(/a=ssrc-group:FID \d+ \d+/);
    await plays(player.page);
    await stopWhip(first);
    await becomes(id, 'interrupted');
    await publish(id, { width: 320 });
    // One stream after the other without a hole: nothing to repeat, nothing to make up for.
    expect(await goesOn(player.page, 320)).toMatchObject({ connection: 'connected', lost: 0 });
    expect((await read(id)).viewers).toBe(1);
    expect((await ask('DELETE', player.location)).status).toBe(200);
    await end(id);
    expect((await play(id)).status).toBe(409);
  }, 60_000);

  test('while another publisher takes over, with simulcast', async () => {
    const id = await plan();
    await publish(id, { width: 480 });
    const player = await play(id);
    await plays(player.page);
    await publish(id, { simulcast: true, onlyVideo: 'video/H264' });
    // Of the sizes 160, 320 and 640 one that had to be climbed to.
    await goesOn(player.page, 320, 640);
    await publish(id, { width: 480 });
    expect(await goesOn(player.page, 480)).toMatchObject({ connection: 'connected' });
    expect((await ask('DELETE', player.location)).status).toBe(200);
    await end(id);
  }, 60_000);

  test('but not while the picture comes in a codec that its description has not', async () => {
    const id = await plan();
    const first = await publish(id);
    const player = await play(id);
    await plays(player.page);
    await stopWhip(first);
    await becomes(id, 'interrupted');
    await publish(id, { onlyVideo: 'video/VP8' });
    expect((await ask('DELETE', player.location)).status).toBe(404);
    const again = await play(id);
    expect(await plays(again.page)).toMatchObject({ codec: 'video/VP8' });
    await end(id);
  }, 60_000);
});

test('who may not watch may not play', async () => {
  const id = await plan({ kind: 'class', visibility: 'members' });
  await publish(id);
  expect((await play(id)).status).toBe(401);
  const stranger = await signInAs(studio.live.hub);
  expect((await play(id, await tokenOf(stranger, 'play'))).status).toBe(403);
  const player = await play(id, await tokenOf(studio.host, 'play'));
  expect(player.status).toBe(201);
  await plays(player.page);
  // Its address alone is not enough for another.
  expect((await ask('DELETE', player.location)).status).toBe(401);
  await end(id);
}, 60_000);
