import type { Context } from 'hono';
import { HubError } from '../errors.ts';
import type { HubEnv } from './environment.ts';
import { mostFileBytes } from './limit-body.ts';

/** What a small machine can hold of files beside its media: a class that photographs its sheets fits in. */
const MOST_BYTES = 192 * 1024 * 1024;

/** Room for files that come as bodies. What is received stays in memory until its verb is done with it. */
export class FileBodies {
  readonly #mostBytes: number;
  #heldBytes = 0;

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** Hands `use` what receives the body. Nothing of it is in memory before that is called, nor counted after `use` is done. */
  async with<T>(
    c: Context<HubEnv>,
    use: (receive: () => Promise<Buffer<ArrayBuffer>>) => Promise<T>,
  ): Promise<T> {
    const declared = c.req.header('content-length');
    const most = declared === undefined ? (mostFileBytes(c.req.path) ?? 0) : Number(declared);
    let held = 0;
    try {
      return await use(() => {
        if (this.#heldBytes + most > this.#mostBytes)
          throw new HubError('server.busy', { message: 'Too many files are being received' });
        this.#heldBytes += most;
        held += most;
        return read(c.req.raw.body, most);
      });
    } finally {
      this.#heldBytes -= held;
    }
  }
}

/** In memory of its own, which can be handed to a thread. */
async function read(body: ReadableStream<Uint8Array> | null, most: number): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > most) throw new HubError('input.too-large', { message: 'The body is too large' });
    chunks.push(chunk);
  }
  const whole = Buffer.from(new ArrayBuffer(size));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** All that this process receives. */
export const fileBodies = new FileBodies();
