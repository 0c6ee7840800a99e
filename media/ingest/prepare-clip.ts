import { createHash } from 'node:crypto';
import { mkdir, rename, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MediaError } from '../errors.ts';
import { loopableClipArguments } from '../process/ffmpeg-arguments.ts';
import { runFfmpeg } from '../process/run-ffmpeg.ts';
import { ensureClipCanBeCopied } from './inspect-clip.ts';

/**
 * A form of the clip that can be looped without encoding, kept in storage for the next time. `unsupported-clip` when
 * the file is missing or its picture cannot be copied.
 */
export async function prepareClip(options: {
  ffmpegPath: string;
  file: string;
  storageDir: string;
}): Promise<string> {
  const { ffmpegPath, file, storageDir } = options;
  const { size, mtimeMs } = await stat(file).catch((error) => {
    throw new MediaError('unsupported-clip', `"${file}" cannot be read: ${String(error)}`, { cause: error });
  });
  const identity = createHash('sha256')
    .update(`${resolve(file)} ${size} ${mtimeMs}`)
    .digest('hex')
    .slice(0, 16);
  const loopable = join(storageDir, 'clips', `${identity}.ts`);
  if (await exists(loopable)) return loopable;
  await ensureClipCanBeCopied(ffmpegPath, file);
  await mkdir(join(storageDir, 'clips'), { recursive: true });
  const unfinished = `${loopable}.${process.pid}`;
  await runFfmpeg(ffmpegPath, loopableClipArguments(file, unfinished));
  await rename(unfinished, loopable);
  return loopable;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
