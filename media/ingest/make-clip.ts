import { makeClipArguments } from '../process/ffmpeg-arguments.ts';
import { runFfmpeg } from '../process/run-ffmpeg.ts';

/** Writes an MP4 that `playClip` can loop; a few seconds of one core for twenty seconds of clip. */
export async function makeClip(options: {
  ffmpegPath: string;
  file: string;
  /** Default 20. Whole multiples of 2 loop without a short segment. */
  seconds?: number;
  width?: number;
  height?: number;
}): Promise<void> {
  const { ffmpegPath, file, seconds = 20, width = 640, height = 360 } = options;
  await runFfmpeg(ffmpegPath, makeClipArguments({ file, seconds, width, height }), 120_000);
}
