import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FileBodies } from '../../server/platform/http/file-bodies.ts';
import type { HubEnv } from '../../server/platform/http/environment.ts';
import { HubError } from '../../server/platform/errors.ts';
import { openTestHub, type TestHub } from '../support/open-test-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';

/** A body of a megabyte a chunk that tells how many were taken of it. */
function bodyOf(chunks: number) {
  const taken = { chunks: 0 };
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (taken.chunks === chunks) return controller.close();
        taken.chunks += 1;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    },
    { highWaterMark: 0 },
  );
  return { taken, stream };
}

describe('a file sent to the hub', () => {
  let t: TestHub;
  let cookie: string;
  beforeAll(async () => {
    t = await openTestHub();
    cookie = (await signInAs(t.hub, { homeRegionCode: '533103' })).cookie;
  });
  afterAll(() => t.close());

  it.each([
    ['POST', '/api/imports/runs/none'],
    ['POST', '/api/imports/regions/533103'],
    ['POST', '/api/courses/import?regionCode=533103'],
    ['PUT', '/api/courses/none/assets?name=a.png'],
    ['POST', '/api/courses/none/lessons/task/photos'],
    ['POST', '/api/sheets/NONE/photos'],
  ])('is not read from who may not send it: %s %s', async (method, path) => {
    for (const declared of [true, false]) {
      const { taken, stream } = bodyOf(16);
      const headers: Record<string, string> = { cookie, origin: 'http://localhost' };
      if (declared) headers['content-length'] = String(16 * 1024 * 1024);
      const init = { method, headers, body: stream, duplex: 'half' } as const;
      const answer = await t.hub.app.fetch(new Request(`http://localhost${path}`, init));
      expect([401, 403, 404]).toContain(answer.status);
      expect(taken.chunks).toBe(0);
    }
  });
});

describe('room for files', () => {
  function appWith(bodies: FileBodies, use: (bytes: Buffer) => Promise<void>) {
    return new Hono<HubEnv>()
      .onError((error, c) => c.text(error instanceof HubError ? error.code : String(error), 400))
      .post('/api/sheets/:code/photos', (c) =>
        bodies.with(c, async (receive) => {
          const bytes = await receive();
          await use(bytes);
          return c.text(String(bytes.length));
        }),
      );
  }
  const send = async (app: ReturnType<typeof appWith>, megabytes: number, declared = megabytes) => {
    const { stream } = bodyOf(megabytes);
    const headers = { 'content-length': String(declared * 1024 * 1024) };
    const init = { method: 'POST', body: stream, duplex: 'half', headers: declared ? headers : undefined };
    return (await app.request('/api/sheets/x/photos', init)).text();
  };

  it('is bounded while they are worked on, and free again afterwards, also after a failure', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const app = appWith(new FileBodies(5 * 1024 * 1024), (bytes) =>
      bytes.length > 3 * 1024 * 1024 ? Promise.reject(new Error('no')) : promise,
    );
    const first = send(app, 3);
    expect(await send(app, 3)).toBe('server.busy');
    const small = send(app, 2);
    resolve();
    expect(await Promise.all([first, small])).toEqual([String(3 << 20), String(2 << 20)]);
    expect(await send(app, 5)).toBe('Error: no');
    expect(await send(app, 3)).toBe(String(3 << 20));
  });

  it('takes no more than was declared, and of what is not declared no more than the address takes', async () => {
    const app = appWith(new FileBodies(), () => Promise.resolve());
    expect(await send(app, 3, 2)).toBe('input.too-large');
    expect(await send(app, 21, 0)).toBe('input.too-large');
    expect(await send(app, 19, 0)).toBe(String(19 << 20));
  });
});
