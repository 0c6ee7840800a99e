import type { Reader } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import type { Vault } from '../platform/vault.ts';
import { audiencesOfPersons, type HeldAudience } from './audiences.ts';
import { maskName, maskNameForClass } from './masking.ts';
import type { VerificationSource } from './rules.ts';
import { hashName, hashPhone, maskedOf, openName } from './sealed-person.ts';
import { normaliseName, normaliseUsername } from './names.ts';
import { maskedDocument, type DocumentKind } from './other-document.ts';
import { normalisePhone } from './phone.ts';
import { findAccountBy, findNamesOfAccounts } from './store/accounts.ts';
import { findPerson, findPersonIdsBy, findPersonRows, type PersonRow } from './store/persons.ts';

/** A person on a page of those who look after people: masked. */
export interface PersonInfo {
  id: string;
  name: string;
  phone: string | null;
  idNumber: string | null;
  /** What was shown instead of a resident identity card; the number masked. */
  document: { kind: DocumentKind; number: string } | null;
  homeRegionCode: string;
  audiences: HeldAudience[];
  verified: boolean;
  verificationSource: VerificationSource | null;
  verifiedAt: string | null;
  /** The sign-in name, when there is an account. */
  username: string | null;
  createdAt: string;
  /** The person this one was found to be. */
  mergedInto: string | null;
}

/** A person as other rooms show them in rows and figures. */
export interface PersonBrief {
  /** Masked: `岩*亮`. */
  displayName: string;
  homeRegionCode: string;
  verified: boolean;
  verifiedAt: string | null;
}

export function describePersonRow(
  vault: Vault,
  row: PersonRow,
  { username, audiences }: { username: string | null; audiences: HeldAudience[] },
): PersonInfo {
  return {
    id: row.id,
    ...maskedOf(vault, row),
    document: maskedDocument(vault, row),
    homeRegionCode: row.homeRegionCode,
    audiences,
    verified: row.verification === 'verified',
    verificationSource: row.verificationSource,
    verifiedAt: row.verifiedAt,
    username,
    createdAt: row.createdAt,
    mergedInto: row.mergedInto,
  };
}

function brief(vault: Vault, row: PersonRow): PersonBrief {
  const name = openName(vault, row.nameSealed);
  return {
    displayName: name === null ? '***' : maskName(name),
    homeRegionCode: row.homeRegionCode,
    verified: row.verification === 'verified',
    verifiedAt: row.verifiedAt,
  };
}

/** What other rooms ask of persons and accounts. No caller is checked: the asking room has decided what it shows. */
export function openDescriptions({ db, vault }: { db: Reader; vault: Vault }) {
  return {
    /** By person id; ids of nobody are left out. */
    async describePersons(ids: readonly string[], reader: Reader = db): Promise<Map<string, PersonBrief>> {
      const rows = await findPersonRows(reader, [...new Set(ids)]);
      return new Map(rows.map((row) => [row.id, brief(vault, row)]));
    },

    /** By person id, the categories they belong to, with their days. Whoever has none is left out. */
    audiencesOf: (ids: readonly string[], reader: Reader = db): Promise<Map<string, HeldAudience[]>> =>
      audiencesOfPersons(reader, ids),

    /** By person id, when they were verified; no name is opened. Whoever is not verified is left out. */
    async verifiedAtOf(ids: readonly string[], reader: Reader = db): Promise<Map<string, string>> {
      const rows = await findPersonRows(reader, [...new Set(ids)]);
      return new Map(rows.flatMap((row) => (row.verifiedAt === null ? [] : [[row.id, row.verifiedAt]])));
    },

    /** Throws `not-found`. */
    async requirePerson(id: string, reader: Reader = db): Promise<PersonBrief & { id: string }> {
      const row = await findPerson(reader, id);
      if (!row) throw new HubError('not-found', { message: `There is no person ${id}` });
      return { id, ...brief(vault, row) };
    },

    /** The persons of exactly this name and phone, as typed; a household shares its phone, so the phone alone says nothing. */
    async matchPersons(name: string, phone: string, reader: Reader = db): Promise<string[]> {
      const number = normalisePhone(phone);
      if (!number) return [];
      const hashes = { nameHash: hashName(vault, normaliseName(name)), phoneHash: hashPhone(vault, number) };
      return findPersonIdsBy(reader, hashes);
    },

    /** By account id: the name the person chose to be seen under, else the first character of theirs and two stars (岩**). */
    async chatNames(accountIds: readonly string[], reader: Reader = db): Promise<Map<string, string>> {
      const rows = await findNamesOfAccounts(reader, [...new Set(accountIds)]);
      return new Map(
        rows.map((row) => [
          row.accountId,
          row.displayName ?? maskNameForClass(openName(vault, row.nameSealed) ?? ''),
        ]),
      );
    },

    /** Whose username it is, if anyone's. */
    async accountIdOf(username: string, reader: Reader = db): Promise<string | undefined> {
      return (await findAccountBy(reader, { username: normaliseUsername(username) }))?.id;
    },

    /** By account id: the person behind it. */
    async personsOfAccounts(
      accountIds: readonly string[],
      reader: Reader = db,
    ): Promise<Map<string, string>> {
      const rows = await findNamesOfAccounts(reader, [...new Set(accountIds)]);
      return new Map(rows.map((row) => [row.accountId, row.personId]));
    },
  };
}
