import type { Session } from '#lib/api/session.ts';
import { m } from '#lib/paraglide/messages.js';

export type Role = Session['grants'][number]['role'];

/** Each role as people call it, in the order in which it is offered. */
export const ROLE_WORDS = {
  trainee: m.identity_role_trainee,
  host: m.identity_role_host,
  trainer: m.identity_role_trainer,
  station: m.identity_role_station,
  base: m.identity_role_base,
  'county-official': m.identity_role_county_official,
  'prefecture-official': m.identity_role_prefecture_official,
  auditor: m.identity_role_auditor,
  administrator: m.identity_role_administrator,
} as const satisfies Record<Role, () => string>;

export const ROLES = Object.keys(ROLE_WORDS) as Role[];

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLE_WORDS, text);
}
