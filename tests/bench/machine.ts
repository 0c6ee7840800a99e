import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

const PACKAGES = ['hono', '@libsql/client', '@node-rs/argon2', 'mediasoup', 'mediasoup-client', 'hls.js'];

/** On what a run was measured, one line each; read before it begins, so that the load is others'. */
export function describeMachine(): string[] {
  const gibibytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    `${availableParallelism()} × ${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${gibibytes} GiB`,
    `Linux ${release()}, ${firstLineOf('/etc/os-release', /PRETTY_NAME="(.*)"/)}`,
    `Node ${process.version}, Chromium ${chromiumVersion()}`,
    PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', '),
    `load average before the run: ${loadavg()[0]!.toFixed(1)}`,
  ];
}

function firstLineOf(file: string, pattern: RegExp): string {
  return pattern.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unknown system';
}

function chromiumVersion(): string {
  const said = execFileSync(process.env.CHROMIUM_PATH ?? '/usr/bin/chromium', ['--version'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();
  return /[\d.]+/.exec(said)?.[0] ?? said.trim();
}

function versionOf(name: string): string {
  const manifest = new URL(`../../node_modules/${name}/package.json`, import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
