import type { Database } from './database/open.ts';
import { readSetting, writeSetting } from './settings.ts';
import { fingerprintOf, openVault, type Vault } from './vault.ts';

const KEY = 'vault.fingerprint';

/** Opens the vault of a data directory and holds it to the key its data was first sealed with. */
export async function openDataVault(
  db: Database,
  config: { dataDir: string; dataKey: string | undefined },
): Promise<Vault> {
  const fingerprint = await readSetting<string>(db, KEY);
  const vault = openVault(config.dataDir, config.dataKey, fingerprint);
  if (fingerprint === undefined) await writeSetting(db, KEY, fingerprintOf(vault));
  return vault;
}
