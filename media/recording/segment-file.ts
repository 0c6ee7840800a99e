import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sync } from '../durable.ts';

/** A segment while it is written: whole fragments only, so that it can be cut after any of them. */
export class SegmentFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  #byteLength = 0;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** Fails when the file exists: nothing recorded is ever overwritten. */
  static async create(path: string): Promise<SegmentFile> {
    return new SegmentFile(await open(path, 'ax'), path);
  }

  get byteLength(): number {
    return this.#byteLength;
  }

  /** Handed to the system when it resolves; after an error (disk full) the file ends with the fragment before. */
  async append(fragment: Buffer): Promise<void> {
    try {
      await this.#handle.appendFile(fragment);
    } catch (error) {
      await this.#handle.truncate(this.#byteLength);
      throw error;
    }
    this.#byteLength += fragment.length;
  }

  /** For one into which nothing could be written: as if it had never been. */
  async discard(): Promise<void> {
    await this.#handle.close();
    await rm(this.#path, { force: true });
  }

  /** On the disk itself, with its name, when it resolves. */
  async close(): Promise<void> {
    try {
      await this.#handle.datasync();
    } finally {
      await this.#handle.close();
    }
    await sync(dirname(this.#path));
  }
}
