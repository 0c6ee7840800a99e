import type { Caller } from '../platform/access/actor.ts';
import { actorWhoMay, prefixesWhereMay } from '../platform/access/decide.ts';
import { audit } from '../platform/audit.ts';
import { instant, type Clock } from '../platform/clock.ts';
import type { Database, Reader, Transaction } from '../platform/database/open.ts';
import { fieldError, HubError } from '../platform/errors.ts';
import { newId } from '../platform/ids.ts';
import { emit } from '../platform/outbox/emit.ts';
import { slicesOf } from '../platform/slices.ts';
import type { Vault } from '../platform/vault.ts';
import { ALIKE_REASONS, alikeReason, type AlikeReason } from './alike.ts';
import { audiencesOfPersons } from './audiences.ts';
import { describePersonRow, type PersonInfo } from './describe.ts';
import { openIdNumber } from './sealed-person.ts';
import {
  findStandingMerge,
  hasMerged,
  insertMerge,
  listMergesById,
  listMergesOf,
  listPairs,
  putApart,
  setMergeUndone,
  type MergeRow,
} from './store/merges.ts';
import { findPerson, updatePerson, type PersonRow } from './store/persons.ts';

/** One person was found to be another: from here on facts about both count as one person's. */
export interface MergeFacts {
  mergeId: string;
  personId: string;
  intoPersonId: string;
  mergedAt: string;
  undoneAt: string | null;
}

/** News of merges, by the type under which it stands in the outbox. */
export interface MergeNews {
  'identity.person-merged': MergeFacts;
  'identity.person-merge-undone': MergeFacts;
}

/** Two persons who may be one. */
export interface AlikePair {
  reason: AlikeReason;
  persons: [PersonInfo, PersonInfo];
}

/** So many pairs of one name are looked at for a page; opening ID numbers takes time. */
const PAIRS_LOOKED_AT = 600;
const PAIRS_A_SLICE = 100;
const PAIRS_SHOWN = 50;

