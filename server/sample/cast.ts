import { EVERYWHERE, type Actor, type Role } from '../platform/access/actor.ts';
import type { Regions } from '../regions/service.ts';
import type { Identity } from '../identity/service.ts';
import { samplePeople } from './people.ts';
import type { SamplePlace } from './places.ts';
import type { Random } from './random.ts';

export const COUNTIES = ['533103', '533124', '533123', '533122'] as const;
export type CountyCode = (typeof COUNTIES)[number];
export const PREFECTURE = '533100';
const PEOPLE = 200;

/** The accounts anyone trying the sample signs in with; all but the trainee's hold the role they are named after. */
const SIGN_INS: { username: string; name: string; role: Role; regionCode: string }[] = [
  { username: 'admin', name: '段管理', role: 'administrator', regionCode: EVERYWHERE },
  { username: 'prefecture', name: '线州商', role: 'prefecture-official', regionCode: PREFECTURE },
  { username: 'county', name: '孟县商', role: 'county-official', regionCode: '533103' },
  { username: 'auditor', name: '尹审计', role: 'auditor', regionCode: PREFECTURE },
  { username: 'trainer', name: '岩讲师', role: 'trainer', regionCode: '533103' },
  { username: 'host', name: '玉主播', role: 'host', regionCode: '533103' },
  { username: 'base', name: '何基地', role: 'base', regionCode: '533103' },
  { username: 'station', name: '早站长', role: 'station', regionCode: '533103201' },
  { username: 'trainee', name: '罕小果', role: 'trainee', regionCode: '533103201201' },
];

/** Everyone in the sample who does something. */
export interface Cast {
  admin: Actor;
  /** The trainee of the sign-ins. */
  trainee: Actor;
  trainers: Record<CountyCode, Actor>;
  trainees: Record<CountyCode, Actor[]>;
}

/**
 * Makes 200 people with accounts, after the administrator among them has put their villages on the map. Only the
 * sign-ins have a password anyone knows.
 */
export async function makeCast(
  { identity, regions, random }: { identity: Identity; regions: Regions; random: Random },
  places: readonly SamplePlace[],
  password: string,
): Promise<Cast> {
  const { systemOnly } = identity;
  const known = await systemOnly.hashPassword(password);
  const unknown = await systemOnly.hashPassword(crypto.randomUUID());

  async function enter(
    person: Parameters<typeof systemOnly.createPerson>[0],
    account: { username: string; passwordHash: string },
    grant?: { role: Role; regionCode: string },
  ): Promise<Actor> {
    const personId = await systemOnly.createPerson(person);
    const accountId = await systemOnly.createAccountFor(personId, account);
    if (grant) await systemOnly.giveRole(accountId, grant.role, grant.regionCode);
    return { accountId, personId, grants: grant ? [grant] : [] };
  }

  const signIns = new Map<string, Actor>();
  for (const { username, name, role, regionCode } of SIGN_INS) {
    const homeRegionCode = regionCode === EVERYWHERE || regionCode === PREFECTURE ? '533103' : regionCode;
    const person = { name, homeRegionCode, verifiedBy: 'id-document' } as const;
    const actor = await enter(person, { username, passwordHash: known }, { role, regionCode });
    signIns.set(username, actor);
    if (role === 'administrator') for (const place of places) await regions.addRegion(actor, place);
  }

  const trainers = { '533103': signIns.get('trainer')! } as Record<CountyCode, Actor>;
  for (const county of COUNTIES.slice(1)) {
    const person = {
      name: samplePeople(random, 1)[0]!.name,
      homeRegionCode: county,
      verifiedBy: 'id-document',
    } as const;
    const account = { username: `trainer-${county}`, passwordHash: unknown };
    trainers[county] = await enter(person, account, { role: 'trainer', regionCode: county });
  }

  const trainees: Record<CountyCode, Actor[]> = { '533103': [], '533124': [], '533123': [], '533122': [] };
  const rest = PEOPLE - SIGN_INS.length - (COUNTIES.length - 1);
  for (const [index, { verified, ...person }] of samplePeople(random, rest).entries()) {
    const county = COUNTIES[index % COUNTIES.length]!;
    const villages = places.filter((place) => place.code.length === 12 && place.code.startsWith(county));
    const homeRegionCode = random.pick(villages).code;
    const source = verified ? ({ verifiedBy: 'village-roster' } as const) : {};
    const account = { username: `sample-${index + 1}`, passwordHash: unknown };
    trainees[county].push(await enter({ ...person, homeRegionCode, ...source }, account));
  }
  trainees['533103'].push(signIns.get('trainee')!);
  return { admin: signIns.get('admin')!, trainee: signIns.get('trainee')!, trainers, trainees };
}
