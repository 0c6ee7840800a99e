import { instant, type Clock } from '../../platform/clock.ts';
import type { Transaction } from '../../platform/database/open.ts';
import { newId } from '../../platform/ids.ts';
import { tell } from '../events.ts';
import { recordAttendances, retryRefused, type Outcome, type Presence } from '../record-attendance.ts';
import { reachesThreshold } from '../rules.ts';
import { listAttendancesIn, setAttendanceVoided, type AttendanceRow } from '../store/attendances.ts';
import { listActiveEnrolmentsAmong } from '../store/enrolments.ts';
import type { SessionRow } from '../store/runs.ts';
import {
  insertSignings,
  listSharers,
  listSigningsIn,
  putFlags,
  type FlagRow,
  type SigningRow,
} from '../store/signings.ts';
import { isVouched, presenceBySignatures } from './rules.ts';

/** Why a signature that was taken back by an early departure stands voided; shown in the reader's language. */
export const LEFT_EARLY = 'left-early';

/** A signature to be recorded. Flags are what is odd about it by itself. */
export interface NewSigning {
  personId: string;
  kind: SigningRow['kind'];
  method: SigningRow['method'];
  /** ISO text: when it was true. */
  signedAt: string;
  recordedBy: string;
  deviceHash?: string;
  sheetPhotoId?: string;
  assistSealed?: string;
  flags?: { kind: FlagRow['kind']; amount: number | null }[];
}

/** What became of a signature. `known`: it stood already, and nothing was written. */
export interface SigningResult {
  personId: string;
  outcome: 'signed' | 'known' | 'not-enrolled' | 'not-signed-in';
  /** When it was signed first. */
  signedAt: string | null;
  /** What followed for the attendance; null while a sign-out is awaited or nothing was written. */
  attendance: Outcome | 'awaits-sign-out' | 'left-early' | null;
}

/**
 * Records signatures of one kind in one session and the attendance that follows. A person signs once; again, the first
 * stands. Answers in the order asked.
 */
export async function recordSignings(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  kind: SigningRow['kind'],
  asked: NewSigning[],
): Promise<SigningResult[]> {
  const ids = [...new Set(asked.map((one) => one.personId))];
  const enrolled = new Map(
    (await listActiveEnrolmentsAmong(tx, session.runId, ids)).map((row) => [row.personId, row.enrolledAt]),
  );
  const standing = await listSigningsIn(tx, session.id, ids);
  const signedIn = new Map(standing.filter((row) => row.kind === 'in').map((row) => [row.personId, row]));
  const signed = new Map(standing.filter((row) => row.kind === kind).map((row) => [row.personId, row]));
  const recordedAt = instant(clock.now());
  const rows: SigningRow[] = [];
  const results = asked.map((one): SigningResult => {
    const { personId } = one;
    const before = signed.get(personId);
    const answer = (outcome: SigningResult['outcome'], signedAt: string | null): SigningResult => ({
      personId,
      outcome,
      signedAt,
      attendance: null,
    });
    if (before) return answer('known', before.signedAt);
    const enrolledAt = enrolled.get(personId);
    // Who enrols after the session is over was not there by their own word.
    if (enrolledAt === undefined || (!isVouched(one.method) && enrolledAt > session.endsAt))
      return answer('not-enrolled', null);
    if (kind === 'out' && !signedIn.has(personId)) return answer('not-signed-in', null);
    const row = asRow(session, kind, one, recordedAt);
    rows.push(row);
    signed.set(personId, row);
    return answer('signed', row.signedAt);
  });
  await insertSignings(tx, rows);
  const attendance =
    kind === 'in'
      ? await countSignedIn(tx, clock, session, rows)
      : await countSignedOut(tx, clock, session, rows, signedIn);
  await raiseFlags(tx, session.id, asked, rows, recordedAt);
  const written = new Set(rows.map((row) => row.personId));
  return results.map((result) =>
    written.delete(result.personId)
      ? { ...result, attendance: attendance.get(result.personId) ?? null }
      : { ...result, outcome: result.outcome === 'signed' ? 'known' : result.outcome },
  );
}

