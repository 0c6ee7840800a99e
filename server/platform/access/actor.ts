/** What a person may hold for a region. Each role sees the region's whole subtree. */
export const ROLES = [
  'trainee',
  'host',
  'trainer',
  'station',
  'base',
  'county-official',
  'prefecture-official',
  'auditor',
  'administrator',
] as const;
export type Role = (typeof ROLES)[number];

/** The whole hub as a region: its code is a prefix of every code. Only the first administrator is given it. */
export const EVERYWHERE = '000000';

export interface Grant {
  role: Role;
  regionCode: string;
}

export const TOKEN_SCOPES = ['publish', 'play', 'integration'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

/** Someone signed in. A token is its account cut by its scope and, where given, one broadcast. */
export interface Actor {
  accountId: string;
  personId: string;
  grants: readonly Grant[];
  /** The sign-in session, when it is one; revoking it ends its sockets. */
  authSessionId?: string;
  token?: { id: string; scope: TokenScope; broadcastId: string | null; expiresAt: string };
}

/** Whoever asks: someone signed in, or undefined. */
export type Caller = Actor | undefined;

/** `533103` of a county, `5331` of a prefecture, '' of everywhere: what every code of its subtree begins with. */
export function subtreePrefix(regionCode: string): string {
  return regionCode.length > 6 ? regionCode : regionCode.replace(/(00)+$/, '');
}

/** True when `inner` is `outer` or lies under it. Codes are GB/T 2260, where a child's code begins with its parent's. */
export function regionCovers(outer: string, inner: string): boolean {
  return inner.startsWith(subtreePrefix(outer));
}

/** The region prefixes in which the actor holds one of the roles; an empty prefix means everywhere. */
export function prefixesHeld(actor: Caller, roles: readonly Role[]): string[] {
  return (actor?.grants ?? []).filter((g) => roles.includes(g.role)).map((g) => subtreePrefix(g.regionCode));
}
