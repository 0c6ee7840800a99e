import type { PersonTime } from './person-times.ts';

/** People behind person-times: `verified` is the figure, `unverified` is shown apart. */
export interface CountedPersons {
  verified: PersonTime[][];
  unverified: PersonTime[][];
}

/**
 * `training-persons` v1. 人数 = distinct verified persons among the person-times; persons whose identity is not verified
 * are counted apart. A person trained in two counties is one person of the prefecture, so counties may sum to more.
 * Source: no document sets a target for 人数; audits of such programmes found the same people counted again. Ours.
 */
export function groupPersons(personTimes: readonly PersonTime[]): CountedPersons {
  const groups = [...Map.groupBy(personTimes, (one) => one.personId).values()];
  return {
    verified: groups.filter((group) => group[0]!.verified),
    unverified: groups.filter((group) => !group[0]!.verified),
  };
}