type Attendance = Map<string, SigningResult['attendance']>;

async function countSignedIn(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  rows: SigningRow[],
): Promise<Attendance> {
  if (session.asksSignOut) return new Map(rows.map((row) => [row.personId, 'awaits-sign-out']));
  const presences = rows.map((row) => asPresence(session, row, undefined));
  return recordAttendances(tx, clock, session, presences);
}

/**
 * Whoever signs out is counted now where the session asks for it; elsewhere they are counted already, and one who left
 * too early is not any more.
 */
async function countSignedOut(
  tx: Transaction,
  clock: Clock,
  session: SessionRow,
  outs: SigningRow[],
  signedIn: ReadonlyMap<string, SigningRow>,
): Promise<Attendance> {
  const presences = outs.map((out) => asPresence(session, signedIn.get(out.personId)!, out));
  if (session.asksSignOut) return recordAttendances(tx, clock, session, presences);
  const ids = outs.map((out) => out.personId);
  const counted = (await listAttendancesIn(tx, session.id, ids)).filter((row) => row.voidedAt === null);
  const outcomes: Attendance = new Map();
  for (const presence of presences) {
    const row = counted.find((one) => one.personId === presence.personId);
    const enough = reachesThreshold(presence.effectiveSeconds, session.thresholdMinutes);
    outcomes.set(presence.personId, enough ? 'known' : 'left-early');
    if (!row || row.method === 'live-presence' || row.method === 'replay') continue;
    if (!enough) await voidLeftEarly(tx, clock, row, presence.recordedBy);
    await retryRefused(tx, clock, row.id);
  }
  return outcomes;
}

async function voidLeftEarly(
  tx: Transaction,
  clock: Clock,
  row: AttendanceRow,
  recordedBy: string,
): Promise<void> {
  const voidedAt = instant(clock.now());
  await setAttendanceVoided(tx, row.id, { voidedAt, voidedBy: recordedBy, voidReason: LEFT_EARLY });
  await tell(tx, 'training.attendance-voided', { attendanceId: row.id, voidedAt }, voidedAt);
  const flag = { sessionId: row.sessionId, personId: row.personId, kind: 'left-early' as const };
  await putFlags(tx, [{ ...flag, amount: null, raisedAt: voidedAt }]);
}

function asPresence(session: SessionRow, signedIn: SigningRow, out: SigningRow | undefined): Presence {
  const stretch = presenceBySignatures(session, signedIn.signedAt, out?.signedAt);
  const { personId, method } = signedIn;
  const { recordedBy } = out ?? signedIn;
  return { personId, method, recordedBy, ...stretch, occurredAt: stretch.presentFrom };
}

async function raiseFlags(
  tx: Transaction,
  sessionId: string,
  asked: NewSigning[],
  rows: SigningRow[],
  raisedAt: string,
): Promise<void> {
  const written = new Set(rows.map((row) => row.personId));
  const own = asked
    .filter((one) => written.has(one.personId))
    .flatMap((one) => (one.flags ?? []).map((flag) => ({ ...flag, personId: one.personId })));
  const devices = [...new Set(rows.flatMap((row) => row.deviceHash ?? []))];
  const shared = (await listSharers(tx, sessionId, devices)).map(({ personId, people }) => ({
    personId,
    kind: 'shared-phone' as const,
    amount: people,
  }));
  await putFlags(
    tx,
    [...own, ...shared].map((flag) => ({ ...flag, sessionId, raisedAt })),
  );
}

function asRow(
  session: SessionRow,
  kind: SigningRow['kind'],
  signing: NewSigning,
  recordedAt: string,
): SigningRow {
  const { personId, method, signedAt, recordedBy } = signing;
  return {
    id: newId<'signing'>(),
    sessionId: session.id,
    ...{ personId, kind, method, signedAt, recordedAt, recordedBy },
    deviceHash: signing.deviceHash ?? null,
    sheetPhotoId: signing.sheetPhotoId ?? null,
    assistSealed: signing.assistSealed ?? null,
    voidedAt: null,
  };
}
