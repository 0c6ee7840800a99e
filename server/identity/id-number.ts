const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';

/** Full-width digits and spaces as people type them, and a small x, brought to the written form. */
export function normaliseIdNumber(text: string): string {
  return text.normalize('NFKC').replace(/\s+/g, '').toUpperCase();
}

/** The check character of the first 17 digits (GB 11643-1999, ISO 7064 MOD 11-2). */
export function checkCharacterOf(digits: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0);
  return CHECK_CHARACTERS[sum % 11]!;
}

/** True for a resident identity number of 18 characters with a real birthday and the right check character (GB 11643-1999). */
export function isIdNumber(text: string): boolean {
  if (!/^[1-8]\d{16}[\dX]$/.test(text)) return false;
  return isCalendarDay(text.slice(6, 14)) && checkCharacterOf(text) === text[17];
}

function isCalendarDay(compact: string): boolean {
  const day = `${compact.slice(0, 4)}-${compact.slice(4, 6)}-${compact.slice(6)}`;
  const at = Date.parse(`${day}T00:00:00Z`);
  return compact >= '19000101' && !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}
