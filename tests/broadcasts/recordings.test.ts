import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HlsSource } from '../../media/contract.ts';
import { openPlayback } from '../../server/broadcasts/playback.ts';
import type { RecordingFacts } from '../../server/broadcasts/recordings.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import type { BroadcastRow } from '../../server/broadcasts/store.ts';
import { eventually, makeClip, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-kept-${process.pid}.mp4`);
const saved = join(tmpdir(), `xiangbo-kept-${process.pid}-saved.mp4`);
let live: LiveHub;
let trainer: Someone;
let villager: Someone;
let id: string;

beforeAll(async () => {
  await makeClip(clip);
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  villager = await signInAs(live.hub);
  const plan = { title: '咖啡烘焙', kind: 'class', visibility: 'public' };
  id = ((await (await live.ask('POST', '/api/broadcasts', trainer, plan)).json()) as BroadcastView).id;
  await live.hub.broadcasts.loopClip(id, clip);
  await eventually(read, ({ recordedMs, picturedAt }) => recordedMs >= 6_000 && picturedAt !== null);
});
afterAll(async () => {
  await live.close();
  await rm(clip, { force: true });
  await rm(saved, { force: true });
});

const read = async () =>
  (await (await live.ask('GET', `/api/broadcasts/${id}`, trainer)).json()) as BroadcastView;
const facts = async () =>
  (await (await live.ask('GET', `/api/broadcasts/${id}/recording`, villager)).json()) as RecordingFacts;
const trim = (body: unknown, someone = trainer) =>
  live.ask('PUT', `/api/broadcasts/${id}/trim`, someone, { trim: body });
const mp4 = `recording.mp4`;

async function playlist(): Promise<string> {
  const master = await (await live.ask('GET', `/hls/${id}/index.m3u8`)).text();
  return (await live.ask('GET', `/hls/${id}/${/^\S+media\.m3u8\S*$/m.exec(master)![0]}`)).text();
}

async function secondsOfDownload(query = ''): Promise<number> {
  const answer = await live.ask('GET', `/api/broadcasts/${id}/${mp4}${query}`, trainer);
  expect(answer.status).toBe(200);
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('content-length')).toBe(String(bytes.length));
  await writeFile(saved, bytes);
  const show = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', saved];
  return Number(execFileSync('ffprobe', show).toString());
}

it('shows a picture while live, that a page need not fetch twice', async () => {
  const { addresses } = await read();
  const picture = await live.ask('GET', addresses.thumbnail!);
  expect(picture.headers.get('content-type')).toBe('image/jpeg');
  expect(picture.headers.get('cache-control')).toBe('private, max-age=5');
  expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  const headers = { 'If-None-Match': picture.headers.get('etag')! };
  const again = await fetch(live.origin + addresses.thumbnail!, { headers });
  // Another may have been taken in the meantime.
  expect([200, 304]).toContain(again.status);
  const unchanged = { 'If-None-Match': again.headers.get('etag')! };
  expect((await fetch(live.origin + addresses.thumbnail!, { headers: unchanged })).status).toBe(304);
});

it('has no replay to take away or trim before the end', async () => {
  for (const answer of [
    await live.ask('GET', `/api/broadcasts/${id}/${mp4}`, trainer),
    await live.ask('GET', `/api/broadcasts/${id}/recording`, trainer),
    await trim({ startMs: 0, endMs: 1000 }),
  ])
    expect(await answer.json()).toMatchObject({ error: { code: 'recording.none' } });
});

it('is taken away as a file, trimmed without losing anything, and whole again', async () => {
  const ended = (await (
    await live.ask('POST', `/api/broadcasts/${id}/end`, trainer)
  ).json()) as BroadcastView;
  expect(ended.may).toMatchObject({ download: true, trim: true });
  expect((await live.ask('GET', ended.addresses.thumbnail!)).status).toBe(200);
  const whole = await facts();
  expect(whole).toEqual({
    recordedMs: ended.recordedMs,
    replayMs: ended.recordedMs,
    trim: null,
    playlistStartMs: 0,
    gaps: [],
  });
  expect(Math.abs((await secondsOfDownload()) - whole.recordedMs / 1000)).toBeLessThan(0.1);
  const before = await playlist();

  const wished = { startMs: 2_500, endMs: whole.recordedMs - 1_000 };
  const trimmed = (await (await trim(wished)).json()) as BroadcastView;
  expect(trimmed).toMatchObject({ recordedMs: whole.recordedMs, replayMs: wished.endMs - wished.startMs });
  expect((await facts()).trim).toEqual(wished);
  const after = await playlist();
  expect(after).toContain('#EXT-X-MEDIA-SEQUENCE:1\n');
  expect(after).toMatch(/#EXT-X-START:TIME-OFFSET=0\.\d+,PRECISE=YES/);
  expect(before).toContain('segment-0.m4s');
  expect(after).not.toContain('segment-0.m4s');
  expect(Math.abs((await secondsOfDownload()) - (wished.endMs - wished.startMs) / 1000)).toBeLessThan(0.1);
  expect(Math.abs((await secondsOfDownload('?from=0.5&to=1.75')) - 1.25)).toBeLessThan(0.1);

  for (const [body, rule] of [
    [{ startMs: 3000, endMs: 3100 }, 'too_short'],
    [{ startMs: 3000, endMs: 2000 }, 'before_start'],
    [{ startMs: 0, endMs: whole.recordedMs + 1 }, 'beyond_end'],
  ] as const)
    expect(await (await trim(body)).json()).toMatchObject({
      error: { code: 'input.invalid', fields: [{ path: 'trim.endMs', rule }] },
    });
  expect((await facts()).trim).toEqual(wished);
  expect((await (await trim(null)).json()) as BroadcastView).toMatchObject({ replayMs: whole.recordedMs });
  expect(await playlist()).toBe(before);
});

it('stays trimmed though someone was just opening it as it was before', async () => {
  const { recordedMs } = await facts();
  const asOf = (row: Pick<BroadcastRow, 'trimStartMs' | 'trimEndMs'>) =>
    playback.sourceOf({ id, state: 'replay', recordingRemovedAt: null, ...row } as BroadcastRow);
  const bodyOf = async (source: HlsSource) => {
    const answer = await source.awaitPlaylist();
    if (answer.kind !== 'playlist') throw new Error(answer.kind);
    return answer.body;
  };
  const { db, plane } = live.hub;
  const playback = openPlayback({ db, plane, onAir: { stage: () => undefined } });
  const trimmed = { trimStartMs: 2_500, trimEndMs: recordedMs - 500 };
  // Its row was read before the trim; it comes to an end only now.
  const former = await asOf({ trimStartMs: null, trimEndMs: null });
  expect(await bodyOf(await asOf(trimmed))).not.toContain('segment-0.m4s');
  expect(await bodyOf(former)).toContain('segment-0.m4s');
});

it('serves ranges of the file, and nothing to who only may watch', async () => {
  const address = `${live.origin}/api/broadcasts/${id}/${mp4}`;
  const ask = (headers: Record<string, string>) =>
    fetch(address, { headers: { Cookie: trainer.cookie, ...headers } });
  const whole = await ask({});
  const bytes = Buffer.from(await whole.arrayBuffer());
  const part = await ask({ Range: 'bytes=1000-70000', 'If-Range': whole.headers.get('etag')! });
  expect(part.status).toBe(206);
  expect(part.headers.get('content-range')).toBe(`bytes 1000-70000/${bytes.length}`);
  expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(1000, 70_001))).toBe(true);
  const stale = await ask({ Range: 'bytes=1000-', 'If-Range': '"another"' });
  expect(stale.status).toBe(200);
  await stale.body?.cancel();
  expect((await ask({ Range: `bytes=${bytes.length}-` })).status).toBe(416);
  expect((await live.ask('GET', `/api/broadcasts/${id}/${mp4}`, villager)).status).toBe(403);
  expect((await trim(null, villager)).status).toBe(403);
  expect((await live.ask('GET', `/api/broadcasts/${id}/${mp4}?from=2&to=1`, trainer)).status).toBe(400);
});
