import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROUTES = fileURLToPath(new URL('./routes.ts', import.meta.url));
const START_DEADLINE_MS = 20_000;

export interface BareRoutes {
  origin: string;
  /** What lies in this folder is served under `/static/`. */
  files: string;
  /** From starting the process to its first accepted connection. */
  readyMs: number;
  close(): Promise<void>;
}

/** Starts the bare routes as a process, as the hub is one. */
export async function serveBareRoutes(): Promise<BareRoutes> {
  const dir = await mkdtemp(join(tmpdir(), 'xiangbo-bare-'));
  const startedAt = performance.now();
  const child = spawn(process.execPath, [ROUTES, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const close = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(dir, { recursive: true, force: true });
  };
  try {
    const origin = await new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('The bare routes did not start')), START_DEADLINE_MS);
      void exited.then(() => reject(new Error('The bare routes ended')));
      child.stdout.once('data', (chunk: Buffer) => {
        clearTimeout(timer);
        resolve(/→ (http\S+)/.exec(chunk.toString())![1]!);
      });
    });
    return { origin, files: dir, readyMs: performance.now() - startedAt, close };
  } catch (error) {
    await close();
    throw error;
  }
}
