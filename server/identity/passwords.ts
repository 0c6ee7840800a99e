import { hash, verify } from '@node-rs/argon2';

/**
 * argon2id (the library's default kind) with OWASP's first recommendation: 19 MiB, two passes, one lane. About 30 ms
 * on the smallest machine we serve from; the parameters are part of each hash, so they can be raised later.
 */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export const SHORTEST_PASSWORD = 8;
export const LONGEST_PASSWORD = 200;

/** What attackers try first and our own people have been seen to choose. */
const COMMON =
  /^(\d)\1*$|^(0?123456789?0?|12345678.*|87654321|password\d*|qwerty.*|abc12345?6?7?8?|a1234567.*|woaini.*)$/i;

/** Why a password is refused, or undefined. Long is better than odd, so no mix of kinds is asked for. */
export function faultOfPassword(
  password: string,
  username: string,
): 'too_small' | 'too_big' | 'common' | 'like-username' | undefined {
  if (password.length < SHORTEST_PASSWORD) return 'too_small';
  if (password.length > LONGEST_PASSWORD) return 'too_big';
  if (COMMON.test(password)) return 'common';
  return password.toLowerCase() === username ? 'like-username' : undefined;
}

/** The PHC string to keep. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

let nobody: Promise<string> | undefined;

/** Compares in the same time for an account and for none: without a hash, an equally costly one is tried and refused. */
export async function passwordMatches(kept: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('the password of nobody');
  const matches = await verify(kept ?? (await nobody), password);
  return kept !== undefined && matches;
}
