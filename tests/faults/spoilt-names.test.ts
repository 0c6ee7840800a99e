import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import type { VideoView } from '../../server/videos/view.ts';
import { eventually, makeClip, openLiveHub, type LiveHub } from '../support/live-hub.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';
import { spoiltNames } from '../support/spoilt-names.ts';
import { uploadVideo, videoIdIn } from '../support/upload-video.ts';
import { makeVideo } from '../support/video-files.ts';

const ASKED = 400;
const AT_ONCE = 20;

let folder: string;
let live: LiveHub;
let trainer: Someone;
let id: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-names-'));
  live = await openLiveHub();
  trainer = await signInAs(live.hub, { roles: [['trainer', '533103']] });
  const plan = { title: '咖啡烘焙', kind: 'class', visibility: 'public' };
  id = ((await (await live.ask('POST', '/api/broadcasts', trainer, plan)).json()) as BroadcastView).id;
  await makeClip(join(folder, 'clip.mp4'));
  await live.hub.broadcasts.loopClip(id, join(folder, 'clip.mp4'));
  const read = async () =>
    (await (await live.ask('GET', `/api/broadcasts/${id}`, trainer)).json()) as BroadcastView;
  await eventually(read, ({ recordedMs }) => recordedMs >= 2_000);
});
afterAll(async () => {
  await live.close();
  await rm(folder, { recursive: true, force: true });
});

/** Asks for a path as it stands: nothing is normalised on the way. */
async function statusOf(path: string): Promise<number> {
  const asked = request(live.origin, { path: path.replaceAll(/[^!-~]/gu, encodeURIComponent) });
  asked.end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode ?? 0;
}

/** Paths that are nearly right are refused or served, and never break anything. */
async function ensureNoneBreaks(paths: string[]): Promise<void> {
  const answers: [string, number][] = [];
  for (let at = 0; at < paths.length; at += AT_ONCE)
    answers.push(
      ...(await Promise.all(
        paths.slice(at, at + AT_ONCE).map(async (path) => [path, await statusOf(path)] as [string, number]),
      )),
    );
  expect(answers.filter(([, status]) => status >= 500)).toEqual([]);
  const refused = answers.filter(([, status]) => status >= 400);
  expect(refused.length).toBeGreaterThan(paths.length / 2);
  expect((await live.ask('GET', '/readyz')).status).toBe(200);
}

/** The folder under the path token, below the master's own, and what is named in the media playlist. */
async function namesBelow(master: string) {
  const text = await (await live.ask('GET', master, trainer)).text();
  const media = new URL(
    text.split('\n').find((line) => /^[^#]/.test(line))!,
    live.origin + master,
  );
  const playlist = await (await fetch(media)).text();
  const named = [...playlist.matchAll(/^[^#\s]+$|URI="([^"]+)"/gm)].map(([line, uri]) => uri ?? line);
  const file = media.pathname.split('/').at(-1)!;
  return { folder: media.pathname.slice(0, -file.length), names: [file, ...new Set(named)].slice(-60) };
}

const directives = ['?_HLS_msn=', '?_HLS_part=', '?_HLS_msn=1&_HLS_part=', '?_HLS_skip=', '?_HLS_msn=0&x='];

it('a broadcast on the air refuses names and questions that are nearly right', async () => {
  const { folder: below, names } = await namesBelow(`/hls/${id}/index.m3u8`);
  const questions = spoiltNames(['1', '0', '2-1', 'YES', 'v2'], ASKED / 4).map(
    (value, at) => `${below}media.m3u8${directives[at % directives.length]}${value}`,
  );
  await ensureNoneBreaks([...spoiltNames(names, ASKED, 2).map((name) => below + name), ...questions]);
  const folders = spoiltNames([below], ASKED / 4, 3);
  await ensureNoneBreaks(folders.map((spoilt) => `${spoilt}media.m3u8`));
}, 60_000);

it('a replay does, too', async () => {
  await live.ask('POST', `/api/broadcasts/${id}/end`, trainer);
  const { folder: below, names } = await namesBelow(`/hls/${id}/index.m3u8`);
  await ensureNoneBreaks(spoiltNames(names, ASKED, 4).map((name) => below + name));
}, 60_000);

it('a lesson does, too', async () => {
  const file = await makeVideo(join(folder, 'lesson.mp4'), { seconds: 1.5, size: '320x240' });
  const { url } = await uploadVideo({ origin: live.origin, someone: trainer, file });
  const video = videoIdIn(url);
  const read = async () =>
    (await (await live.ask('GET', `/api/videos/${video}`, trainer)).json()) as VideoView;
  const ready = await eventually(read, ({ state }) => state === 'ready' || state === 'failed', 30_000);
  const { folder: below, names } = await namesBelow(ready.addresses.hls);
  const others = ['poster.jpg', 'subtitles-en-1.vtt', 'subtitles-zh-CN-1.m3u8', 'audio-init.mp4'];
  await ensureNoneBreaks(spoiltNames([...names, ...others], ASKED, 5).map((name) => below + name));
}, 60_000);
