import { MediaError } from '../errors.ts';
import { inspectArguments } from '../process/ffmpeg-arguments.ts';
import { runFfmpeg } from '../process/run-ffmpeg.ts';

/** Throws `unsupported-clip` for a file whose picture cannot be copied into a broadcast. */
export async function ensureClipCanBeCopied(ffmpegPath: string, file: string): Promise<void> {
  const listing = (
    await runFfmpeg(ffmpegPath, inspectArguments(file)).catch((error: MediaError) => {
      if (error.code !== 'ffmpeg-failed') throw error;
      throw new MediaError('unsupported-clip', `"${file}" cannot be read as video: ${error.message}`, {
        cause: error,
      });
    })
  ).toString();
  if (!/^#codec_id 0: h264$/m.test(listing))
    throw new MediaError('unsupported-clip', `"${file}" is not H.264`);
  const reordered = listing.split('\n').some((line) => {
    const [stream, dts, pts] = line.split(',').map((field) => field.trim());
    return stream === '0' && dts !== pts;
  });
  if (reordered) throw new MediaError('unsupported-clip', `"${file}" has B-frames, which WebRTC cannot show`);
}
