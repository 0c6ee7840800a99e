import { instant, type Clock } from '../../platform/clock.ts';
import type { Caller } from '../../platform/access/actor.ts';
import { ensureMay } from '../../platform/access/decide.ts';
import { openBudget } from '../../platform/budget.ts';
import type { Database } from '../../platform/database/open.ts';
import { fieldError, HubError } from '../../platform/errors.ts';
import type { Vault } from '../../platform/vault.ts';
import type { PeopleDesk } from '../ports.ts';
import { findActiveEnrolment } from '../store/enrolments.ts';
import { findRun, findSession, type SessionRow } from '../store/runs.ts';
import { listSessionsAround } from '../store/sessions-around.ts';
import { listSigningsIn } from '../store/signings.ts';
import type { Codes, SigningKind } from './code.ts';
import { rememberBriefly } from './remember-briefly.ts';
import type { SigningQueue } from './queue.ts';
import type { NewSigning, SigningResult } from './record-signings.ts';
import { FAR_METRES, judgeTime, metresBetween, signingWindow } from './rules.ts';

const MINUTE_MS = 60_000;
const TEN_MINUTES_SECONDS = 600;

/** A trainee's own signature. The token from the QR code, or the number beside it; a phone that was offline sends it later. */
export interface OwnSigning {
  token?: string;
  number?: string;
  /** Sign in or out with a number; a token says it itself. */
  kind?: SigningKind;
  /** When the number was typed, by the phone's clock, where it is sent later. ISO text. */
  typedAt?: string;
  /** For whoever has no account or not this phone: matched with a person who takes part. */
  name?: string;
  phone?: string;
  /** The phone's own random number, made once. */
  deviceId?: string;
  location?: { latitude: number; longitude: number };
}

/** What the signer's page says. */
export interface SignedAnswer {
  kind: SigningKind;
  sessionId: string;
  runId: string;
  sessionTitle: string;
  runTitle: string;
  /** Masked. */
  displayName: string;
  signedAt: string;
  /** It stood already: nothing was counted twice. */
  again: boolean;
  /** It came later than it must; marked as such. */
  late: boolean;
  attendance: SigningResult['attendance'];
}

/** What a code is for, before it is used. */
export interface CodeInfo {
  kind: SigningKind;
  runId: string;
  runTitle: string;
  sessionTitle: string;
  startsAt: string;
  endsAt: string;
  place: string | null;
  /** What it is to the one who asks; null for whoever is not signed in. */
  viewer: { enrolled: boolean; signedAt: string | null } | null;
}

interface SelfParts {
  db: Database;
  clock: Clock;
  vault: Vault;
  people: PeopleDesk;
  codes: Codes;
  queue: SigningQueue;
  /** How long a phone without a network may keep a code. */
  lateMs: number;
}

interface Shown {
  session: SessionRow;
  kind: SigningKind;
  method: 'qr' | 'short-number';
  shownAtMs: number;
  /** The time is the phone's word. */
  claimed: boolean;
}

