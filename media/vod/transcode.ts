import { mkdir, rm } from 'node:fs/promises';
import { renameDurably, syncTree } from '../durable.ts';
import { MediaError } from '../errors.ts';
import { Child } from '../process/child.ts';
import type { VideoFacts } from './contract.ts';
import { planRenditions } from './plan.ts';
import { writeMaster } from './master.ts';
import { atLowPriority } from './run-tool.ts';
import { encodedFrameRate, posterArguments, renditionArguments } from './vod-arguments.ts';

const GRACE_MS = 2_000;
export const POSTER = 'poster.jpg';

/** A transcoding under way. `done` rejects with `closed` when it was cancelled, with `ffmpeg-failed` otherwise. */
export interface Transcoding {
  done: Promise<void>;
  /** Stops and continues the process where it stands. */
  setSuspended(suspended: boolean): void;
  /** Ends it and removes what it wrote. Idempotent; resolves when nothing is left. */
  cancel(): Promise<void>;
}

/**
 * Makes all renditions and the poster of a video, one process and one thread at a time at nice 19. All is written to
 * `folder.part` and becomes `folder` when it is complete and on the disk itself.
 */
export function transcodeVideo(options: {
  ffmpegPath: string;
  file: string;
  facts: VideoFacts;
  folder: string;
  /** 0 to 1, as often as ffmpeg tells. */
  onProgress(share: number): void;
}): Transcoding {
  const { ffmpegPath, file, facts, folder, onProgress } = options;
  const unfinished = `${folder}.part`;
  let current: Child | null = null;
  let suspended = false;
  let cancelled = false;

  async function run(args: string[], onOutput?: (chunk: Buffer) => void): Promise<void> {
    if (cancelled) throw new MediaError('closed', 'the transcoding was cancelled');
    const [command, commandArgs] = atLowPriority(ffmpegPath, args);
    const child = new Child({ command, args: commandArgs, graceMs: GRACE_MS, onOutput });
    current = child;
    if (suspended) child.signal('SIGSTOP');
    const { code, lastWords } = await child.exited;
    current = null;
    if (cancelled) throw new MediaError('closed', 'the transcoding was cancelled');
    if (code !== 0) throw new MediaError('ffmpeg-failed', `ffmpeg ended with ${code}: ${lastWords.trim()}`);
  }

  async function work(): Promise<void> {
    try {
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { recursive: true });
      const renditions = planRenditions(facts);
      const frameRate = encodedFrameRate(facts.frameRate);
      for (const [index, rendition] of renditions.entries()) {
        const args = renditionArguments({ file, folder: unfinished, rendition, frameRate });
        await run(args, (chunk) => {
          const micros = Number(/.*out_time_us=(\d+)/s.exec(chunk.toString())?.[1] ?? 0);
          const share = Math.min(1, micros / 1000 / facts.durationMs);
          if (micros > 0) onProgress((index + share) / renditions.length);
        });
      }
      const atSeconds = Math.min(facts.durationMs / 1000 / 10, 10);
      await run(posterArguments(file, atSeconds, `${unfinished}/${POSTER}`));
      await writeMaster(unfinished, renditions, facts);
      await syncTree(unfinished);
      await rm(folder, { recursive: true, force: true });
      await renameDurably(unfinished, folder);
    } catch (error) {
      await rm(unfinished, { recursive: true, force: true });
      throw error;
    }
  }

  const done = work();
  return {
    done,
    setSuspended(wanted) {
      if (wanted === suspended) return;
      suspended = wanted;
      current?.signal(wanted ? 'SIGSTOP' : 'SIGCONT');
    },
    async cancel() {
      cancelled = true;
      current?.kill();
      await done.catch((error: unknown) => {
        if (!(error instanceof MediaError)) throw error;
      });
    },
  };
}
