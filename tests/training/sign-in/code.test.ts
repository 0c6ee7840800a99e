import { describe, expect, it } from 'vitest';
import { vaultOf } from '../../../server/platform/vault.ts';
import { NUMBER_SLOT_MS, openCodes, TOKEN_SLOT_MS } from '../../../server/training/sign-in/code.ts';

const SESSION = '0195c3a0-1111-7222-8333-444455556666';
const OTHER = '0195c3a0-1111-7222-8333-444455556667';
const codes = openCodes(vaultOf(Buffer.alloc(32, 7)));
const AT = Date.parse('2026-11-25T02:00:00.000Z');

describe('the code on the screen', () => {
  it('says its session, its kind and when it was shown, and changes every 15 seconds', () => {
    const token = codes.tokenFor('in', SESSION, AT + 3_000);
    expect(token).toMatch(/^[\w-]{46}$/);
    expect(codes.readToken(token)).toEqual({ kind: 'in', sessionId: SESSION, shownAtMs: AT });
    expect(codes.tokenFor('in', SESSION, AT + TOKEN_SLOT_MS - 1)).toBe(token);
    expect(codes.tokenFor('in', SESSION, AT + TOKEN_SLOT_MS)).not.toBe(token);
    expect(codes.readToken(codes.tokenFor('out', SESSION, AT))?.kind).toBe('out');
  });

  it('is nothing once a character of it is another, or the key is', () => {
    const token = codes.tokenFor('in', SESSION, AT);
    for (let at = 0; at < token.length; at += 1) {
      const letter = token[at] === 'a' ? 'b' : 'a';
      const changed = token.slice(0, at) + letter + token.slice(at + 1);
      // Two base64url endings can say the same bytes: then it is the same session still.
      const read = codes.readToken(changed);
      if (read) expect([at, read.sessionId]).toEqual([22, SESSION]);
    }
    expect(openCodes(vaultOf(Buffer.alloc(32, 8))).readToken(token)).toBeUndefined();
    for (const words of ['', 'i', '../../etc/passwd', `${token}a`, token.toUpperCase()])
      expect(codes.readToken(words)).toBeUndefined();
  });

  it('has a number beside it that is right for a minute or two, and a minute about a phone’s own clock', () => {
    const number = codes.numberFor('in', SESSION, AT);
    expect(number).toMatch(/^\d{6}$/);
    const shown = (atMs: number, claimed: boolean) =>
      codes.numberShownAt(number, 'in', SESSION, { atMs, claimed });
    expect(shown(AT + 2 * NUMBER_SLOT_MS - 1, false)).toBe(AT);
    expect(shown(AT + 2 * NUMBER_SLOT_MS, false)).toBeUndefined();
    expect(shown(AT - 1, false)).toBeUndefined();
    expect(shown(AT - 1, true)).toBe(AT);
    expect(codes.numberShownAt(number, 'out', SESSION, { atMs: AT, claimed: false })).toBeUndefined();
    expect(codes.numberShownAt(number, 'in', OTHER, { atMs: AT, claimed: false })).toBeUndefined();
  });
});
