import type { Role } from '../../server/platform/access/actor.ts';
import type { Hub } from '../../server/hub.ts';

/** Someone for a test: an account with its session, ready to ask with. */
export interface Someone {
  accountId: string;
  personId: string;
  username: string;
  /** A `Cookie` header's value. */
  cookie: string;
}

export const TEST_PASSWORD = 'coffee and rice';
let passwordHash: Promise<string> | undefined;
let made = 0;

/** Makes a person with an account, roles (`[role, regionCode]`) and a session. Skips the cost of a password at each. */
export async function signInAs(
  { identity }: Pick<Hub, 'identity'>,
  options: {
    roles?: [Role, string][];
    name?: string;
    username?: string;
    homeRegionCode?: string;
    phone?: string;
    verified?: boolean;
  } = {},
): Promise<Someone> {
  const { roles = [], name = '岩罕亮', username = `someone-${(made += 1)}`, phone } = options;
  passwordHash ??= identity.systemOnly.hashPassword(TEST_PASSWORD);
  const personId = await identity.systemOnly.createPerson({
    name,
    phone,
    homeRegionCode: options.homeRegionCode ?? '533103',
    verifiedBy: options.verified ? 'village-roster' : undefined,
  });
  const account = { username, passwordHash: await passwordHash };
  const accountId = await identity.systemOnly.createAccountFor(personId, account);
  for (const [role, regionCode] of roles) await identity.systemOnly.giveRole(accountId, role, regionCode);
  const { secret } = await identity.systemOnly.openSession(accountId);
  return { accountId, personId, username, cookie: `xiangbo_session=${secret}` };
}
