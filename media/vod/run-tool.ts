import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { MediaError } from '../errors.ts';

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

export interface ToolRun {
  ok: boolean;
  stdout: string;
  stderr: string;
}

/** ffprobe lies beside ffmpeg. */
export function ffprobeBeside(ffmpegPath: string): string {
  return ffmpegPath.includes('/') ? join(dirname(ffmpegPath), 'ffprobe') : 'ffprobe';
}

/**
 * Runs a program of ffmpeg's that may rightly fail, at the lowest priority, until the signal ends it. Throws `ffmpeg-missing`
 * where it cannot be run at all, and the signal's reason.
 */
export function runTool(command: string, args: string[], signal: AbortSignal): Promise<ToolRun> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: MAX_OUTPUT_BYTES, signal, killSignal: 'SIGKILL' } as const;
    execFile(...atLowPriority(command, args), options, (error, stdout, stderr) => {
      if (signal.aborted) return reject(signal.reason as Error);
      // 127 and 126 are how setpriv says that the program is not there or may not be run.
      if (error && (error.code === 'ENOENT' || Number(error.code) === 127 || Number(error.code) === 126))
        return reject(new MediaError('ffmpeg-missing', `${command} cannot be run`, { cause: error }));
      resolve({ ok: !error, stdout, stderr: stderr.slice(-2000) });
    });
  });
}

/**
 * The command at nice 19, killed by the kernel when the hub dies: a process that is stopped (SIGSTOP) would otherwise
 * outlive it for ever.
 */
export function atLowPriority(command: string, args: string[]): [string, string[]] {
  return ['setpriv', ['--pdeathsig', 'KILL', '--', 'nice', '-n', '19', command, ...args]];
}
