/** How personal data is shown to those who need not see it whole (个人信息保护法). Pure; the rules are shown by tests/identity/masking.test.ts. */

const MOST_STARS_IN_A_NAME = 2;

/** `13812341234` → `138****1234`. Anything shorter than eleven characters is hidden whole. */
export function maskPhone(phone: string): string {
  if (phone.length < 11) return '*'.repeat(phone.length);
  return `${phone.slice(0, 3)}****${phone.slice(-4)}`;
}

/** `353101199001010123` → `35*************123`: the province and the end, as long as the number itself. */
export function maskIdNumber(idNumber: string): string {
  if (idNumber.length < 8) return '*'.repeat(idNumber.length);
  return `${idNumber.slice(0, 2)}${'*'.repeat(idNumber.length - 5)}${idNumber.slice(-3)}`;
}

/** `岩罕亮` → `岩*亮`, `岩亮` → `岩*`, `Li Ming` → `L*** M***`. At most two stars, so that the length tells nothing. */
export function maskName(name: string): string {
  const words = name.split(' ');
  if (words.every((word) => /^[A-Za-z'.-]+$/.test(word))) return words.map((w) => `${w[0]}***`).join(' ');
  const letters = Array.from(name.replaceAll(' ', ''));
  if (letters.length < 2) return '*';
  if (letters.length === 2) return `${letters[0]}*`;
  return `${letters[0]}${'*'.repeat(Math.min(letters.length - 2, MOST_STARS_IN_A_NAME))}${letters.at(-1)}`;
}

/** `岩罕亮` → `岩**`: what strangers in a class see of someone who chose no name to be seen under. */
export function maskNameForClass(name: string): string {
  const first = Array.from(name.trim())[0];
  return first ? `${first}**` : '**';
}
