import { createHash, timingSafeEqual } from 'node:crypto';
import type { Vault } from '../../platform/vault.ts';

/** What a code signs: coming or going. */
export type SigningKind = 'in' | 'out';

/** The QR code changes so often; a photo of it passed on is soon old. */
export const TOKEN_SLOT_MS = 15_000;
/** The number beside it is typed, and changes less often. */
export const NUMBER_SLOT_MS = 60_000;

const MAC_LENGTH = 16;
const SLOT_LENGTH = 7;
const SHAPE = /^([io])([\w-]{22})([0-9a-z]{7})([\w-]{16})$/;

/** What a token says. `shownAtMs`: when the screen began to show it, which no phone can claim differently. */
export interface ReadToken {
  kind: SigningKind;
  sessionId: string;
  shownAtMs: number;
}

/**
 * The codes that a session's screen shows. They follow from the session, the time and the hub's key alone: nothing is
 * stored, and nobody without the key can make the one of another time.
 */
export function openCodes(vault: Pick<Vault, 'hash'>) {
  const macOf = (kind: SigningKind, sessionId: string, slot: number) =>
    vault.hash('sign-in.token', `${kind}\0${sessionId}\0${slot}`).slice(0, MAC_LENGTH);

  function numberAt(kind: SigningKind, sessionId: string, slot: number): string {
    const mac = Buffer.from(vault.hash('sign-in.number', `${kind}\0${sessionId}\0${slot}`), 'base64url');
    return String(mac.readUIntBE(0, 6) % 1_000_000).padStart(6, '0');
  }

  return {
    /** 46 characters that fit an address; `sessionId` is a UUID. */
    tokenFor(kind: SigningKind, sessionId: string, nowMs: number): string {
      const slot = Math.floor(nowMs / TOKEN_SLOT_MS);
      const id = Buffer.from(sessionId.replaceAll('-', ''), 'hex').toString('base64url');
      const when = slot.toString(36).padStart(SLOT_LENGTH, '0');
      return `${kind === 'in' ? 'i' : 'o'}${id}${when}${macOf(kind, sessionId, slot)}`;
    },

    /** Undefined for anything this hub never showed. */
    readToken(token: string): ReadToken | undefined {
      const parts = SHAPE.exec(token);
      if (!parts) return undefined;
      const [, letter, id, when, mac] = parts as unknown as [string, string, string, string, string];
      const kind = letter === 'i' ? 'in' : 'out';
      const sessionId = uuidOf(id);
      const slot = Number.parseInt(when, 36);
      return same(mac, macOf(kind, sessionId, slot))
        ? { kind, sessionId, shownAtMs: slot * TOKEN_SLOT_MS }
        : undefined;
    },

    /** Six digits for whoever cannot scan. */
    numberFor: (kind: SigningKind, sessionId: string, nowMs: number): string =>
      numberAt(kind, sessionId, Math.floor(nowMs / NUMBER_SLOT_MS)),

    /** When the session showed this number: at `atMs` or one change before, or one after where `atMs` is a phone's clock. */
    numberShownAt(
      number: string,
      kind: SigningKind,
      sessionId: string,
      at: { atMs: number; claimed: boolean },
    ): number | undefined {
      const slot = Math.floor(at.atMs / NUMBER_SLOT_MS);
      const found = (at.claimed ? [slot, slot - 1, slot + 1] : [slot, slot - 1]).find((one) =>
        same(number, numberAt(kind, sessionId, one)),
      );
      return found === undefined ? undefined : found * NUMBER_SLOT_MS;
    },
  };
}

export type Codes = ReturnType<typeof openCodes>;

function uuidOf(base64url: string): string {
  const hex = Buffer.from(base64url, 'base64url').toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** Compares without telling by its time how much was right. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
