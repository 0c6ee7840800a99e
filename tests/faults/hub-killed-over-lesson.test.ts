import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VideoView } from '../../server/videos/view.ts';
import { eventually } from '../support/live-hub.ts';
import { peopleOf } from '../support/people-of.ts';
import { serveHub, type ServedHub } from '../support/serve-hub.ts';
import { uploadVideo, videoIdIn } from '../support/upload-video.ts';
import { makeVideo } from '../support/video-files.ts';

let hub: ServedHub;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'xiangbo-killed-'));
  hub = await serveHub();
});
afterAll(async () => {
  await hub?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Processes of ffmpeg that work on this hub's files. */
function transcoders(): number[] {
  const listed = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const ours = (line: string) => /\d+ \S*ffmpeg /.test(line) && line.includes(hub.dataDir);
  return listed.filter(ours).map((line) => Number.parseInt(line, 10));
}

it.each(['running', 'stopped'] as const)(
  'does a lesson again whose hub was killed over it, and leaves no ffmpeg of the old one: %s',
  async (was) => {
    const file = await makeVideo(join(folder, 'lesson.mp4'), {
      ...{ seconds: 12, codec: 'mpeg4', size: '854x480' },
    });
    const { trainer } = await peopleOf(hub.dataDir, {
      trainer: { name: '岩罕亮', roles: [['trainer', '533103']] },
    });
    const { url } = await uploadVideo({ origin: hub.origin, someone: trainer, file });
    const id = videoIdIn(url);
    const read = async () => {
      const headers = { Cookie: trainer.cookie };
      return (await (await fetch(`${hub.origin}/api/videos/${id}`, { headers })).json()) as VideoView;
    };
    await eventually(read, ({ state }) => state === 'transcoding', 30_000);
    const [pid] = await eventually(transcoders, (found) => found.length > 0);
    if (was === 'stopped') process.kill(pid!, 'SIGSTOP');
    await hub.kill();
    await eventually(transcoders, (found) => found.length === 0);

    const stored = join(hub.dataDir, 'media', 'videos', id);
    expect(await readdir(stored)).not.toContain('hls');

    await hub.start();
    const ready = await eventually(read, ({ state }) => ['ready', 'failed'].includes(state), 60_000);
    expect(ready).toMatchObject({ state: 'ready', reason: null, progressPercent: 100 });
    expect(await readdir(stored)).toEqual(['hls']);
    const master = await fetch(`${hub.origin}${ready.addresses.hls}`, {
      headers: { Cookie: trainer.cookie },
    });
    expect(await master.text()).toContain('480p.m3u8');
    expect(transcoders()).toEqual([]);
  },
  90_000,
);