/** Signing by oneself, with what the trainer's screen shows. */
export function openSelfSigning({ db, clock, vault, people, codes, queue, lateMs }: SelfParts) {
  /** Wrong numbers for one person, wherever they come from: of a million, ten may be tried. */
  const wrongNumbers = openBudget(10, TEN_MINUTES_SECONDS);
  /** Wrong names from one address, behind which a whole village school may sit. */
  const wrongNames = openBudget(300, TEN_MINUTES_SECONDS);

  /** Who signs: those of this name and phone where they are typed, else the caller. A token is no person's presence. */
  async function whoSigns(caller: Caller, input: OwnSigning, clientAddress: string): Promise<string[]> {
    const { name, phone } = input;
    if (name !== undefined || phone !== undefined) {
      if (name === undefined) throw fieldError('name', 'required', 'Name and phone are needed together');
      if (phone === undefined) throw fieldError('phone', 'required', 'Name and phone are needed together');
      await wrongNames.spend(clientAddress);
      const ids = await people.matchPersons(name, phone);
      if (ids.length === 0) throw new HubError('sign-in.nobody');
      await wrongNames.giveBack(clientAddress);
      return ids;
    }
    if (!caller || caller.token) throw fieldError('name', 'required', 'Sign in, or say name and phone');
    return [caller.personId];
  }

  /** A whole class asks for the same session in the same second. */
  const sessionOf = rememberBriefly((id: string) => findSession(db, id), clock);

  async function readToken(token: string): Promise<Shown> {
    const read = codes.readToken(token);
    const session = read && (await sessionOf(read.sessionId));
    if (!read || !session) throw new HubError('sign-in.code-invalid');
    return { session, kind: read.kind, method: 'qr', shownAtMs: read.shownAtMs, claimed: false };
  }

  /** A number is looked for among the sessions of the person's own runs only: it cannot meet another class's. */
  async function readNumber(
    input: { number: string; kind: SigningKind; typedAt?: string },
    personIds: string[],
  ): Promise<Shown> {
    const payer = personIds[0]!;
    await wrongNumbers.spend(payer);
    const atMs = input.typedAt === undefined ? clock.now() : Date.parse(input.typedAt);
    const claimed = input.typedAt !== undefined && clock.now() - atMs > MINUTE_MS;
    const around = { fromMs: atMs - 60 * MINUTE_MS, untilMs: atMs + 60 * MINUTE_MS };
    for (const session of await listSessionsAround(db, personIds, around)) {
      const shownAtMs = codes.numberShownAt(input.number, input.kind, session.id, { atMs, claimed });
      if (shownAtMs === undefined) continue;
      await wrongNumbers.giveBack(payer);
      return { session, kind: input.kind, method: 'short-number', shownAtMs, claimed };
    }
    throw new HubError('sign-in.code-invalid');
  }

  /** Throws unless the code may be used now. True when it comes late. */
  function ensureTimely({ session, kind, shownAtMs }: Shown, nowMs: number): boolean {
    const window = signingWindow(session, kind);
    const timely = judgeTime(window, shownAtMs, nowMs, lateMs);
    if (timely === 'early')
      throw new HubError('sign-in.not-open', { params: { opensAt: instant(window.opensAtMs) } });
    if (timely === 'closed')
      throw new HubError('sign-in.closed', { params: { closedAt: instant(window.closesAtMs) } });
    if (timely === 'too-late') throw new HubError('sign-in.too-late');
    return timely === 'late';
  }

  async function enrolledOne(session: SessionRow, personIds: string[]): Promise<string> {
    if (personIds.length === 1) return personIds[0]!;
    for (const id of personIds) if (await findActiveEnrolment(db, session.runId, id)) return id;
    throw new HubError('sign-in.not-enrolled', { params: { runId: session.runId } });
  }

  function flagsOf(shown: Shown, late: boolean, input: OwnSigning): NewSigning['flags'] {
    const flags: NonNullable<NewSigning['flags']> = [];
    if (late || shown.claimed) {
      const minutes = Math.floor((clock.now() - shown.shownAtMs) / MINUTE_MS);
      flags.push({ kind: 'late-upload', amount: minutes });
    }
    const { latitude, longitude } = shown.session;
    if (input.location && latitude !== null && longitude !== null) {
      const metres = metresBetween({ latitude, longitude }, input.location);
      if (metres > FAR_METRES) flags.push({ kind: 'far-away', amount: metres });
    }
    return flags;
  }

  return {
    /** What a code is for. Throws `sign-in.code-invalid`. */
    async readCode(caller: Caller, token: string): Promise<CodeInfo> {
      ensureMay(caller, 'sign-in.use');
      const { session, kind } = await readToken(token);
      const run = await findRun(db, session.runId);
      if (!run) throw new HubError('sign-in.code-invalid');
      const { startsAt, endsAt, place } = session;
      const about = { kind, runId: run.id, runTitle: run.title, sessionTitle: session.title };
      if (!caller || caller.token) return { ...about, startsAt, endsAt, place, viewer: null };
      const [enrolment, signings] = await Promise.all([
        findActiveEnrolment(db, run.id, caller.personId),
        listSigningsIn(db, session.id, [caller.personId]),
      ]);
      const signedAt = signings.find((one) => one.kind === kind)?.signedAt ?? null;
      return { ...about, startsAt, endsAt, place, viewer: { enrolled: enrolment !== undefined, signedAt } };
    },

    /**
     * Signs with a code that the screen showed. Twice is once, and the first stands. Throws `sign-in.code-invalid`,
     * `.not-open`, `.closed`, `.too-late`, `.not-enrolled`, `.not-signed-in`, `.nobody` or `rate.limited`.
     */
    async signByCode(caller: Caller, input: OwnSigning, clientAddress: string): Promise<SignedAnswer> {
      ensureMay(caller, 'sign-in.use');
      const { token, number, kind = 'in', typedAt } = input;
      if ((token === undefined) === (number === undefined))
        throw fieldError('number', 'required', 'One of the code and the number is needed');
      // The code first: whoever has none learns nothing about names.
      const scanned = token === undefined ? undefined : await readToken(token);
      const personIds = await whoSigns(caller, input, clientAddress);
      const shown = scanned ?? (await readNumber({ number: number!, kind, typedAt }, personIds));
      const nowMs = clock.now();
      const late = ensureTimely(shown, nowMs);
      const { session } = shown;
      const personId = await enrolledOne(session, personIds);
      const { result, runTitle, displayName } = await queue.sign(session.id, shown.kind, {
        personId,
        kind: shown.kind,
        method: shown.method,
        signedAt: instant(late || shown.claimed ? shown.shownAtMs : nowMs),
        recordedBy: caller?.accountId ?? 'self',
        deviceHash: input.deviceId && vault.hash('sign-in.device', input.deviceId),
        flags: flagsOf(shown, late, input),
      });
      if (result.outcome === 'not-enrolled')
        throw new HubError('sign-in.not-enrolled', { params: { runId: session.runId } });
      if (result.outcome === 'not-signed-in') throw new HubError('sign-in.not-signed-in');
      return {
        kind: shown.kind,
        sessionId: session.id,
        runId: session.runId,
        sessionTitle: session.title,
        runTitle,
        displayName,
        signedAt: result.signedAt!,
        again: result.outcome === 'known',
        late: late || shown.claimed,
        attendance: result.attendance,
      };
    },
  };
}
