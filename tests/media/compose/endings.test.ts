import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { PictureDecoder } from '../../../media/compose/picture-decoder.ts';
import { killIfThere } from '../../../media/process/kill-if-there.ts';
import type { VideoFrame } from '../../../media/tap/frames.ts';

test('a decoder is closed when those it had before have ended too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'xiangbo-decoder-'));
  try {
    // The first takes its time to end, as ffmpeg does on a busy machine.
    const slow = join(folder, 'slow-to-end');
    await writeFile(slow, '#!/bin/sh\nmkdir "$0.first" && wait=0.5\ncat > /dev/null\nsleep ${wait:-0}\n');
    await chmod(slow, 0o755);
    const decoder = new PictureDecoder({
      ...{ ffmpegPath: slow, tile: { x: 0, y: 0, width: 16, height: 16, fit: 'contain' } },
      onPicture: () => undefined,
      onDied: () => undefined,
    });
    const keyframe = (width: number): VideoFrame => ({
      ...{ atMs: 1000, keyframe: true, nals: [Buffer.alloc(8)] },
      picture: { coding: 'vp8', format: { codec: 'vp8', width, height: 16 }, sets: null },
    });
    decoder.push(keyframe(16));
    await vi.waitUntil(() => existsSync(`${slow}.first`));
    decoder.push(keyframe(32));
    const running = () =>
      execFileSync('ps', ['-o', 'args=', '--ppid', `${process.pid}`])
        .toString()
        .split(slow);
    expect(running().length - 1).toBe(2);
    await decoder.close();
    expect(running().length - 1).toBe(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a process that has ended is not killed again', async () => {
  const child = spawn('true');
  await once(child, 'exit');
  expect(() => process.kill(child.pid!, 0)).toThrow('ESRCH');
  expect(() => killIfThere(child.pid!)).not.toThrow();
});