/** Who is twice in the register: shown, made one, and made two again. */
export function openMerging({ db, clock, vault }: { db: Database; clock: Clock; vault: Vault }) {
  async function require(reader: Reader, id: string, field: string): Promise<PersonRow> {
    const person = await findPerson(reader, id);
    if (!person || person.erasedAt !== null) throw fieldError(field, 'unknown', 'There is no such person');
    return person;
  }

  const compared = (row: PersonRow) => ({ ...row, idNumber: openIdNumber(vault, row.idNumberSealed) });

  async function tell(tx: Transaction, type: keyof MergeNews, row: MergeRow, at: string): Promise<void> {
    await emit(tx, { type, payload: asFacts(row) }, at);
  }

  return {
    /** Pairs in the caller's regions that may be one person, the surest first. `next` is where the following page begins. */
    async listAlike(
      caller: Caller,
      filter: { after?: string } = {},
    ): Promise<{ pairs: AlikePair[]; next: string | null }> {
      const actor = actorWhoMay(caller, 'person.merge');
      const pairs = await listPairs(db, {
        prefixes: prefixesWhereMay(actor, 'person.merge'),
        afterId: filter.after,
        limit: PAIRS_LOOKED_AT,
      });
      const alike: { reason: AlikeReason; rows: [PersonRow, PersonRow] }[] = [];
      for await (const slice of slicesOf(pairs, PAIRS_A_SLICE))
        for (const rows of slice) {
          const reason = alikeReason(compared(rows[0]), compared(rows[1]));
          if (reason) alike.push({ reason, rows });
        }
      const shown = alike.slice(0, PAIRS_SHOWN);
      const audiences = await audiencesOfPersons(
        db,
        shown.flatMap(({ rows }) => rows.map((row) => row.id)),
      );
      const describe = (row: PersonRow) =>
        describePersonRow(vault, row, { username: null, audiences: audiences.get(row.id) ?? [] });
      const cut = alike.length > PAIRS_SHOWN ? shown.at(-1)!.rows[0].id : undefined;
      const unseen = pairs.length === PAIRS_LOOKED_AT ? pairs.at(-1)![0].id : undefined;
      return {
        pairs: shown
          .map(({ reason, rows }): AlikePair => ({ reason, persons: [describe(rows[0]), describe(rows[1])] }))
          .sort((a, b) => ALIKE_REASONS.indexOf(a.reason) - ALIKE_REASONS.indexOf(b.reason)),
        next: cut ?? unseen ?? null,
      };
    },

    /**
     * Says that a person is another. Nothing is deleted and no fact changes its person: reading resolves. Throws
     * `person.merged` when either stands merged, or when others stand merged into the first.
     */
    async mergePerson(
      caller: Caller,
      personId: string,
      input: { intoPersonId: string; reason: string },
    ): Promise<MergeFacts> {
      return db.transaction(async (tx) => {
        const person = await require(tx, personId, 'personId');
        const into = await require(tx, input.intoPersonId, 'intoPersonId');
        const actor = actorWhoMay(caller, 'person.merge', { regionCode: person.homeRegionCode });
        actorWhoMay(caller, 'person.merge', { regionCode: into.homeRegionCode });
        if (actor.personId === personId || actor.personId === into.id)
          throw new HubError('access.denied', { message: 'Nobody merges themselves' });
        if (person.id === into.id) throw fieldError('intoPersonId', 'same', 'That is the same person');
        if (person.mergedInto !== null || into.mergedInto !== null || (await hasMerged(tx, personId)))
          throw new HubError('person.merged');
        const mergedAt = instant(clock.now());
        const row: MergeRow = {
          ...{ id: newId<'merge'>(), personId, intoPersonId: into.id, reason: input.reason },
          ...{ mergedAt, mergedBy: actor.accountId, undoneAt: null, undoneBy: null },
        };
        await insertMerge(tx, row);
        await updatePerson(tx, personId, { mergedInto: into.id });
        await tell(tx, 'identity.person-merged', row, mergedAt);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'person.merge',
          objectKind: 'person',
          objectId: personId,
          regionCode: person.homeRegionCode,
          reason: input.reason,
          detail: { intoPersonId: into.id },
        });
        return asFacts(row);
      });
    },

    /** Makes a merged person someone of their own again, exactly as before. Throws `person.not-merged`. */
    async undoMerge(caller: Caller, personId: string, reason: string): Promise<MergeFacts> {
      return db.transaction(async (tx) => {
        const person = await findPerson(tx, personId);
        const actor = actorWhoMay(caller, 'person.merge', { regionCode: person?.homeRegionCode });
        if (!person) throw new HubError('not-found');
        const merge = await findStandingMerge(tx, personId);
        if (!merge) throw new HubError('person.not-merged');
        const undone = { undoneAt: instant(clock.now()), undoneBy: actor.accountId };
        await setMergeUndone(tx, merge.id, undone);
        await updatePerson(tx, personId, { mergedInto: null });
        const row = { ...merge, ...undone };
        await tell(tx, 'identity.person-merge-undone', row, undone.undoneAt);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: 'person.unmerge',
          objectKind: 'person',
          objectId: personId,
          regionCode: person.homeRegionCode,
          reason,
          detail: { intoPersonId: merge.intoPersonId },
        });
        return asFacts(row);
      });
    },

    /** Says that two who look alike are two: they are not shown for merging again. */
    async keepApart(caller: Caller, ids: readonly [string, string]): Promise<void> {
      await db.transaction(async (tx) => {
        const [personId, otherPersonId] = ids.toSorted() as [string, string];
        const [a, b] = [
          await require(tx, personId, 'personIds.0'),
          await require(tx, otherPersonId, 'personIds.1'),
        ];
        const actor = actorWhoMay(caller, 'person.merge', { regionCode: a.homeRegionCode });
        actorWhoMay(caller, 'person.merge', { regionCode: b.homeRegionCode });
        await putApart(tx, {
          personId,
          otherPersonId,
          saidAt: instant(clock.now()),
          saidBy: actor.accountId,
        });
      });
    },

    /** For the rooms above: every merge that touches these persons, undone ones too. */
    mergesOf: async (personIds: readonly string[], reader: Reader = db): Promise<MergeFacts[]> =>
      (await listMergesOf(reader, personIds)).map(asFacts),

    mergesById: async (ids: readonly string[], reader: Reader = db): Promise<MergeFacts[]> =>
      (await listMergesById(reader, ids)).map(asFacts),
  };
}

function asFacts({ id, personId, intoPersonId, mergedAt, undoneAt }: MergeRow): MergeFacts {
  return { mergeId: id, personId, intoPersonId, mergedAt, undoneAt };
}
