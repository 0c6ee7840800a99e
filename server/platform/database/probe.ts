import { faultWords } from '../fault.ts';
import { listParked } from '../outbox/consumer.ts';
import type { ReadinessCheck } from '../readiness.ts';
import type { Database } from './open.ts';

/** Whether the database answers, and whether all news has been applied. */
export async function probeDatabase(db: Database): Promise<ReadinessCheck[]> {
  try {
    const parked = await listParked(db);
    return [
      { name: 'database', ok: db.fault() === undefined, detail: db.fault() },
      parked.length === 0
        ? { name: 'outbox', ok: true }
        : {
            name: 'outbox',
            ok: false,
            detail: `${parked.length} event(s) could not be applied; see the log`,
          },
    ];
  } catch (error) {
    return [{ name: 'database', ok: false, detail: faultWords(error) }];
  }
}
