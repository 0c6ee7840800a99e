import { checkCharacterOf } from '../../server/identity/id-number.ts';

const DAY_MS = 86_400_000;

/** A resident identity number with a right check character; another one for each serial. */
export function idNumberOf(serial: number): string {
  const born = new Date(Date.UTC(1960, 0, 1) + Math.floor(serial / 1000) * DAY_MS);
  const day = born.toISOString().slice(0, 10).replaceAll('-', '');
  const digits = `533103${day}${String(serial % 1000).padStart(3, '0')}`;
  return digits + checkCharacterOf(digits);
}
