import { execFile } from 'node:child_process';
import { MediaError } from '../errors.ts';

/** Runs an ffmpeg that ends by itself and returns its stdout; `ffmpeg-missing` or `ffmpeg-failed` otherwise. */
export function runFfmpeg(ffmpegPath: string, args: string[], timeoutMs = 30_000): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024, timeout: timeoutMs } as const;
    const child = execFile(ffmpegPath, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const missing = error.code === 'ENOENT' || error.code === 'EACCES';
      const message = missing
        ? `ffmpeg cannot be run at "${ffmpegPath}" (${error.code}); install it (Debian: apt-get install -y ffmpeg) or set FFMPEG_PATH to where it is`
        : `ffmpeg failed: ${stderr.toString().trim().slice(-500) || error.message}`;
      reject(new MediaError(missing ? 'ffmpeg-missing' : 'ffmpeg-failed', message, { cause: error }));
    });
    child.stdin?.end();
  });
}
