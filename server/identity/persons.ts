import { subtreePrefix, type Caller } from '../platform/access/actor.ts';
import { actorWhoMay, ensureMay, prefixesWhereMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader } from '../platform/database/open.ts';
import { HubError, fieldError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { emit } from '../platform/outbox/emit.ts';
import type { Vault } from '../platform/vault.ts';
import type { Regions } from '../regions/service.ts';
import { audiencesOfPersons, newAudienceRow } from './audiences.ts';
import { AUDIENCES, consentRows, isSensitive } from './consent.ts';
import { describePersonRow, type PersonInfo } from './describe.ts';
import { isIdNumber, normaliseIdNumber } from './id-number.ts';
import { normaliseName, normaliseUsername } from './names.ts';
import { documentHashes, sealDocument, type OtherDocument } from './other-document.ts';
import { normalisePhone } from './phone.ts';
import { missingForSource, type VerificationSource } from './rules.ts';
import { hashIdNumber, hashName, hashPhone, sealIdNumber, sealName, sealPhone } from './sealed-person.ts';
import { findAccountBy } from './store/accounts.ts';
import { insertAudiences } from './store/audiences.ts';
import {
  findPerson,
  findPersonByDocument,
  findPersonByIdNumber,
  insertConsents,
  insertPerson,
  listPersonRows,
  updatePerson,
  type PersonRow,
  type PersonSearch,
} from './store/persons.ts';

const ROWS_A_PAGE = 50;

/** A villager whom a station or trainer registers; a phone and an account are not needed. */
export interface NewPerson {
  name: string;
  phone?: string;
  idNumber?: string;
  /** For whoever has no mainland ID number. */
  document?: OtherDocument;
  homeRegionCode: string;
  audiences?: string[];
  consent: { method: 'paper' | 'spoken'; sensitive?: boolean };
}

/** News: a person is now known to be who they say. Facts about them count as verified from here on. */
export interface PersonVerified {
  type: 'identity.person-verified';
  payload: { personId: string; verifiedAt: string };
}

function duplicate(path = 'idNumber'): HubError {
  return new HubError('person.duplicate', {
    fields: [{ path, rule: 'taken', message: 'Registered for another person' }],
  });
}

export function openPersons(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  regions: Pick<Regions, 'requireRegion'>;
}) {
  const { db, clock, vault, regions } = parts;

  /** Names and numbers are found by keyed hash, so a search is exact. */
  function searchFrom(text: string): PersonSearch {
    const phone = normalisePhone(text);
    const idNumber = normaliseIdNumber(text);
    if (phone) return { phoneHash: hashPhone(vault, phone) };
    if (isIdNumber(idNumber)) return { idNumberHash: hashIdNumber(vault, idNumber) };
    return {
      nameHash: hashName(vault, normaliseName(text)),
      username: normaliseUsername(text),
      documentHashes: documentHashes(vault, text),
    };
  }

  async function describe(
    reader: Reader,
    rows: readonly { person: PersonRow; username: string | null }[],
  ): Promise<PersonInfo[]> {
    const ids = rows.map(({ person }) => person.id);
    const audiences = await audiencesOfPersons(reader, ids);
    return rows.map(({ person, username }) =>
      describePersonRow(vault, person, { username, audiences: audiences.get(person.id) ?? [] }),
    );
  }

  async function describeOne(reader: Reader, person: PersonRow): Promise<PersonInfo> {
    const username = (await findAccountBy(reader, { personId: person.id }))?.username ?? null;
    return (await describe(reader, [{ person, username }]))[0]!;
  }

  return {
    /** Registers a person without an account. Throws `person.duplicate` when the ID number, or the document, is another's. */
    async registerPerson(caller: Caller, input: NewPerson): Promise<PersonInfo> {
      const { homeRegionCode, audiences = [] } = input;
      const actor = actorWhoMay(caller, 'person.register', { regionCode: homeRegionCode });
      const unknown = audiences.find((audience) => !AUDIENCES.includes(audience));
      if (unknown) throw fieldError('audiences', 'unknown', 'No such category of trainees');
      const sensitive = isSensitive(audiences);
      if (sensitive && !input.consent.sensitive)
        throw fieldError(
          'consent.sensitive',
          'required',
          'Disability and poverty status need a consent apart',
        );
      const sealed = {
        ...sealName(vault, input.name),
        ...sealPhone(vault, input.phone),
        ...sealIdNumber(vault, input.idNumber),
        ...sealDocument(vault, input.document),
      };
      await regions.requireRegion(homeRegionCode, 'homeRegionCode');
      const at = instant(clock.now());
      const id = newId<'person'>();
      return db.transaction(async (tx) => {
        if (sealed.idNumberHash && (await findPersonByIdNumber(tx, sealed.idNumberHash))) throw duplicate();
        if (sealed.documentHash && (await findPersonByDocument(tx, sealed.documentHash)))
          throw duplicate('document.number');
        await insertPerson(tx, {
          id,
          ...sealed,
          homeRegionCode,
          verification: 'unverified',
          createdAt: at,
          createdBy: actor.accountId,
        });
        const { method } = input.consent;
        const consent = { personId: id, method, sensitive, recordedBy: actor.accountId, givenAt: at };
        await insertConsents(tx, consentRows(consent));
        const rows = audiences.map((audience) =>
          newAudienceRow({
            ...{ personId: id, audience, since: null, source: 'registration' },
            ...{ recordedAt: at, recordedBy: actor.accountId },
          }),
        );
        await insertAudiences(tx, rows);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'person.register',
          objectKind: 'person',
          objectId: id,
          regionCode: homeRegionCode,
        });
        return describeOne(tx, (await findPerson(tx, id))!);
      });
    },

    /**
     * Declares that a person is who they say, by whom and from what source. Not oneself; once. `id-document` needs the
     * ID number, given now or before, or the number of another document. Throws `person.verified`, `person.duplicate` or `input.invalid`.
     */
    async verifyPerson(
      caller: Caller,
      personId: string,
      input: { source: VerificationSource; idNumber?: string },
    ): Promise<PersonInfo> {
      return db.transaction(async (tx) => {
        const person = await findPerson(tx, personId);
        const regionCode = person?.homeRegionCode;
        const actor = actorWhoMay(caller, 'person.verify', { regionCode });
        if (!person || person.erasedAt !== null) throw new HubError('not-found');
        if (actor.personId === personId)
          throw new HubError('access.denied', { message: 'Nobody verifies themselves' });
        const sealed = sealIdNumber(vault, input.idNumber);
        if (person.verification === 'verified') throw new HubError('person.verified');
        if (sealed.idNumberHash) {
          if (person.idNumberHash && person.idNumberHash !== sealed.idNumberHash)
            throw fieldError('idNumber', 'differs', 'Another ID number is registered for this person');
          const holder = await findPersonByIdNumber(tx, sealed.idNumberHash);
          if (holder && holder.id !== personId) throw duplicate();
        }
        const held = {
          idNumber: Boolean(sealed.idNumberHash ?? person.idNumberHash ?? person.documentHash),
          phone: Boolean(person.phoneHash),
        };
        const missing = missingForSource(input.source, held);
        if (missing) throw fieldError(missing, 'required', `Verification by ${input.source} needs it`);
        const verifiedAt = instant(clock.now());
        await updatePerson(tx, personId, {
          ...(sealed.idNumberHash ? sealed : {}),
          verification: 'verified',
          verificationSource: input.source,
          verifiedAt,
          verifiedBy: actor.accountId,
        });
        const event: PersonVerified = { type: 'identity.person-verified', payload: { personId, verifiedAt } };
        await emit(tx, event, verifiedAt);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'person.verify',
          objectKind: 'person',
          objectId: personId,
          regionCode,
          detail: { source: input.source },
        });
        return describeOne(tx, (await findPerson(tx, personId))!);
      });
    },

    async readPerson(caller: Caller, personId: string): Promise<PersonInfo> {
      const person = await findPerson(db, personId);
      ensureMay(caller, 'person.list', { regionCode: person?.homeRegionCode });
      if (!person) throw new HubError('not-found');
      return describeOne(db, person);
    },

    /** Persons at home in the caller's subtree, masked, a page at a time; `q` is a whole name, phone, ID number or username. */
    async listPersons(
      caller: Caller,
      filter: { regionCode?: string; q?: string; after?: string } = {},
    ): Promise<{ persons: PersonInfo[]; next: string | null }> {
      const actor = actorWhoMay(caller, 'person.list', { regionCode: filter.regionCode });
      const rows = await listPersonRows(db, {
        prefixes: filter.regionCode
          ? [subtreePrefix(filter.regionCode)]
          : prefixesWhereMay(actor, 'person.list'),
        search: filter.q?.trim() ? searchFrom(filter.q) : undefined,
        afterId: filter.after,
        limit: ROWS_A_PAGE + 1,
      });
      const persons = await describe(db, rows.slice(0, ROWS_A_PAGE));
      return { persons, next: rows.length > ROWS_A_PAGE ? (persons.at(-1)?.id ?? null) : null };
    },
  };
}
