import { MediaError } from '../media/contract.ts';
import { EnvironmentError, readEnvironment } from './platform/env.ts';
import { decideConfig } from './platform/config.ts';
import { systemClock } from './platform/clock.ts';
import { openLog } from './platform/log.ts';
import { DatabaseNewerError } from './platform/database/migrate.ts';
import { openHub } from './hub.ts';
import { PortBusyError, serve } from './serve.ts';

/** Faults of the surroundings: said in one sentence, without a stack. */
const KNOWN_FAULTS = [EnvironmentError, DatabaseNewerError, PortBusyError, MediaError];

async function boot(): Promise<void> {
  const config = decideConfig(readEnvironment(), {
    demo: process.argv.includes('--demo'),
    development: process.argv.includes('--development'),
  });
  const log = openLog(config.logLevel);
  const hub = await openHub({ config, clock: systemClock, log });
  const served = await serve(hub, config, log);
  console.log(`Xiangbo 乡播 → ${served.origin}`);
  const setupToken = await hub.identity.ensureSetupLink();
  if (setupToken)
    console.log(`第一次使用，请打开 · First administrator → ${served.origin}/setup/${setupToken}`);

  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    served
      .close()
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
