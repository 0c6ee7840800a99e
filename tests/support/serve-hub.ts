import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BOOT_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 20_000;

/** The hub as a process of its own, as `npm start` runs it, on its own data directory and fixed free ports. */
export interface ServedHub {
  origin: string;
  dataDir: string;
  pid: number;
  /** Everything it has printed so far, over restarts. */
  output(): string;
  /** Ends it like a power switch would. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and data. */
  start(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Stops it if it runs and removes its data. */
  close(): Promise<void>;
}

/** Starts the hub and waits until it says where it is. The web must be built. */
export async function serveHub(
  options: { env?: Record<string, string>; args?: string[] } = {},
): Promise<ServedHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'xiangbo-served-'));
  const env = {
    ...process.env,
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    RTC_PORT: String(await freePort()),
    RTMP_PORT: String(await freePort()),
    MEDIA_WORKERS: '1',
    LOG_LEVEL: 'warn',
    ...options.env,
  };
  let child: ChildProcess | undefined;
  let printed = '';
  let origin = '';

  async function start(): Promise<void> {
    const started = spawn(process.execPath, ['server/main.ts', ...(options.args ?? [])], { cwd: ROOT, env });
    child = started;
    const from = printed.length;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => fail('did not start in time'), BOOT_DEADLINE_MS);
      const fail = (why: string) => {
        clearTimeout(timer);
        reject(new Error(`The hub ${why}:\n${printed.slice(from)}`));
      };
      const read = (chunk: Buffer) => {
        printed += chunk.toString();
        const found = /→ (http\S+)/.exec(printed.slice(from));
        if (!found) return;
        origin = found[1]!;
        clearTimeout(timer);
        resolve();
      };
      started.stdout.on('data', read);
      started.stderr.on('data', read);
      started.once('exit', (code) => fail(`exited with ${code}`));
    });
  }

  function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null)
      return Promise.resolve(ending?.exitCode ?? null);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        ending.kill('SIGKILL');
        reject(new Error(`The hub did not end within ${STOP_DEADLINE_MS} ms of ${signal}:\n${printed}`));
      }, STOP_DEADLINE_MS);
      ending.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code);
      });
      ending.kill(signal);
    });
  }

  await start().catch(async (error: unknown) => {
    await end('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    get origin() {
      return origin;
    },
    dataDir,
    get pid() {
      return child!.pid!;
    },
    output: () => printed,
    kill: async () => void (await end('SIGKILL')),
    start,
    stop: () => end('SIGTERM'),
    async close() {
      await end('SIGTERM').finally(() => rm(dataDir, { recursive: true, force: true }));
    },
  };
}

/** A TCP port nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
