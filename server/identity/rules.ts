import { EVERYWHERE, regionCovers, type Caller, type Grant, type Role } from '../platform/access/actor.ts';
import { may } from '../platform/access/decide.ts';
import type { RegionLevel } from '../regions/rules.ts';

/** The level `everywhere` belongs to the hub as a whole (`000000`), which is no region of the map. */
export type GrantLevel = RegionLevel | 'everywhere';

/** Where a role can be held at all: an official's office is of one level, a station serves a place, the rest may be anywhere. */
const LEVELS_OF_ROLE: Record<Role, readonly GrantLevel[] | 'any'> = {
  trainee: 'any',
  host: 'any',
  trainer: 'any',
  station: ['county', 'township', 'village'],
  base: ['prefecture', 'county'],
  'county-official': ['county'],
  'prefecture-official': ['prefecture'],
  auditor: ['everywhere', 'prefecture', 'county'],
  administrator: ['everywhere', 'prefecture', 'county'],
};

/** True when the role can be held for a region of that level. */
export function roleFitsLevel(role: Role, level: GrantLevel): boolean {
  const levels = LEVELS_OF_ROLE[role];
  return levels === 'any' ? level !== 'everywhere' : levels.includes(level);
}

/** Roles with which nothing can be taken over by recovering the password of their holder. */
const PLAIN_ROLES: readonly Role[] = ['trainee', 'host'];

/**
 * True when the caller may hand out a code that resets this account's password, beyond having the person in the region:
 * it must not raise the caller. Stations and trainers answer for trainees and hosts; an administrator for all
 * whose every role lies in the administrator's own subtree.
 */
export function mayResetHolderOf(caller: Caller, target: readonly Grant[]): boolean {
  if (target.every((grant) => PLAIN_ROLES.includes(grant.role))) return true;
  const own = (caller?.grants ?? []).filter((grant) => grant.role === 'administrator');
  return target.every((grant) => own.some((mine) => regionCovers(mine.regionCode, grant.regionCode)));
}

/** True for the grant without which nobody could put the hub in order. */
export function holdsTheHub(grant: Grant): boolean {
  return grant.role === 'administrator' && grant.regionCode === EVERYWHERE;
}

/** Which parts of the hub a page offers; the doors behind decide again. */
export interface Sections {
  learn: boolean;
  teach: boolean;
  broadcast: boolean;
  people: boolean;
  /** Making one of two persons. */
  merging: boolean;
  programme: boolean;
  administration: boolean;
}

export function sectionsFor(caller: Caller): Sections {
  return {
    learn: may(caller, 'learning.own'),
    teach: may(caller, 'run.create'),
    broadcast: may(caller, 'broadcast.create'),
    people: may(caller, 'person.list'),
    merging: may(caller, 'person.merge'),
    programme: may(caller, 'indicator.read'),
    administration: may(caller, 'grant.list'),
  };
}

export const VERIFICATION_SOURCES = ['id-document', 'village-roster', 'phone'] as const;
export type VerificationSource = (typeof VERIFICATION_SOURCES)[number];

/** What the source needs and the person lacks, or undefined: a document has a number, a call-back has a phone. */
export function missingForSource(
  source: VerificationSource,
  held: { idNumber: boolean; phone: boolean },
): 'idNumber' | 'phone' | undefined {
  if (source === 'id-document' && !held.idNumber) return 'idNumber';
  return source === 'phone' && !held.phone ? 'phone' : undefined;
}
