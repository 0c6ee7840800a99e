import { open, type FileHandle } from 'node:fs/promises';

/** A segment while it is written: whole fragments only, so that it can be cut after any of them. */
export class SegmentFile {
  readonly #handle: FileHandle;
  #byteLength = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Fails when the file exists: nothing recorded is ever overwritten. */
  static async create(path: string): Promise<SegmentFile> {
    return new SegmentFile(await open(path, 'ax'));
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

  /** On the disk itself when it resolves. */
  async close(): Promise<void> {
    try {
      await this.#handle.datasync();
    } finally {
      await this.#handle.close();
    }
  }
}

/** Writes a small file that is on the disk itself when it resolves. */
export async function writeDurably(path: string, bytes: Buffer): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
