import type { Caller } from '../../platform/access/actor.ts';
import { actorWhoMay, ensureMay, type Circumstances } from '../../platform/access/decide.ts';
import type { Action } from '../../platform/access/table.ts';
import { audit } from '../../platform/audit.ts';
import { instant, type Clock } from '../../platform/clock.ts';
import type { Database, Transaction } from '../../platform/database/open.ts';
import { fieldError, HubError } from '../../platform/errors.ts';
import type { Vault } from '../../platform/vault.ts';
import { circumstancesOf, requireRun } from '../runs.ts';
import { countActiveEnrolments } from '../store/enrolments.ts';
import { findSession, setSessionSignIn, type RunRow, type SessionRow } from '../store/runs.ts';
import { countSignings } from '../store/signings.ts';
import { sealAssist, type Assist } from './assist.ts';
import { NUMBER_SLOT_MS, TOKEN_SLOT_MS, type Codes, type SigningKind } from './code.ts';
import { ensureOpen } from './ensure-open.ts';
import { recordSignings, type NewSigning, type SigningResult } from './record-signings.ts';
import { signingWindow } from './rules.ts';

/** What the trainer's screen shows. `token` and `number` are null outside the time in which one may sign. */
export interface SignInScreen {
  session: {
    id: string;
    runId: string;
    title: string;
    startsAt: string;
    endsAt: string;
    place: string | null;
    asksSignOut: boolean;
    replayCounts: boolean;
    /** Whoever signs in far from here is flagged. */
    hasLocation: boolean;
  };
  runTitle: string;
  kind: SigningKind;
  now: string;
  opensAt: string;
  closesAt: string;
  token: string | null;
  number: string | null;
  /** Until the code, and the number, change. */
  tokenChangesInMs: number;
  numberChangesInMs: number;
  enrolled: number;
  signedIn: number;
  signedOut: number;
}

/** Who marks whom by voice or eye; `signedAt` (ISO text) now when left out. */
export interface RollEntry {
  personId: string;
  signedAt?: string;
}

/** Someone who cannot sign alone: who helped, who saw it, and why. */
export interface AssistedSigning extends Assist {
  personId: string;
  kind: SigningKind;
}

/** What a session asks of those who sign; left out, it stays. `location` null: none. */
export interface SignInSettings {
  asksSignOut?: boolean;
  replayCounts?: boolean;
  location?: { latitude: number; longitude: number } | null;
}

interface DeskParts {
  db: Database;
  clock: Clock;
  vault: Vault;
  codes: Codes;
}

