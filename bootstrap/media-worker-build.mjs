import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { findProgram, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import { installSystemPackages } from './system-packages.mjs';

const BUILD_PACKAGES = [
  'cmake',
  'ninja-build',
  'g++',
  'flatbuffers-compiler',
  'libflatbuffers-dev',
  'libuv1-dev',
  'libssl-dev',
  'libsrtp2-dev',
  'libabsl-dev',
];
/** What one compiler takes at its largest file. */
const BYTES_PER_JOB = 1.5 * 2 ** 30;

/**
 * Builds mediasoup's worker from the sources inside its npm package, on Debian's libraries (mediasoup-worker/).
 * About 75 s on two cores.
 * @param {string} binary the file to write
 * @param {(detail: string) => void} onProgress
 * @throws {SetupError} naming the packages to install, or with the end of the compiler's output
 */
export async function buildWorker(binary, onProgress) {
  const missing = missingBuildPackages();
  if (missing.length > 0) await installSystemPackages(missing, onProgress);
  const work = mkdtempSync(join(tmpdir(), 'xiangbo-media-worker-'));
  try {
    const sources = join(work, 'worker');
    cpSync(join(ROOT, 'node_modules/mediasoup/worker'), sources, { recursive: true });
    correctKernelTlsAnswer(join(sources, 'src/RTC/DtlsTransport.cpp'));
    try {
      await compile(sources, join(work, 'unity'), ['-DWORKER_UNITY=ON'], binary, onProgress);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      // Names that clash between files compiled as one do not clash file by file.
      onProgress('compiling file by file');
      await compile(sources, join(work, 'single'), ['-DWORKER_UNITY=OFF'], binary, onProgress);
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function compile(sources, out, options, binary, onProgress) {
  const project = join(import.meta.dirname, 'mediasoup-worker');
  const definitions = ['-DCMAKE_BUILD_TYPE=Release', `-DWORKER_DIR=${sources}`, ...options];
  await runCommand('cmake', ['-G', 'Ninja', ...definitions, '-S', project, '-B', out]);
  await runCommand('cmake', ['--build', out, '--parallel', String(parallelJobs())], {
    onLine: (line) => {
      const done = /^\[(\d+\/\d+)\]/.exec(line)?.[1];
      if (done) onProgress(`${done} files`);
    },
  });
  copyFileSync(join(out, 'mediasoup-worker'), binary);
}

/** As many compilers as there are cores and memory for. */
export function parallelJobs(cores = availableParallelism(), memoryBytes = totalmem()) {
  return Math.max(1, Math.min(cores, Math.floor(memoryBytes / BYTES_PER_JOB)));
}

/**
 * Debian's OpenSSL has kernel TLS. The worker's BIO callback answers 1 to every finished control call, from which such an
 * OpenSSL concludes that a memory buffer does kernel TLS, and the worker crashes at the first DTLS handshake. The callback
 * should hand back the real result of every finished call, not only of the one whose operation bits are all zero.
 */
function correctKernelTlsAnswer(file) {
  const before = '(operationType == BIO_CB_RETURN) ?';
  const source = readFileSync(file, 'utf8');
  if (!source.includes(before)) {
    throw new Error(
      `${file} changed: look again at how its BIO callback answers control calls, then correct this step`,
    );
  }
  writeFileSync(file, source.replace(before, '((operationType & BIO_CB_RETURN) != 0) ?'));
}

/** Packages of Debian that a build needs and that are not there. Without dpkg (another distribution) nothing is said to be missing, and cmake names what it does not find. */
export function missingBuildPackages() {
  if (!findProgram('dpkg-query')) return [];
  const query = ['-W', '-f', '${Package} ${db:Status-Status}\n', ...BUILD_PACKAGES];
  const { stdout } = spawnSync('dpkg-query', query, { encoding: 'utf8' });
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return BUILD_PACKAGES.filter((name) => !installed.has(`${name} installed`)).map((name) => ({
    name,
    why: 'builds the media worker, where no prebuilt one can be downloaded',
    optional: true,
    isPresent: () => false,
  }));
}
