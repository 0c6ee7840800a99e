/** A name as it is kept: one kind of middle dot (阿卜杜·热合曼), single spaces, none between Chinese characters. */
export function normaliseName(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[•・‧∙]/g, '·')
    .replace(/\s+/g, ' ')
    .replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '')
    .trim();
}

/** A username as it is kept and compared: letter case and width do not matter. */
export function normaliseUsername(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/**
 * Two to 32 letters, Chinese characters, digits, dots, dashes or underscores, beginning with a letter:
 * so no username can be mistaken for a phone number.
 */
export function isUsername(text: string): boolean {
  return /^[a-z\p{Script=Han}][a-z0-9._\-\p{Script=Han}]{1,31}$/u.test(text);
}
