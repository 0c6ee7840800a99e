import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '../../server/platform/clock.ts';
import { decideConfig, type Config } from '../../server/platform/config.ts';
import { readEnvironment } from '../../server/platform/env.ts';
import { openLog } from '../../server/platform/log.ts';
import { openHub, type Hub } from '../../server/hub.ts';

export interface TestHub {
  hub: Hub;
  config: Config;
  dataDir: string;
  /** Asks the app in process. A string body is sent as it is, anything else as JSON. */
  ask(
    method: string,
    path: string,
    options?: {
      body?: unknown;
      cookie?: string;
      token?: string;
      headers?: Record<string, string>;
      /** The network address of the person asking. */
      address?: string;
    },
  ): Promise<Response>;
  close(): Promise<void>;
}

/** A hub of its own on a fresh database file, with no web in front; closed and removed by `close`. */
export async function openTestHub(
  options: { env?: Record<string, string>; clock?: Clock } = {},
): Promise<TestHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-test-'));
  const config = decideConfig(
    readEnvironment({
      DATA_DIR: dataDir,
      PORT: '0',
      RTC_PORT: '0',
      RTMP_PORT: '0',
      MEDIA_WORKERS: '1',
      LOG_LEVEL: 'error',
      ...options.env,
    }),
    { demo: false },
  );
  const hub = await openHub({ config, clock: options.clock ?? systemClock, log: openLog(config.logLevel) });
  return {
    hub,
    config,
    dataDir,
    async ask(method, path, { body, cookie, token, headers, address } = {}) {
      const request = {
        method,
        headers: {
          ...(body === undefined || typeof body === 'string' ? {} : { 'Content-Type': 'application/json' }),
          ...(cookie ? { Cookie: cookie } : {}),
          ...(token ? { Authorization: `Bearer ${token}` } : {}),
          ...headers,
        },
        body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
      };
      return hub.app.request(path, request, address === undefined ? undefined : { forwardedFor: address });
    },
    async close() {
      await hub.close('test over');
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
