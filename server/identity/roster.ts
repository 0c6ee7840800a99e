import type { Actor } from '../platform/access/actor.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Reader, Transaction } from '../platform/database/open.ts';
import { HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { slicesOf } from '../platform/slices.ts';
import type { Vault } from '../platform/vault.ts';
import { audiencesOfPersons, newAudienceRow } from './audiences.ts';
import { consentRows, isSensitive } from './consent.ts';
import { sealIdNumber, sealName, sealPhone, type SealedColumns } from './sealed-person.ts';
import { insertAudiences } from './store/audiences.ts';
import {
  findPersonRowsBy,
  findPersonRows,
  insertConsents,
  insertPersons,
  updatePerson,
  type NewPersonRow,
  type PersonRow,
} from './store/persons.ts';

/** A person as a list of a village or station names them. An ID number or a phone is needed to find them again. */
export interface RosterEntry {
  name: string;
  phone?: string;
  idNumber?: string;
  homeRegionCode: string;
  audiences: { name: string; since: string | null }[];
}

/** An entry ready to be looked up and kept. */
export interface SealedEntry {
  sealed: SealedColumns;
  homeRegionCode: string;
  audiences: RosterEntry['audiences'];
}

/** The person an entry names; `nameDiffers`: the ID number is registered under another name. */
export interface RosterMatch {
  personId: string;
  nameDiffers: boolean;
}

/** Opening and sealing some hundred columns takes some milliseconds. */
const ENTRIES_A_SLICE = 200;
const ROWS_AN_INSERT = 100;
const UPDATES_A_SLICE = 40;

/** Lists of people whom an office vouches for: found by keyed hash, else made. */
export function openRoster({ db, clock, vault }: { db: Reader; clock: Clock; vault: Vault }) {
  return {
    /** Seals entries in their order. Throws `input.invalid` for what the caller should have found at fault. */
    async sealRoster(entries: readonly RosterEntry[]): Promise<SealedEntry[]> {
      const ready: SealedEntry[] = [];
      for await (const slice of slicesOf(entries, ENTRIES_A_SLICE))
        for (const { name, phone, idNumber, homeRegionCode, audiences } of slice)
          ready.push({
            sealed: {
              ...sealName(vault, name),
              ...sealPhone(vault, phone),
              ...sealIdNumber(vault, idNumber),
            },
            homeRegionCode,
            audiences,
          });
      return ready;
    },

    matchRoster: (entries: readonly SealedEntry[], reader: Reader = db) => matchEntries(reader, entries),

    /**
     * Finds or makes the persons of a list, in its order. Someone new is verified by the list where it has an ID number; someone
     * known gains what was not known of them. Throws `conflict` when an ID number has come to bear another name since.
     */
    async putRoster(
      tx: Transaction,
      actor: Actor,
      entries: readonly SealedEntry[],
      consent: { method: 'paper' | 'spoken' },
    ): Promise<{ personIds: string[]; made: number }> {
      const at = instant(clock.now());
      const matches = await matchEntries(tx, entries);
      if (matches.some((match) => match?.nameDiffers)) throw new HubError('conflict');
      const personIds = entries.map((_, index) => matches[index]?.personId ?? newId<'person'>());
      const strangers = entries.map((_, index) => index).filter((index) => !matches[index]);

      for await (const slice of slicesOf(strangers, ROWS_AN_INSERT)) {
        await insertPersons(
          tx,
          slice.map((index) => newRow(personIds[index]!, entries[index]!, actor, at)),
        );
        await insertConsents(
          tx,
          slice.flatMap((index) =>
            consentRows({
              personId: personIds[index]!,
              method: consent.method,
              sensitive: isSensitive(entries[index]!.audiences.map((audience) => audience.name)),
              recordedBy: actor.accountId,
              givenAt: at,
            }),
          ),
        );
      }
      await completeKnown(tx, entries, matches);
      await addAudiences(tx, actor, entries, personIds, consent.method, at);
      return { personIds, made: strangers.length };
    },
  };
}

/** By ID number, else by name and phone; whoever was merged is the person they were merged into. */
async function matchEntries(
  reader: Reader,
  entries: readonly SealedEntry[],
): Promise<(RosterMatch | undefined)[]> {
  const hashes = (key: 'idNumberHash' | 'phoneHash') => entries.flatMap(({ sealed }) => sealed[key] ?? []);
  const byIdNumber = new Map(
    (await findPersonRowsBy(reader, 'idNumberHash', hashes('idNumberHash'))).map((row) => [
      row.idNumberHash,
      row,
    ]),
  );
  const byPhone = Map.groupBy(
    await findPersonRowsBy(reader, 'phoneHash', hashes('phoneHash')),
    (row) => row.phoneHash,
  );
  return entries.map(({ sealed }) => {
    const same = sealed.idNumberHash === null ? undefined : byIdNumber.get(sealed.idNumberHash);
    if (same) return { personId: idOf(same), nameDiffers: same.nameHash !== sealed.nameHash };
    const alike = (byPhone.get(sealed.phoneHash) ?? []).find(
      (row) =>
        row.nameHash === sealed.nameHash && (row.idNumberHash === null || sealed.idNumberHash === null),
    );
    return alike && { personId: idOf(alike), nameDiffers: false };
  });
}

function idOf(row: PersonRow): string {
  return row.mergedInto ?? row.id;
}

function newRow(id: string, { sealed, homeRegionCode }: SealedEntry, actor: Actor, at: string): NewPersonRow {
  const vouched = sealed.idNumberHash !== null;
  return {
    id,
    ...sealed,
    homeRegionCode,
    verification: vouched ? 'verified' : 'unverified',
    verificationSource: vouched ? 'village-roster' : null,
    verifiedAt: vouched ? at : null,
    verifiedBy: vouched ? actor.accountId : null,
    createdAt: at,
    createdBy: actor.accountId,
  };
}

/** Gives the known a phone or ID number that only the list has. */
async function completeKnown(
  tx: Transaction,
  entries: readonly SealedEntry[],
  matches: readonly (RosterMatch | undefined)[],
): Promise<void> {
  const known = await findPersonRows(
    tx,
    matches.flatMap((match) => match?.personId ?? []),
  );
  const byId = new Map(known.map((row) => [row.id, row]));
  const changes = matches.flatMap((match, index) => {
    const row = match && byId.get(match.personId);
    if (!row) return [];
    const { phoneSealed, phoneHash, idNumberSealed, idNumberHash } = entries[index]!.sealed;
    const change = {
      ...(row.phoneHash === null && phoneHash !== null ? { phoneSealed, phoneHash } : {}),
      ...(row.idNumberHash === null && idNumberHash !== null ? { idNumberSealed, idNumberHash } : {}),
    };
    return Object.keys(change).length > 0 ? [{ id: row.id, change }] : [];
  });
  for await (const slice of slicesOf(changes, UPDATES_A_SLICE))
    for (const { id, change } of slice) await updatePerson(tx, id, change);
}

async function addAudiences(
  tx: Transaction,
  actor: Actor,
  entries: readonly SealedEntry[],
  personIds: readonly string[],
  method: 'paper' | 'spoken',
  at: string,
): Promise<void> {
  const held = await audiencesOfPersons(tx, personIds);
  const rows = entries.flatMap(({ audiences }, index) => {
    const personId = personIds[index]!;
    return audiences
      .filter(({ name }) => !(held.get(personId) ?? []).some((one) => one.name === name))
      .map(({ name, since }) =>
        newAudienceRow({
          personId,
          audience: name,
          since,
          source: 'roster',
          recordedAt: at,
          recordedBy: actor.accountId,
        }),
      );
  });
  for await (const slice of slicesOf(rows, ROWS_AN_INSERT)) await insertAudiences(tx, slice);
}
