import { eq } from 'drizzle-orm';
import { authSessions, roleGrants } from '../../drizzle/schema/identity.ts';
import type { Hub } from '../../server/hub.ts';
import {
  EVERYWHERE,
  ROLES,
  TOKEN_SCOPES,
  type Actor,
  type Caller,
  type Grant,
  type TokenScope,
} from '../../server/platform/access/actor.ts';
import { signInAs, type Someone } from '../support/sign-in-as.ts';

/** Where every example's thing lies, and where else roles are held. */
export const COUNTY = '533103';
export const SIBLING = '533124';
export const PARENT = '533100';

/** What a request brings to say who it is. */
export interface Credentials {
  cookie?: string;
  token?: string;
}

/** One kind of asker. `actor` is what the table should see; `credentials` makes fresh ones. */
export interface AskerKind {
  name: string;
  /** Who it is, for examples that act on the caller's own things; undefined when nobody is behind it. */
  who?: Someone;
  actor: Caller;
  /** The credentials are dead and, being a bearer token, refused at every door. */
  deadToken?: true;
  credentials(): Promise<Credentials>;
  /** Runs what this asker does while they are who they are, where that holds for the time of asking only. */
  during?<T>(visit: () => Promise<T>): Promise<T>;
}

/** With these the owner made what is theirs. */
const OWNER_GRANTS: Grant[] = [
  { role: 'host', regionCode: COUNTY },
  { role: 'trainer', regionCode: COUNTY },
];

interface Cast {
  owner: Someone;
  member: Someone;
  enrolledOfficial: Someone;
  broadcastId: string;
}

/**
 * Every kind: nobody, dead sessions, each role in three regions, the owner in office and dismissed, members with and
 * without a role, tokens of each scope.
 */
export async function makeAskers(hub: Hub, cast: Cast): Promise<AskerKind[]> {
  const administrator = await signInAs(hub, { roles: [['administrator', COUNTY]] });
  const bystander = await signInAs(hub);
  for (const grant of OWNER_GRANTS) await holdAnyway(hub, cast.owner, grant);
  const official: Grant[] = [{ role: 'county-official', regionCode: COUNTY }];
  for (const grant of official) await holdAnyway(hub, cast.enrolledOfficial, grant);
  const kinds: AskerKind[] = [
    { name: 'anonymous', actor: undefined, credentials: async () => ({}) },
    {
      name: 'expired session',
      who: administrator,
      actor: undefined,
      credentials: async () => {
        const { secret, session } = await hub.identity.systemOnly.openSession(administrator.accountId);
        await hub.db.update(authSessions).set({ expiresAt: 1 }).where(eq(authSessions.id, session.id));
        return { cookie: `xiangbo_session=${secret}` };
      },
    },
    {
      name: 'revoked session',
      who: administrator,
      actor: undefined,
      credentials: async () => {
        const { secret, session } = await hub.identity.systemOnly.openSession(administrator.accountId);
        const caller = { ...actorOf(administrator, []), authSessionId: session.id };
        await hub.identity.signOut(caller);
        return { cookie: `xiangbo_session=${secret}` };
      },
    },
    bySession(hub, 'signed in without a role', bystander, []),
    bySession(hub, 'owner', cast.owner, OWNER_GRANTS),
    {
      ...bySession(hub, 'owner whose roles were revoked', cast.owner, []),
      during: (visit) => withoutRoles(hub, cast.owner, visit),
    },
    bySession(hub, 'member', cast.member, []),
    bySession(hub, 'official who is enrolled', cast.enrolledOfficial, official),
  ];
  for (const role of ROLES)
    for (const [place, regionCode] of [
      ['own', COUNTY],
      ['sibling', SIBLING],
      ['parent', PARENT],
    ] as const) {
      const someone = await signInAs(hub, { homeRegionCode: regionCode });
      // The store's own words: a role may be held where the verb would refuse it (a county official of a prefecture).
      await holdAnyway(hub, someone, { role, regionCode });
      kinds.push(bySession(hub, `${role} of ${place}`, someone, [{ role, regionCode }]));
    }
  const first = await signInAs(hub);
  const everywhere: Grant = { role: 'administrator', regionCode: EVERYWHERE };
  await holdAnyway(hub, first, everywhere);
  kinds.push(bySession(hub, 'administrator of everywhere', first, [everywhere]));
  for (const scope of TOKEN_SCOPES)
    for (const broadcastId of [null, cast.broadcastId, 'another-broadcast']) {
      kinds.push(byToken(hub, 'owner', cast.owner, OWNER_GRANTS, { scope, broadcastId }));
      const grants: Grant[] = [{ role: 'administrator', regionCode: COUNTY }];
      kinds.push(byToken(hub, 'administrator', administrator, grants, { scope, broadcastId }));
    }
  kinds.push(await deadToken(hub, administrator));
  return kinds;
}

export function actorOf(someone: Someone, grants: Grant[]): Actor {
  return { accountId: someone.accountId, personId: someone.personId, grants };
}

function bySession(hub: Hub, name: string, who: Someone, grants: Grant[]): AskerKind {
  return {
    name,
    who,
    actor: actorOf(who, grants),
    credentials: async () => {
      const { secret } = await hub.identity.systemOnly.openSession(who.accountId);
      return { cookie: `xiangbo_session=${secret}` };
    },
  };
}

function byToken(
  hub: Hub,
  whose: string,
  who: Someone,
  grants: Grant[],
  cut: { scope: TokenScope; broadcastId: string | null },
): AskerKind {
  const request = { scope: cut.scope, broadcastId: cut.broadcastId ?? undefined };
  const to =
    cut.broadcastId === null ? '' : cut.broadcastId === 'another-broadcast' ? ' of another' : ' of this';
  return {
    name: `${cut.scope} token${to} of ${whose}`,
    who,
    actor: { ...actorOf(who, grants), token: { id: 'token', ...cut, expiresAt: '9999-01-01T00:00:00.000Z' } },
    credentials: async () => ({
      token: (await hub.identity.issueToken(actorOf(who, grants), request)).token,
    }),
  };
}

async function deadToken(hub: Hub, who: Someone): Promise<AskerKind> {
  const { id, token } = await hub.identity.issueToken(actorOf(who, []), { scope: 'integration' });
  await hub.identity.revokeToken(actorOf(who, []), id);
  return {
    name: 'revoked token',
    actor: undefined,
    deadToken: true,
    credentials: async () => ({ token }),
  };
}

/** Every standing role of someone is revoked while `visit` runs. */
async function withoutRoles<T>(hub: Hub, someone: Someone, visit: () => Promise<T>): Promise<T> {
  const setRevoked = (revokedAt: string | null) =>
    hub.db.update(roleGrants).set({ revokedAt }).where(eq(roleGrants.accountId, someone.accountId));
  await setRevoked(new Date().toISOString());
  try {
    return await visit();
  } finally {
    await setRevoked(null);
  }
}

async function holdAnyway(hub: Hub, someone: Someone, grant: Grant): Promise<void> {
  await hub.db.insert(roleGrants).values({
    id: crypto.randomUUID(),
    accountId: someone.accountId,
    ...grant,
    grantedAt: new Date().toISOString(),
  });
}
