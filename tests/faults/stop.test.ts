import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort, serveHub } from '../support/serve-hub.ts';

it('ends at once although somebody left a connection that asked to be upgraded', async () => {
  const served = await serveHub();
  try {
    const { port } = new URL(served.origin);
    const stray = connect(Number(port), '127.0.0.1');
    stray.on('error', () => undefined);
    await once(stray, 'connect');
    stray.write(
      `GET /nothing HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    );
    await expect.poll(async () => (await fetch(`${served.origin}/healthz`)).status).toBe(200);
    const startedAt = Date.now();
    expect(await served.stop()).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(5_000);
    stray.destroy();
  } finally {
    await served.close();
  }
});

it('ends at once while the sample is being made', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-stopped-'));
  const env = {
    ...process.env,
    ...{
      DATA_DIR: dataDir,
      PORT: String(await freePort()),
      RTC_PORT: String(await freePort()),
      RTMP_PORT: String(await freePort()),
    },
    ...{ MEDIA_WORKERS: '1', LOG_LEVEL: 'warn' },
  };
  const child = spawn(process.execPath, ['server/main.ts', '--demo'], { env });
  const over = once(child, 'exit');
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  try {
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
        if (printed.includes('Making the sample')) resolve();
      });
      child.once('exit', () => resolve());
    });
    const startedAt = Date.now();
    child.kill('SIGTERM');
    const [code] = (await over) as [number | null];
    expect({ code, printed }).toMatchObject({ code: 0, printed: expect.not.stringContaining('Error') });
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  } finally {
    child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  }
});
