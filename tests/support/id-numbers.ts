import { checkCharacterOf } from '../../server/identity/id-number.ts';

/** A resident identity number with a right check character; another one for each serial below 10,000. */
export function idNumberOf(serial: number): string {
  const day = String(10 + Math.floor(serial / 1000)).padStart(2, '0');
  const digits = `533103199001${day}${String(serial % 1000).padStart(3, '0')}`;
  return digits + checkCharacterOf(digits);
}
