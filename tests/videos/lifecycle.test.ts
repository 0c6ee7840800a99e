import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as HLS from 'hls-parser';
import { DetailedError } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VideoView } from '../../server/videos/view.ts';
import { eventually, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import { uploadVideo, videoIdIn } from '../support/upload-video.ts';
import { cutOff, makeRenamedText, makeVideo, spoil } from '../support/video-files.ts';

let live: LiveHub;
let trainer: Someone;
let trainee: Someone;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-videos-'));
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  trainee = await signInAs(live.hub);
});
afterAll(async () => {
  await live.close();
  await rm(folder, { recursive: true, force: true });
});

const read = async (id: string, who: Someone | undefined = trainer) =>
  (await (await live.ask('GET', `/api/videos/${id}`, who)).json()) as VideoView;
const until = (id: string, ...states: VideoView['state'][]) =>
  eventually(
    () => read(id),
    ({ state }) => states.includes(state),
    60_000,
  );
const upload = (file: string, more: object = {}) =>
  uploadVideo({ origin: live.origin, someone: trainer, file, ...more });
const SETTLED = ['ready', 'refused', 'failed'] as const;

/** The length as ffprobe reads it over HTTP, in seconds. */
async function probeSeconds(url: string): Promise<number> {
  const args = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', url];
  return Number((await promisify(execFile)('ffprobe', args)).stdout);
}

