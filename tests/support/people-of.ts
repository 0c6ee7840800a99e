import { join } from 'node:path';
import { openIdentity } from '../../server/identity/service.ts';
import { systemClock } from '../../server/platform/clock.ts';
import { openDatabase } from '../../server/platform/database/open.ts';
import { openVault } from '../../server/platform/vault.ts';
import { openRegions } from '../../server/regions/service.ts';
import { signInAs, type Someone } from './sign-in-as.ts';

/** Makes people in a hub that runs as another process, beside it on the same files. */
export async function peopleOf<Names extends string>(
  dataDir: string,
  wanted: Record<Names, Parameters<typeof signInAs>[1]>,
): Promise<Record<Names, Someone>> {
  const db = await openDatabase(`file:${join(dataDir, 'hub.db')}`);
  const vault = openVault(dataDir, undefined);
  const regions = openRegions({ db, clock: systemClock });
  const identity = openIdentity({ db, clock: systemClock, vault, regions });
  try {
    const made = {} as Record<Names, Someone>;
    for (const name of Object.keys(wanted) as Names[])
      made[name] = await signInAs({ identity }, wanted[name]);
    return made;
  } finally {
    await db.close();
  }
}
