import { fieldError } from '../platform/errors.ts';
import type { Vault } from '../platform/vault.ts';
import { isIdNumber, normaliseIdNumber } from './id-number.ts';
import { maskIdNumber, maskName, maskPhone } from './masking.ts';
import { normaliseName } from './names.ts';
import { normalisePhone } from './phone.ts';
import type { PersonRow } from './store/persons.ts';

const LONGEST_NAME = 60;

/** How a person's name, phone and ID number lie in the database: sealed, and hashed to be found again. */
export type SealedColumns = Pick<
  PersonRow,
  'nameSealed' | 'nameHash' | 'phoneSealed' | 'phoneHash' | 'idNumberSealed' | 'idNumberHash'
>;

export function sealName(vault: Vault, text: string): Pick<SealedColumns, 'nameSealed' | 'nameHash'> {
  const name = normaliseName(text);
  if (name === '' || name.length > LONGEST_NAME)
    throw fieldError('name', name === '' ? 'required' : 'too_big', 'A name has 1 to 60 characters');
  return { nameSealed: vault.seal('person.name', name), nameHash: hashName(vault, name) };
}

/** Empty columns for no phone. Throws `input.invalid` at `phone` for what is no mainland mobile number. */
export function sealPhone(
  vault: Vault,
  text: string | undefined,
): Pick<SealedColumns, 'phoneSealed' | 'phoneHash'> {
  if (!text?.trim()) return { phoneSealed: null, phoneHash: null };
  const phone = normalisePhone(text);
  if (!phone) throw fieldError('phone', 'phone', 'Not a mainland mobile number');
  return { phoneSealed: vault.seal('person.phone', phone), phoneHash: hashPhone(vault, phone) };
}

/** Empty columns for no number. Throws `input.invalid` at `idNumber` when it breaks GB 11643. */
export function sealIdNumber(
  vault: Vault,
  text: string | undefined,
): Pick<SealedColumns, 'idNumberSealed' | 'idNumberHash'> {
  if (!text?.trim()) return { idNumberSealed: null, idNumberHash: null };
  const idNumber = normaliseIdNumber(text);
  if (!isIdNumber(idNumber)) throw fieldError('idNumber', 'id-number', 'Not a resident identity number');
  return {
    idNumberSealed: vault.seal('person.id-number', idNumber),
    idNumberHash: hashIdNumber(vault, idNumber),
  };
}

export function hashName(vault: Vault, name: string): string {
  return vault.hash('person.name', name);
}
export function hashPhone(vault: Vault, phone: string): string {
  return vault.hash('person.phone', phone);
}
export function hashIdNumber(vault: Vault, idNumber: string): string {
  return vault.hash('person.id-number', idNumber);
}

/** The name as it is; null after erasure. */
export function openName(vault: Vault, nameSealed: string | null): string | null {
  return nameSealed === null ? null : vault.open('person.name', nameSealed);
}

/** The ID number as it is, to be compared and never to be shown; null where there is none. */
export function openIdNumber(vault: Vault, idNumberSealed: string | null): string | null {
  return idNumberSealed === null ? null : vault.open('person.id-number', idNumberSealed);
}

/** What of a person may be shown on a screen. An erased person has no name left. */
export function maskedOf(
  vault: Vault,
  row: SealedColumns,
): { name: string; phone: string | null; idNumber: string | null } {
  const name = openName(vault, row.nameSealed);
  return {
    name: name === null ? '***' : maskName(name),
    phone: row.phoneSealed === null ? null : maskPhone(vault.open('person.phone', row.phoneSealed)),
    idNumber:
      row.idNumberSealed === null ? null : maskIdNumber(vault.open('person.id-number', row.idNumberSealed)),
  };
}
