import type { Session } from '#lib/api/session.ts';
import { liesIn } from '#lib/identity/regions.ts';

/** Who reads figures (server/platform/access/table.ts: `indicator.read`). */
export const OFFICIAL_ROLES: readonly string[] = [
  'county-official',
  'prefecture-official',
  'auditor',
  'administrator',
];

/** The first of a programme's places that the reader may see; undefined leaves the choice, and the refusal, to the API. */
export function regionShownFirst(session: Session, places: readonly { code: string }[]): string | undefined {
  const held = session.grants.filter(({ role }) => OFFICIAL_ROLES.includes(role));
  return places.find(({ code }) => held.some((grant) => liesIn(code, grant.regionCode)))?.code;
}