/** What trainers, and those who help, do about signing. */
export function openSignInDesk(parts: DeskParts) {
  const { db, clock, vault, codes } = parts;
  async function requireSession(id: string): Promise<{ session: SessionRow; run: RunRow }> {
    const session = await findSession(db, id);
    if (!session) throw new HubError('not-found');
    return { session, run: await requireRun(db, session.runId) };
  }

  async function sessionFor(caller: Caller, action: Action, id: string) {
    const { session, run } = await requireSession(id);
    const about: Circumstances = circumstancesOf(run, caller);
    return { session, run, actor: actorWhoMay(caller, action, about) };
  }

  return {
    /** The rotating code with its number and the counts. */
    async readScreen(caller: Caller, sessionId: string, kind: SigningKind): Promise<SignInScreen> {
      const { session, run } = await requireSession(sessionId);
      ensureMay(caller, 'attendance.take', circumstancesOf(run, caller));
      const nowMs = clock.now();
      const { opensAtMs, closesAtMs } = signingWindow(session, kind);
      const open = nowMs >= opensAtMs && nowMs <= closesAtMs;
      const [enrolled, signed] = await Promise.all([
        countActiveEnrolments(db, [run.id]),
        countSignings(db, sessionId),
      ]);
      const { id, runId, title, startsAt, endsAt, place, asksSignOut, replayCounts } = session;
      const hasLocation = session.latitude !== null;
      return {
        session: { id, runId, title, startsAt, endsAt, place, asksSignOut, replayCounts, hasLocation },
        runTitle: run.title,
        kind,
        now: instant(nowMs),
        opensAt: instant(opensAtMs),
        closesAt: instant(closesAtMs),
        token: open ? codes.tokenFor(kind, id, nowMs) : null,
        number: open ? codes.numberFor(kind, id, nowMs) : null,
        tokenChangesInMs: TOKEN_SLOT_MS - (nowMs % TOKEN_SLOT_MS),
        numberChangesInMs: NUMBER_SLOT_MS - (nowMs % NUMBER_SLOT_MS),
        enrolled: enrolled.get(run.id) ?? 0,
        signedIn: signed.in,
        signedOut: signed.out,
      };
    },

    /** Changes what the session asks. Whether to sign out is settled once someone is counted. */
    async setSignIn(caller: Caller, sessionId: string, settings: SignInSettings): Promise<void> {
      const { session, run, actor } = await sessionFor(caller, 'attendance.take', sessionId);
      const { location, ...flags } = settings;
      await db.transaction(async (tx) => {
        if (
          flags.asksSignOut !== undefined &&
          flags.asksSignOut !== session.asksSignOut &&
          (await countSignings(tx, sessionId)).in > 0
        )
          throw fieldError('asksSignOut', 'signed-already', 'People have signed in by the present rule');
        const place = location === undefined ? {} : (location ?? { latitude: null, longitude: null });
        await setSessionSignIn(tx, sessionId, { ...flags, ...place });
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'session.sign-in-settings',
          objectKind: 'session',
          objectId: sessionId,
          regionCode: run.regionCode,
          detail: { ...flags, hasLocation: location === undefined ? session.latitude !== null : !!location },
        });
      });
    },

    /** Calls the roll: marks people as present (or gone), all of them in one transaction. */
    async callRoll(
      caller: Caller,
      sessionId: string,
      kind: SigningKind,
      entries: RollEntry[],
    ): Promise<SigningResult[]> {
      const { session, actor } = await sessionFor(caller, 'attendance.take', sessionId);
      const now = instant(clock.now());
      const signings = entries.map(({ personId, signedAt = now }): NewSigning => ({
        personId,
        kind,
        method: 'roll-call',
        signedAt,
        recordedBy: actor.accountId,
      }));
      ensureNotAhead(signings, now);
      const earliest = Math.min(...signings.map((one) => Date.parse(one.signedAt)));
      const personIds = entries.map((entry) => entry.personId);
      await ensureOpen(parts, session, kind, earliest, personIds);
      return db.transaction((tx) => recordSignings(tx, clock, session, kind, signings));
    },

    /** Signs for someone who cannot, with who helped, who saw it and why. */
    async signAssisted(caller: Caller, sessionId: string, input: AssistedSigning): Promise<SigningResult> {
      const { session, run, actor } = await sessionFor(caller, 'attendance.assist', sessionId);
      const { personId, kind, helper, witness } = input;
      if (helper === witness)
        throw fieldError('witness', 'same-as-helper', 'The witness is someone else than the helper');
      if (actor.personId === personId)
        throw fieldError('personId', 'oneself', 'Nobody signs for themselves this way');
      await ensureOpen(parts, session, kind, clock.now(), [personId]);
      const signing: NewSigning = {
        personId,
        kind,
        method: 'assisted',
        signedAt: instant(clock.now()),
        recordedBy: actor.accountId,
        assistSealed: sealAssist(vault, input),
      };
      return db.transaction(async (tx: Transaction) => {
        const [result] = await recordSignings(tx, clock, session, kind, [signing]);
        if (result!.outcome === 'not-enrolled')
          throw new HubError('sign-in.not-enrolled', { params: { runId: run.id } });
        if (result!.outcome === 'not-signed-in') throw new HubError('sign-in.not-signed-in');
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'session.sign-assisted',
          objectKind: 'session',
          objectId: sessionId,
          regionCode: run.regionCode,
          detail: { personId, kind },
        });
        return result!;
      });
    },
  };
}

function ensureNotAhead(signings: NewSigning[], now: string): void {
  const ahead = signings.findIndex((one) => one.signedAt > now);
  if (ahead >= 0) throw fieldError(`entries.${ahead}.signedAt`, 'in-future', 'Nobody has signed by then');
}
