import { auditLog } from '../../drizzle/schema/platform.ts';
import { instant, type Clock } from './clock.ts';
import type { Reader } from './database/open.ts';
import { newId } from './ids.ts';

/** Something a person did that someone may ask about later. `detail` carries no personal data. */
export interface AuditEntry {
  actorAccountId: string | null;
  action: string;
  objectKind: string;
  objectId: string;
  regionCode?: string;
  reason?: string;
  detail?: Record<string, unknown>;
}

/** Appends to the audit log, in the transaction of the deed where there is one. */
export async function audit(db: Reader, clock: Clock, entry: AuditEntry): Promise<void> {
  await db.insert(auditLog).values({ id: newId<'audit'>(), at: instant(clock.now()), ...entry });
}
