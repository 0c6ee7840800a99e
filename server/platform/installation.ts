import type { Database } from './database/open.ts';
import { readSetting, writeSetting } from './settings.ts';

const KEY = 'installation';

/** What a data directory holds. `sample-filling`: the sample was begun and not finished. */
export type Installation = 'new' | 'real' | 'sample-filling' | 'sample';

/** The data directory holds the other kind of data: the sample and real data are never mixed. */
export class WrongInstallationError extends Error {}

export function markInstallation(db: Database, installation: Installation): Promise<void> {
  return writeSetting(db, KEY, installation);
}

/**
 * Decides whether this start may use the data directory, and marks a new one for good.
 * Throws {@link WrongInstallationError} with what to do.
 */
export async function claimInstallation(
  db: Database,
  wanted: { demo: boolean; dataDir: string },
): Promise<Installation> {
  const found = (await readSetting<Installation>(db, KEY)) ?? 'new';
  if (wanted.demo && found === 'real')
    throw new WrongInstallationError(
      `${wanted.dataDir} holds real data; the sample is never mixed with it. Choose an empty directory: DATA_DIR=./sample-data npm start -- --demo`,
    );
  if (!wanted.demo && (found === 'sample' || found === 'sample-filling'))
    throw new WrongInstallationError(
      `${wanted.dataDir} holds the sample. Start it with: npm start -- --demo, or choose an empty directory for real data: DATA_DIR=./my-data npm start`,
    );
  if (found === 'sample-filling')
    throw new WrongInstallationError(
      `The sample in ${wanted.dataDir} was begun and not finished. Remove that directory and start again: npm start -- --demo`,
    );
  if (found === 'new' && !wanted.demo) await markInstallation(db, 'real');
  return found;
}
