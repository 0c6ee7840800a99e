import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPipelineGuard } from '../../server/platform/http/pipelining.ts';

let server: Server;
let answered = 0;
beforeEach(async () => {
  answered = 0;
  const mayBeAnswered = openPipelineGuard();
  server = createServer((request, response) => {
    if (!mayBeAnswered(request, response)) return;
    answered += 1;
    if (request.url !== '/wait') response.end('yes');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: hub\r\n\r\n`;

it('ends a connection on which a fourth request waits, and begins none beyond it', async () => {
  const line = connect((server.address() as AddressInfo).port, '127.0.0.1');
  line.on('error', () => undefined);
  line.write(get('/wait').repeat(20));
  await once(line, 'close');
  expect(answered).toBe(3);
});

it('lets many requests follow one another on a connection', async () => {
  const line = connect((server.address() as AddressInfo).port, '127.0.0.1');
  for (let n = 1; n <= 10; n += 1) {
    line.write(get('/'));
    await once(line, 'data');
    expect(answered).toBe(n);
  }
  line.destroy();
});
