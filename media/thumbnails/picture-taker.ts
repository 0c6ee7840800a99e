import { rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MediaLog } from '../contract.ts';
import { posterKey, thumbnailKey } from '../recording/storage-keys.ts';
import { keyframeStream } from './keyframe.ts';
import type { Thumbnailer } from './thumbnailer.ts';

/** At most one in so long. */
const EVERY_MS = 5_000;

export interface PictureTakerOptions {
  id: string;
  storageDir: string;
  thumbnailer: Thumbnailer;
  /** Both are on the disk. */
  onPicture: () => void;
  log: MediaLog;
}

/**
 * Keeps two pictures of a broadcast on the disk: the latest, and the one that shows most so far. At one quality a JPEG
 * is the larger the more there is to see; a black or blurred picture is small, so the largest becomes the poster.
 */
export class PictureTaker {
  readonly #options: PictureTakerOptions;
  #lastMs = -Infinity;
  /** Size of the poster on the disk; null while nobody has looked. */
  #posterBytes: number | null = null;
  #taking: Promise<void> = Promise.resolve();

  constructor(options: PictureTakerOptions) {
    this.#options = options;
  }

  /** A part that begins with a keyframe, just recorded. */
  offer(init: Buffer, fragment: Buffer, atMs: number): void {
    if (atMs - this.#lastMs < EVERY_MS) return;
    this.#lastMs = atMs;
    this.#taking = this.#taking
      .then(() => this.#takeOne(init, fragment))
      .catch((error: unknown) => {
        const { id, log } = this.#options;
        log('warn', 'a thumbnail could not be made', { broadcast: id, error: String(error) });
      });
  }

  /** Resolves when nothing is being written any more. */
  async close(): Promise<void> {
    await this.#taking;
  }

  async #takeOne(init: Buffer, fragment: Buffer): Promise<void> {
    const { id, storageDir, thumbnailer, onPicture } = this.#options;
    const stream = keyframeStream(init, fragment);
    const jpeg = stream && (await thumbnailer.picture(stream));
    if (!jpeg) return;
    this.#posterBytes ??= await sizeOf(join(storageDir, posterKey(id)));
    if (jpeg.length > this.#posterBytes) {
      await replaceFile(join(storageDir, posterKey(id)), jpeg);
      this.#posterBytes = jpeg.length;
    }
    await replaceFile(join(storageDir, thumbnailKey(id)), jpeg);
    onPicture();
  }
}

/** 0 where there is none. */
async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** Readers see the old file or the new one. It need not outlive a power cut. */
async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  await writeFile(`${path}.new`, bytes);
  await rename(`${path}.new`, path);
}
