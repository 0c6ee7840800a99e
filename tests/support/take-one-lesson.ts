/**
 * Takes a video in, checks, transcodes and subtitles it, as the hub does, or goes on with it where the last run died; prints
 * each step on the disk and each state of its row. `node take-one-lesson.ts FOLDER FILE [PATTERN]`: killed before the first
 * step that the pattern fits.
 */
import { readFileSync } from 'node:fs';
import { argv, pid, stdout } from 'node:process';
import { watchDiskSteps } from './watch-disk-steps.ts';

const [folder = '', file = '', pattern] = argv.slice(2);
const last = pattern === undefined ? undefined : new RegExp(pattern);
function step(taken: string): void {
  const words = taken.replaceAll(folder, '');
  if (last?.test(words)) process.kill(pid, 'SIGKILL');
  stdout.write(`${words}\n`);
}
watchDiskSteps(`${folder}/media/`, step);

const { openLessonRoom, TRAINER } = await import('./lesson-room.ts');
const content = readFileSync(file);
const room = await openLessonRoom(folder, { onState: (state) => step(`row ${state}`) });
const [begun] = await room.rows();
const id = begun?.id ?? (await room.begin(content.length));
await room.send(id, content);
await room.settled(id);
await room.videos.putSubtitles(TRAINER, id, 'en', 'WEBVTT\n\n00:00.000 --> 00:01.000\nGoods');
await room.close();
