import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

const KEPT_LINES = 40;
const running = new Set();

/**
 * Runs a program to its end. Its output goes line by line to `onLine`; the last lines are shown when it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, onLine?: (line: string) => void, timeoutMs?: number, keptLines?: number }} [options]
 * @returns {Promise<string>} the last lines of its output
 * @throws {SetupError} when it cannot be started, ends with an error or takes longer than `timeoutMs`
 */
export function runCommand(command, args, { cwd, env, onLine, timeoutMs, keptLines = KEPT_LINES } = {}) {
  return new Promise((resolve, reject) => {
    const lines = [];
    // A group of its own, so that ending it ends what it started too.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    running.add(child);
    let timedOut = false;
    const timer =
      timeoutMs &&
      setTimeout(() => {
        timedOut = true;
        endGroup(child);
      }, timeoutMs);
    for (const stream of [child.stdout, child.stderr]) {
      eachLine(stream, (line) => {
        lines.push(line);
        if (lines.length > keptLines) lines.shift();
        onLine?.(line);
      });
    }
    const settle = (failure) => {
      clearTimeout(timer);
      running.delete(child);
      const shown = [command, ...args].join(' ');
      const output = lines.join('\n');
      if (timedOut) reject(new SetupError(`${shown}\ntook longer than ${timeoutMs / 1000} s\n${output}`));
      else if (failure) reject(new SetupError(`${shown}\n${failure}\n${output}`));
      else resolve(output);
    };
    child.on('error', (error) => settle(`could not be started: ${error.message}`));
    child.on('close', (code, signal) =>
      settle(code === 0 ? undefined : `ended with ${signal ?? `code ${code}`}`),
    );
  });
}

/** Ends every program still running, for when setup itself is told to stop. */
export function endRunningCommands() {
  for (const child of running) endGroup(child);
}

function endGroup(child) {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch (error) {
    // ESRCH: it ended by itself in the meantime.
    if (error.code !== 'ESRCH') throw error;
  }
}

function eachLine(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    const parts = (rest + chunk).split(/\r?\n|\r/);
    rest = parts.pop();
    for (const part of parts) if (part.trim() !== '') onLine(part);
  });
  stream.on('end', () => {
    if (rest.trim() !== '') onLine(rest);
  });
}
