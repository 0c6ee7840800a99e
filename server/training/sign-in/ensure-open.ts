import { instant, type Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/database/open.ts';
import { HubError } from '../../platform/errors.ts';
import type { SessionRow } from '../store/runs.ts';
import { putFlags } from '../store/signings.ts';
import type { SigningKind } from './code.ts';
import { signingWindow } from './rules.ts';

/**
 * Throws `sign-in.not-open` unless people may be marked as of `atMs`, and by now. That someone tried before the time is
 * kept as a flag for auditors.
 */
export async function ensureOpen(
  { db, clock }: { db: Database; clock: Clock },
  session: SessionRow,
  kind: SigningKind,
  atMs: number,
  personIds: string[],
): Promise<void> {
  const { opensAtMs } = signingWindow(session, kind);
  if (atMs >= opensAtMs && clock.now() >= opensAtMs) return;
  const raisedAt = instant(clock.now());
  const flag = { sessionId: session.id, kind: 'before-opening' as const, amount: null, raisedAt };
  await db.transaction((tx) =>
    putFlags(
      tx,
      personIds.map((personId) => ({ ...flag, personId })),
    ),
  );
  throw new HubError('sign-in.not-open', { params: { opensAt: instant(opensAtMs) } });
}
