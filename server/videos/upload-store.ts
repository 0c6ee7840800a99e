import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { FileStore } from '@tus/file-store';
import { HubError } from '../platform/errors.ts';

/** So often, in bytes, an upload under way looks whether the disk still has room. */
const LOOK_EVERY_BYTES = 16 * 1024 * 1024;
/** The disk is full; or this user's share of it is. */
const FULL = ['ENOSPC', 'EDQUOT'];

/**
 * Where tus keeps uploads. What a disk that became full has taken stays, so that the upload goes on once there is room
 * again; the reserve is for broadcasts, which begin while an upload of hours is under way.
 */
export class UploadStore extends FileStore {
  readonly #hasReserve: () => Promise<boolean>;

  constructor(directory: string, hasReserve: () => Promise<boolean>) {
    super({ directory });
    this.#hasReserve = hasReserve;
  }

  /** The new length in bytes. Throws `storage.full` for want of the reserve, and the disk's own errors (`writeFault`). */
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    let received = 0;
    let look = 0;
    const hasReserve = this.#hasReserve;
    async function* counted(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        if (received >= look) {
          if (!(await hasReserve())) throw new HubError('storage.full');
          look = received + LOOK_EVERY_BYTES;
        }
        received += chunk.length;
        yield chunk;
      }
    }
    const file = createWriteStream(`${this.directory}/${id}`, { flags: 'r+', start: offset });
    await pipeline(readable, counted, file);
    return offset + received;
  }
}

/** What a failed write is to its sender: `storage.full` where it is that, else the error itself. */
export function writeFault(error: Error): Error {
  const isFull = FULL.includes((error as NodeJS.ErrnoException).code ?? '');
  return isFull ? new HubError('storage.full', { cause: error }) : error;
}
