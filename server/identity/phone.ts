/**
 * A mainland mobile number as its eleven digits, from what people type: `+86 138-1234-1234`, full-width digits, spaces.
 * Undefined when it is none.
 */
export function normalisePhone(text: string): string | undefined {
  const digits = text
    .normalize('NFKC')
    .replace(/[\s\-()]/g, '')
    .replace(/^(\+|00)?86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(digits) ? digits : undefined;
}
