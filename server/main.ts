import { MediaError } from '../media/contract.ts';
import { readOptions } from './platform/options.ts';
import { EnvironmentError, readEnvironment } from './platform/env.ts';
import { decideConfig } from './platform/config.ts';
import { DataDirError, lockDataDir } from './platform/data-lock.ts';
import { WrongInstallationError } from './platform/installation.ts';
import { WrongKeyError } from './platform/vault.ts';
import { openLog } from './platform/log.ts';
import { DatabaseNewerError } from './platform/database/migrate.ts';
import { openHub } from './hub.ts';
import { movableClock } from './sample/movable-clock.ts';
import { startSample } from './sample/start.ts';
import { PortBusyError, serve } from './serve.ts';
import { listenToStopSignals, type StopSignals } from './stop-signals.ts';

/** Faults of the surroundings: said in one sentence, without a stack. */
const KNOWN_FAULTS = [
  EnvironmentError,
  DataDirError,
  DatabaseNewerError,
  WrongInstallationError,
  WrongKeyError,
  PortBusyError,
  MediaError,
];

let stopSignals: StopSignals | undefined;

async function boot(): Promise<void> {
  const config = decideConfig(readEnvironment(), readOptions(process.argv.slice(2)));
  const log = openLog(config.logLevel);
  await lockDataDir(config.dataDir);
  // Before anything is opened: the media worker listens too, and would die of a signal under a hub that goes on.
  const stop = listenToStopSignals((error) => log.fatal({ err: error }, 'the hub could not close properly'));
  stopSignals = stop;
  const clock = movableClock();
  const hub = await openHub({ config, clock, log });
  stop.opened('the hub', (reason) => hub.close(reason));
  const sample = config.demo ? await startSample(hub, { clock, password: config.demoPassword }) : undefined;
  if (sample) stop.opened('the sample', (reason) => sample.close(reason));
  await hub.learning.shipCourses();
  const served = await serve(hub, config, log);
  stop.opened('the port', () => served.close());
  console.log(`Xiangbo 乡播 → ${served.origin}`);
  if (sample) console.log(sample.words);
  const setupToken = await hub.identity.ensureSetupLink();
  if (setupToken)
    console.log(`第一次使用，请打开 · First administrator → ${served.origin}/setup/${setupToken}`);
}

boot().catch((error: unknown) => {
  // What was being opened when the stop closed the rest under it: the stop ends the process and reports.
  if (stopSignals?.stopping) return;
  const known = KNOWN_FAULTS.some((kind) => error instanceof kind);
  console.error(known ? `\n${(error as Error).message}\n` : error);
  process.exit(1);
});
