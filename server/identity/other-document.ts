import { fieldError } from '../platform/errors.ts';
import type { Vault } from '../platform/vault.ts';
import { maskIdNumber } from './masking.ts';
import type { PersonRow } from './store/persons.ts';

/** What someone shows who has no resident identity card: from Hong Kong and Macao, Taiwan, abroad, the border, or only registered. */
export const DOCUMENT_KINDS = [
  'hong-kong-macao-permit',
  'taiwan-permit',
  'passport',
  'permanent-residence',
  'border-pass',
  'household-register',
] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

/** Another document, as it is typed. */
export interface OtherDocument {
  kind: DocumentKind;
  number: string;
}

type DocumentColumns = Pick<PersonRow, 'documentKind' | 'documentSealed' | 'documentHash'>;

const PURPOSE = 'person.document';
const SHAPE = /^[A-Z0-9]{5,30}$/;

/** Full-width letters and digits as half-width, without spaces and dashes, in capitals. */
function normaliseNumber(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s\-‐-―()]/g, '')
    .toUpperCase();
}

/** Empty columns for none. Throws `input.invalid` at `document.number` for what is no number of a document. */
export function sealDocument(vault: Vault, document: OtherDocument | undefined): DocumentColumns {
  if (!document) return { documentKind: null, documentSealed: null, documentHash: null };
  const number = normaliseNumber(document.number);
  if (!SHAPE.test(number))
    throw fieldError('document.number', 'document-number', '5 to 30 letters and digits');
  return {
    documentKind: document.kind,
    documentSealed: vault.seal(PURPOSE, number),
    documentHash: hashOf(vault, document.kind, number),
  };
}

/** Under which hashes a number lies, whichever document it is of; none for what is no such number. */
export function documentHashes(vault: Vault, text: string): string[] {
  const number = normaliseNumber(text);
  return SHAPE.test(number) ? DOCUMENT_KINDS.map((kind) => hashOf(vault, kind, number)) : [];
}

export function maskedDocument(
  vault: Vault,
  row: DocumentColumns,
): { kind: DocumentKind; number: string } | null {
  if (row.documentKind === null || row.documentSealed === null) return null;
  return { kind: row.documentKind, number: maskIdNumber(vault.open(PURPOSE, row.documentSealed)) };
}

function hashOf(vault: Vault, kind: DocumentKind, number: string): string {
  return vault.hash(PURPOSE, `${kind}\0${number}`);
}
