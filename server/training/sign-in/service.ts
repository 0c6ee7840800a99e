import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/open.ts';
import type { Vault } from '../../platform/vault.ts';
import type { Regions } from '../../regions/service.ts';
import type { PeopleDesk } from '../ports.ts';
import { openCodes } from './code.ts';
import { openSignInDesk } from './desk.ts';
import { openSigningQueue } from './queue.ts';
import { openRoll } from './roll.ts';
import { openSheets } from './sheets.ts';
import { openSelfSigning } from './self.ts';

const HOUR_MS = 3_600_000;

/** Signing in and out of sessions: by the code on the screen, by roll-call, by paper and with help. */
export function openSigning(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  people: PeopleDesk;
  regions: Regions;
  signInLateHours: number;
  sheetsDir: string;
}) {
  const codes = openCodes(parts.vault);
  const queue = openSigningQueue(parts);
  return {
    ...openSelfSigning({ ...parts, codes, queue, lateMs: parts.signInLateHours * HOUR_MS }),
    ...openSignInDesk({ ...parts, codes }),
    ...openRoll(parts),
    ...openSheets(parts),
  };
}
