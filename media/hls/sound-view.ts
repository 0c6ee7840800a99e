import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InitRecord } from '../recording/contract.ts';
import { soundFragments, soundInit } from '../recording/sound-only.ts';

/** So many init segments stay in memory; every part and segment needs one, nearly always the last. */
const INITS_KEPT = 4;

/** The sound alone of one broadcast, cut out of what is stored when it is asked for. Null: the file is gone. */
export class SoundView {
  readonly #storageDir: string;
  readonly #inits = new Map<number, Buffer>();

  constructor(storageDir: string) {
    this.#storageDir = storageDir;
  }

  async init(init: InitRecord): Promise<Buffer | null> {
    const bytes = await this.#readInit(init);
    return bytes && soundInit(bytes);
  }

  async segment(file: string, init: InitRecord): Promise<Buffer | null> {
    const media = await readIfThere(join(this.#storageDir, file));
    return media && this.part(media, init);
  }

  async part(media: Buffer, init: InitRecord): Promise<Buffer | null> {
    const initBytes = await this.#readInit(init);
    return initBytes && soundFragments(media, initBytes);
  }

  async #readInit({ initIndex, file }: InitRecord): Promise<Buffer | null> {
    const bytes = this.#inits.get(initIndex) ?? (await readIfThere(join(this.#storageDir, file)));
    if (!bytes) return null;
    this.#inits.delete(initIndex);
    this.#inits.set(initIndex, bytes);
    const oldest = this.#inits.keys().next().value;
    if (this.#inits.size > INITS_KEPT && oldest !== undefined) this.#inits.delete(oldest);
    return bytes;
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
