import { MediaError } from '../errors.ts';
import { splitPictures } from '../tap/annex-b.ts';
import { plainPictureArguments } from './ffmpeg-arguments.ts';
import { runFfmpeg } from './run-ffmpeg.ts';

const NEEDED_ENCODERS = ['aac', 'libx264', 'libopus'];

export interface ProbedFfmpeg {
  version: string;
  /** NAL units of each picture of the plain-picture loop. */
  plainPictures: Buffer[][];
}

/** Finds out whether this ffmpeg can do all that is asked of it; throws `ffmpeg-missing` naming what lacks. */
export async function probeFfmpeg(ffmpegPath: string): Promise<ProbedFfmpeg> {
  const [version, encoders] = await Promise.all([
    runFfmpeg(ffmpegPath, ['-version']),
    runFfmpeg(ffmpegPath, ['-hide_banner', '-encoders']),
  ]);
  const lacking = NEEDED_ENCODERS.filter(
    (name) => !new RegExp(`^\\s*\\S+\\s+${name}\\s`, 'm').test(encoders.toString()),
  );
  if (lacking.length > 0) {
    throw new MediaError(
      'ffmpeg-missing',
      `ffmpeg at "${ffmpegPath}" lacks the encoders ${lacking.join(', ')}`,
    );
  }
  return {
    version: /^ffmpeg version (\S+)/.exec(version.toString())?.[1] ?? 'unknown',
    plainPictures: splitPictures(await runFfmpeg(ffmpegPath, plainPictureArguments())),
  };
}