describe('a video lesson', () => {
  let id: string;

  it('is uploaded in pieces, taken up where it broke off, and made into HLS', async () => {
    const file = await makeVideo(join(folder, 'lesson.mp4'), { seconds: 6, codec: 'mpeg4', size: '854x480' });
    const { size } = await stat(file);
    const first = await upload(file, { chunkBytes: 50_000, breakOffAfterBytes: 100_000 });
    expect(await read(videoIdIn(first.url))).toMatchObject({ state: 'uploading', title: '理货第一课' });
    expect(first.bytesSent).toBeLessThan(size);
    const second = await upload(file, { uploadUrl: first.url });
    expect(first.bytesSent + second.bytesSent).toBe(size);
    id = videoIdIn(first.url);
    const ready = await until(id, ...SETTLED);
    expect(ready).toMatchObject({
      state: 'ready',
      reason: null,
      progressPercent: 100,
      width: 854,
      height: 480,
    });
    expect(Math.abs(ready.durationMs! - 6000)).toBeLessThan(100);
  }, 60_000);

  it('is a playlist that an independent parser reads, each stream as long as the source', async () => {
    const master = await live.ask('GET', `/videos/${id}/index.m3u8`, trainee);
    expect(master.headers.get('cache-control')).toBe('private, no-store');
    const parsed = HLS.parse(await master.text());
    if (!parsed.isMasterPlaylist) throw new Error('not a master playlist');
    expect(parsed.variants.map(({ codecs, resolution }) => [codecs, resolution?.height])).toEqual([
      [expect.stringMatching(/^avc1\.4d[0-9a-f]{4},mp4a\.40\.2$/), 480],
      [expect.stringMatching(/^avc1\.4d[0-9a-f]{4},mp4a\.40\.2$/), 240],
      ['mp4a.40.2', undefined],
    ]);
    for (const { uri } of parsed.variants) {
      const address = `${live.origin}/videos/${id}/${uri}`;
      const response = await fetch(address);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      const media = HLS.parse(await response.text());
      if (media.isMasterPlaylist) throw new Error('not a media playlist');
      const told = media.segments.reduce((sum, { duration }) => sum + duration, 0);
      expect(Math.abs(told - 6)).toBeLessThan(0.1);
      expect(Math.abs((await probeSeconds(address)) - 6)).toBeLessThan(0.1);
      const segment = new URL(media.segments[0]!.uri, address);
      const piece = await fetch(segment, { headers: { Range: 'bytes=0-99' } });
      expect([piece.status, (await piece.arrayBuffer()).byteLength]).toEqual([206, 100]);
    }
  }, 30_000);

  it('has a poster, and keeps neither the upload nor half output', async () => {
    const { addresses } = await read(id, trainee);
    const poster = await fetch(live.origin + addresses.poster);
    expect(poster.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await poster.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const stored = join(live.storageDir, 'videos', id);
    expect(await readdir(stored)).toEqual(['hls']);
    expect(await readdir(join(live.storageDir, 'uploads'))).toEqual([]);
  });

  it('takes subtitles in two languages, refuses what is none, and lets them go', async () => {
    const put = (language: string, content: string) =>
      live.ask('PUT', `/api/videos/${id}/subtitles/${language}`, trainer, { content });
    expect((await put('zh-CN', 'WEBVTT\n\n00:01.000 --> 00:02.500 align:start\n先把货理清楚')).status).toBe(
      200,
    );
    expect((await put('en', 'WEBVTT\n\n00:01.000 --> 00:02.500\nSort the goods first')).status).toBe(200);
    const broken = await put('en', 'WEBVTT\n\n00:02.000 --> 00:01.000\nbackwards');
    expect(await broken.json()).toMatchObject({
      error: { code: 'input.invalid', fields: [{ path: 'content', rule: 'ends-before-start' }] },
    });
    const parsed = HLS.parse(await (await live.ask('GET', `/videos/${id}/index.m3u8`, trainee)).text());
    if (!parsed.isMasterPlaylist) throw new Error('not a master playlist');
    const tracks = parsed.variants[0]!.subtitles;
    expect(tracks.map(({ language }) => language)).toEqual(['zh-CN', 'en']);
    const playlist = `${live.origin}/videos/${id}/${tracks[0]!.uri}`;
    const media = HLS.parse(await (await fetch(playlist)).text());
    if (media.isMasterPlaylist) throw new Error('not a media playlist');
    const vtt = await fetch(new URL(media.segments[0]!.uri, playlist));
    expect(vtt.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect(await vtt.text()).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n先把货理清楚\n');
    await live.ask('DELETE', `/api/videos/${id}/subtitles/en`, trainer);
    expect((await read(id)).subtitles.map(({ language }) => language)).toEqual(['zh-CN']);
  });

  it('is for whom it is meant, and its path token is not guessed', async () => {
    expect((await live.ask('GET', `/videos/${id}/index.m3u8`)).status).toBe(401);
    expect((await live.ask('GET', `/videos/${id}/guess/poster.jpg`, trainer)).status).toBe(404);
    await live.ask('PATCH', `/api/videos/${id}`, trainer, { visibility: 'owner' });
    expect((await live.ask('GET', `/api/videos/${id}`, trainee)).status).toBe(403);
    await live.ask('PATCH', `/api/videos/${id}`, trainer, { visibility: 'public' });
    expect((await live.ask('GET', `/videos/${id}/index.m3u8`)).status).toBe(200);
    for (const name of ['..%2Fsource', 'ladder.json', 'source', '480p-1.m4s', 'subtitles-fr-1.vtt']) {
      const { addresses } = await read(id);
      const below = addresses.poster!.replace('poster.jpg', name);
      expect((await live.ask('GET', below)).status).toBe(404);
    }
  });

  it('is removed with all its files', async () => {
    expect((await live.ask('DELETE', `/api/videos/${id}`, trainer)).status).toBe(204);
    expect(await readdir(join(live.storageDir, 'videos'))).toEqual([]);
  });
});

describe('what is uploaded', () => {
  it('is copied where it can stand in HLS as it is', async () => {
    const file = await makeVideo(join(folder, 'suitable.mp4'), { seconds: 3, size: '640x360' });
    const id = videoIdIn((await upload(file)).url);
    expect(await until(id, ...SETTLED)).toMatchObject({ state: 'ready' });
    const files = await readdir(join(live.storageDir, 'videos', id, 'hls'));
    expect(files.filter((name) => name.endsWith('.m3u8')).sort()).toEqual([
      '240p.m3u8',
      'audio.m3u8',
      'source.m3u8',
    ]);
  }, 30_000);

  it.each([
    ['a document under a video’s name', 'unreadable', makeRenamedText],
    ['a video that was cut off', 'cut-off', async (file: string) => cutOff(await makeVideo(file), 0.6)],
    [
      'a video whose pictures are spoilt',
      'undecodable',
      async (file: string) => spoil(await makeVideo(file, { codec: 'libx264' }), 0.5, 0.9),
    ],
    ['half a second', 'too-short', (file: string) => makeVideo(file, { seconds: 0.5 })],
  ])(
    'is refused when it is %s',
    async (_, reason, make) => {
      const file = await make(join(folder, `${reason}.mp4`));
      const id = videoIdIn((await upload(file)).url);
      expect(await until(id, ...SETTLED)).toMatchObject({ state: 'refused', reason });
      expect((await live.ask('GET', `/videos/${id}/index.m3u8`, trainer)).status).toBe(409);
      await expect.poll(() => readdir(join(live.storageDir, 'videos', id))).toEqual([]);
    },
    30_000,
  );

  it('is refused before the first byte from whom may not, and where it is too large', async () => {
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    const begin = (someone: Someone, length: number) =>
      fetch(`${live.origin}/uploads`, {
        method: 'POST',
        headers: {
          ...{ Cookie: someone.cookie, 'Tus-Resumable': '1.0.0', 'Upload-Length': String(length) },
          'Upload-Metadata': `title ${base64('课')},regionCode ${base64('533103')}`,
        },
      });
    expect((await begin(trainee, 10)).status).toBe(403);
    const large = await begin(trainer, 9_000_000_000);
    expect([large.status, ((await large.json()) as { error: { code: string } }).error.code]).toEqual([
      413,
      'video.too-large',
    ]);
    const other = await signInAs(live.hub, { roles: [['trainer', '533103']] });
    const begun = await begin(trainer, 10);
    const head = { method: 'HEAD', headers: { Cookie: other.cookie, 'Tus-Resumable': '1.0.0' } };
    expect((await fetch(new URL(begun.headers.get('location')!, live.origin), head)).status).toBe(404);
  });
});

describe('a disk that becomes full in mid-upload', () => {
  it('is told in words, and the upload goes on when there is room again', async () => {
    const file = await makeVideo(join(folder, 'full.mp4'), { seconds: 3, size: '1280x720', codec: 'mpeg4' });
    const { url } = await upload(file, { chunkBytes: 50_000, breakOffAfterBytes: 50_000 });
    const id = videoIdIn(url);
    const stored = join(live.storageDir, 'uploads', id);
    await rm(stored);
    await symlink('/dev/full', stored);
    const failure = await upload(file, { uploadUrl: url }).catch((error: unknown) => error);
    if (!(failure instanceof DetailedError)) throw failure;
    expect(failure.originalResponse?.getStatus()).toBe(507);
    expect(JSON.parse(failure.originalResponse?.getBody() ?? '')).toMatchObject({
      error: { code: 'storage.full' },
    });
    await rm(stored);
    await writeFile(stored, '');
    await upload(file, { uploadUrl: url });
    expect(await until(id, 'queued', 'transcoding', ...SETTLED)).toMatchObject({ reason: null });
    await live.ask('DELETE', `/api/videos/${id}`, trainer);
  }, 30_000);
});

describe('the queue', () => {
  it('is left by cancelling, and entered again by a retry', async () => {
    const file = await makeVideo(join(folder, 'long.mp4'), { seconds: 20, size: '1280x720', codec: 'mpeg4' });
    const id = videoIdIn((await upload(file)).url);
    await eventually(
      () => read(id),
      ({ state, progressPercent }) => state === 'transcoding' && progressPercent > 0,
      30_000,
    );
    const cancelled = await live.ask('POST', `/api/videos/${id}/cancel`, trainer);
    expect(await cancelled.json()).toMatchObject({ state: 'cancelled' });
    expect(await readdir(join(live.storageDir, 'videos', id))).toEqual(['source']);
    expect((await live.ask('POST', `/api/videos/${id}/cancel`, trainer)).status).toBe(409);
    await live.ask('POST', `/api/videos/${id}/retry`, trainer);
    await until(id, 'transcoding');
    await live.ask('DELETE', `/api/videos/${id}`, trainer);
    expect(await readdir(join(live.storageDir, 'videos'))).not.toContain(id);
  }, 60_000);
});
