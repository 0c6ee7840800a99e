import type { PersonRow } from './store/persons.ts';

/** Why two persons may be one, the surest first. */
export const ALIKE_REASONS = ['id-number', 'phone', 'village'] as const;
export type AlikeReason = (typeof ALIKE_REASONS)[number];

/** What is compared of a person; hashes, and the ID number as it is. */
export type ComparedPerson = Pick<PersonRow, 'nameHash' | 'phoneHash' | 'homeRegionCode'> & {
  idNumber: string | null;
};

const TOWNSHIP_DIGITS = 9;
const DIGITS_BEFORE_CHECK = 17;

/**
 * Why two persons of one name may be one, or undefined. Two ID numbers decide: they are one person's only where one digit was
 * mistyped. The check character moves with any single digit (ISO 7064), so it is left out of the comparison.
 */
export function alikeReason(a: ComparedPerson, b: ComparedPerson): AlikeReason | undefined {
  if (a.nameHash === null || a.nameHash !== b.nameHash) return undefined;
  if (a.idNumber !== null && b.idNumber !== null)
    return digitsApart(a.idNumber, b.idNumber) === 1 ? 'id-number' : undefined;
  if (a.phoneHash !== null && a.phoneHash === b.phoneHash) return 'phone';
  const near = a.homeRegionCode === b.homeRegionCode && a.homeRegionCode.length >= TOWNSHIP_DIGITS;
  // A shared name in a village with two phones is how villages are; without a second phone it may be one person.
  return near && (a.phoneHash === null || b.phoneHash === null) ? 'village' : undefined;
}

function digitsApart(a: string, b: string): number {
  let apart = 0;
  for (let at = 0; at < DIGITS_BEFORE_CHECK; at += 1) if (a[at] !== b[at]) apart += 1;
  return apart;
}
