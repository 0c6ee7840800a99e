import type { AttendanceMethod } from '../store/attendances.ts';
import type { SigningKind } from './code.ts';

/** The rule by which a signature becomes attendance; a change is a new version. */
export const SIGN_IN = { rule: 'sign-in', version: 1 } as const;

const MINUTE_MS = 60_000;
/** Sign-in opens so long before the session; sign-out stays open so long after it. */
const OPENS_BEFORE_MS = 30 * MINUTE_MS;
const CLOSES_AFTER_MS = 30 * MINUTE_MS;
/** So long after it was shown a code is used as a matter of course: a name and a phone have to be typed. */
export const FRESH_MS = 90_000;
/** So far from the place (metres) a phone's word on where it is is worth a flag. */
export const FAR_METRES = 1000;
/** Methods by which a person vouches for another: they may put right what was voided. */
const VOUCHED: readonly AttendanceMethod[] = ['roll-call', 'paper', 'assisted'];

export function isVouched(method: AttendanceMethod): boolean {
  return VOUCHED.includes(method);
}

interface SessionTimes {
  startsAt: string;
  endsAt: string;
}

/** When one may sign in (from half an hour before until the end) or out (from the start until half an hour after the end). */
export function signingWindow(
  session: SessionTimes,
  kind: SigningKind,
): { opensAtMs: number; closesAtMs: number } {
  const [startMs, endMs] = [Date.parse(session.startsAt), Date.parse(session.endsAt)];
  return kind === 'in'
    ? { opensAtMs: startMs - OPENS_BEFORE_MS, closesAtMs: endMs }
    : { opensAtMs: startMs, closesAtMs: endMs + CLOSES_AFTER_MS };
}

export type Timeliness = 'early' | 'fresh' | 'late' | 'too-late' | 'closed';

/**
 * Judges a code shown at `shownAtMs` that comes at `nowMs`. What was shown outside the window counts never; what comes
 * later than it must, but within `lateMs`, was kept by a phone without a network and is marked.
 */
export function judgeTime(
  window: { opensAtMs: number; closesAtMs: number },
  shownAtMs: number,
  nowMs: number,
  lateMs: number,
): Timeliness {
  // A code shown when the window opened began to be shown a little before.
  if (shownAtMs + MINUTE_MS <= window.opensAtMs || shownAtMs > nowMs + MINUTE_MS) return 'early';
  if (shownAtMs > window.closesAtMs) return 'closed';
  const ageMs = nowMs - shownAtMs;
  if (ageMs <= FRESH_MS) return 'fresh';
  return ageMs <= lateMs ? 'late' : 'too-late';
}

/** The stretch a person was there, by their signatures: within the session, to its end where they did not sign out. */
export function presenceBySignatures(
  session: SessionTimes,
  inAt: string,
  outAt: string | undefined,
): { presentFrom: string; presentUntil: string; effectiveSeconds: number } {
  const presentFrom = inAt > session.startsAt ? inAt : session.startsAt;
  const left = outAt !== undefined && outAt < session.endsAt ? outAt : session.endsAt;
  const presentUntil = left > presentFrom ? left : presentFrom;
  const effectiveSeconds = Math.floor((Date.parse(presentUntil) - Date.parse(presentFrom)) / 1000);
  return { presentFrom, presentUntil, effectiveSeconds };
}

interface Point {
  latitude: number;
  longitude: number;
}

const EARTH_RADIUS_METRES = 6_371_000;

/** Metres between two places, over the globe. */
export function metresBetween(a: Point, b: Point): number {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const north = Math.sin(radians(b.latitude - a.latitude) / 2);
  const east = Math.sin(radians(b.longitude - a.longitude) / 2);
  const chord = north ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * east ** 2;
  return Math.round(2 * EARTH_RADIUS_METRES * Math.asin(Math.min(1, Math.sqrt(chord))));
}
