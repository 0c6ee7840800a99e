import { MediaError } from '../media/contract.ts';
import { EnvironmentError, readEnvironment } from './platform/env.ts';
import { decideConfig } from './platform/config.ts';
import { DataDirBusyError, lockDataDir } from './platform/data-lock.ts';
import { WrongInstallationError } from './platform/installation.ts';
import { WrongKeyError } from './platform/vault.ts';
import { openLog } from './platform/log.ts';
import { DatabaseNewerError } from './platform/database/migrate.ts';
import { openHub } from './hub.ts';
import { movableClock } from './sample/movable-clock.ts';
import { startSample } from './sample/start.ts';
import { PortBusyError, serve } from './serve.ts';

/** Faults of the surroundings: said in one sentence, without a stack. */
const KNOWN_FAULTS = [
  EnvironmentError,
  DataDirBusyError,
  DatabaseNewerError,
  WrongInstallationError,
  WrongKeyError,
  PortBusyError,
  MediaError,
];

async function boot(): Promise<void> {
  const config = decideConfig(readEnvironment(), {
    demo: process.argv.includes('--demo'),
    development: process.argv.includes('--development'),
  });
  const log = openLog(config.logLevel);
  await lockDataDir(config.dataDir);
  const clock = movableClock();
  const hub = await openHub({ config, clock, log });
  const sample = config.demo ? await startSample(hub, { clock, password: config.demoPassword }) : undefined;
  const served = await serve(hub, config, log);
  console.log(`Xiangbo 乡播 → ${served.origin}`);
  if (sample) console.log(sample.words);
  const setupToken = await hub.identity.ensureSetupLink();
  if (setupToken)
    console.log(`第一次使用，请打开 · First administrator → ${served.origin}/setup/${setupToken}`);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    served
      .close()
      .then(() => sample?.close(signal))
      .then(() => hub.close(signal))
      .then(
        () => process.exit(0),
        (error: unknown) => {
          log.fatal({ err: error }, 'the hub could not close properly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
}

boot().catch((error: unknown) => {
  const known = KNOWN_FAULTS.some((kind) => error instanceof kind);
  console.error(known ? `\n${(error as Error).message}\n` : error);
  process.exit(1);
});
