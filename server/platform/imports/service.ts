import { createHash } from 'node:crypto';
import type { Actor, Caller } from '../access/actor.ts';
import { actorWhoMay } from '../access/decide.ts';
import { audit } from '../audit.ts';
import { instant, type Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/open.ts';
import { fieldError, HubError } from '../errors.ts';
import { receive, type Incoming } from '../http/incoming.ts';
import { newId } from '../ids.ts';
import type { DailyJob } from '../jobs.ts';
import { slicesOf } from '../slices.ts';
import { plainText } from '../spreadsheet/cells.ts';
import { LARGEST_FILE_BYTES, type TableHead } from '../spreadsheet/contract.ts';
import { proposeMapping, type Mapping } from '../spreadsheet/headings.ts';
import { openTable } from '../spreadsheet/open-table.ts';
import { writeXlsx } from '../spreadsheet/write-xlsx.ts';
import type { Vault } from '../vault.ts';
import type { Declaration, ImportKind, Judgement } from './contract.ts';
import { refusalOf } from './refusals.ts';
import { mapRow, openRow, sealRow, type KeptRow } from './rows.ts';
import {
  deleteImportRows,
  deleteImports,
  findDoneImport,
  findImport,
  findImportRow,
  insertImport,
  insertImportRows,
  listAbandoned,
  listImportRows,
  listOpen,
  updateImport,
  updateImportRow,
  type ImportRecord,
} from './store.ts';
import { viewImport, type ImportView } from './view.ts';

/** What is not carried out within a day is forgotten: it is a list of people. */
const KEPT_MS = 24 * 3_600_000;
const ROWS_A_SLICE = 200;
const SWEPT_AT_ONCE = 100;
/** Files read, or waiting for their turn; a full one takes half a minute. */
const MOST_AT_WORK = 4;

export type Imports = ReturnType<typeof openImports>;

/** Spreadsheets on their way in: read, mapped, shown with what is wrong, mended, and taken over whole or not at all. */
export function openImports(parts: {
  db: Database;
  clock: Clock;
  vault: Vault;
  kinds: readonly ImportKind[];
}) {
  const { db, clock, vault } = parts;
  let atWork = 0;

  function kindOf(name: string): ImportKind {
    const kind = parts.kinds.find((candidate) => candidate.kind === name);
    if (!kind) throw new HubError('not-found');
    return kind;
  }

  /** The caller's own import. It is not there for others, whatever their rights, nor for who may not import there any more. */
  async function requireOwn(
    caller: Caller,
    id: string,
  ): Promise<{ record: ImportRecord; kind: ImportKind; actor: Actor; regionCode: string }> {
    const { accountId } = actorWhoMay(caller, 'import.own');
    const record = await findImport(db, id);
    if (!record || record.accountId !== accountId || record.state === 'reading')
      throw new HubError('not-found');
    const kind = kindOf(record.kind);
    const admitted = await kind.admit(caller, record.target).catch((error: unknown) => {
      throw error instanceof HubError && error.code === 'access.denied' ? new HubError('not-found') : error;
    });
    return { record, kind, ...admitted };
  }

  async function requireDraft(caller: Caller, id: string) {
    const own = await requireOwn(caller, id);
    if (own.record.state === 'done') throw new HubError('import.done');
    return own;
  }

  async function keptRows(importId: string): Promise<KeptRow[]> {
    const rows: KeptRow[] = [];
    for await (const slice of slicesOf(await listImportRows(db, importId), ROWS_A_SLICE))
      rows.push(...slice.map((row) => openRow(vault, row)));
    return rows;
  }

  async function judge(
    record: ImportRecord,
    kind: ImportKind,
    actor: Actor,
  ): Promise<{ rows: KeptRow[]; judgement: Judgement<unknown> }> {
    const rows = await keptRows(record.id);
    const taken = rows.filter((row) => !row.skipped).map((row) => mapRow(row, kind.columns, record.mapping));
    const judgement = await kind.judge(taken, { actor, target: record.target });
    return { rows, judgement };
  }

  async function show(record: ImportRecord, kind: ImportKind, actor: Actor): Promise<ImportView> {
    const judged = record.state === 'done' ? undefined : await judge(record, kind, actor);
    return viewImport(record, kind, judged, Date.parse(record.createdAt) + KEPT_MS);
  }

  /** Of what was carried out the record stays. Tells how many are gone. */
  async function forget(ids: string[]): Promise<number> {
    if (ids.length === 0) return 0;
    return db.transaction(async (tx) => {
      const open = await listOpen(tx, ids);
      await deleteImportRows(tx, open);
      await deleteImports(tx, open);
      return open.length;
    });
  }

  /** Files are read one after the other, and those that wait are in memory. */
  function ensureRoom(): void {
    if (atWork >= MOST_AT_WORK) throw new HubError('server.busy', { message: 'Too many lists are waiting' });
  }

  /** The draft as it is in a transaction that changes it; its revision is raised. */
  async function changeDraft(
    tx: Transaction,
    id: string,
    change: { mapping?: Mapping },
  ): Promise<ImportRecord> {
    const record = await findImport(tx, id);
    if (!record) throw new HubError('not-found');
    if (record.state === 'done') throw new HubError('import.done');
    const changed = { ...change, revision: record.revision + 1 };
    await updateImport(tx, id, changed);
    return { ...record, ...changed };
  }

  return {
    /**
     * Reads a file for a target and keeps its rows, sealed, until they are imported or given up. Throws `spreadsheet.*` for
     * what cannot be read, `import.done-before` for a file that this target has had and `server.busy` where too many wait.
     */
    async begin(
      caller: Caller,
      kindName: ImportKind['kind'],
      target: string,
      file: Incoming<Uint8Array<ArrayBuffer>>,
    ): Promise<ImportView> {
      const kind = kindOf(kindName);
      const { actor, regionCode } = await kind.admit(caller, target);
      ensureRoom();
      const bytes = await receive(file);
      if (bytes.length > LARGEST_FILE_BYTES) throw new HubError('spreadsheet.too-large');
      const fileHash = createHash('sha256').update(bytes).digest('hex');
      const before = await findDoneImport(db, { kind: kindName, target, fileHash });
      if (before) throw new HubError('import.done-before', { params: { doneAt: before.doneAt ?? '' } });

      ensureRoom();
      atWork += 1;
      const table = await openTable(bytes, kind.columns).catch((error: unknown) => {
        atWork -= 1;
        throw refusalOf(error);
      });
      const record: ImportRecord = {
        id: newId<'import'>(),
        kind: kindName,
        target,
        regionCode,
        accountId: actor.accountId,
        fileHash,
        state: 'reading',
        head: table.head,
        mapping: proposeMapping(table.head.headings, kind.columns),
        createdAt: instant(clock.now()),
        doneAt: null,
        result: null,
        revision: 0,
      };
      try {
        await insertImport(db, record);
        for await (const batch of table.batches())
          for await (const slice of slicesOf(batch, ROWS_A_SLICE))
            await insertImportRows(
              db,
              slice.map((row) => sealRow(vault, record.id, row)),
            );
      } catch (error) {
        await forget([record.id]);
        throw refusalOf(error);
      } finally {
        atWork -= 1;
        await table.close();
      }
      const draft = { ...record, state: 'draft' as const };
      await updateImport(db, record.id, { state: 'draft' });
      return show(draft, kind, actor);
    },

    async read(caller: Caller, id: string): Promise<ImportView> {
      const { record, kind, actor } = await requireOwn(caller, id);
      return show(record, kind, actor);
    },

    /** Says which column of the sheet is which. Throws `input.invalid` for a column that there is not, or that serves two. */
    async map(caller: Caller, id: string, mapping: Mapping): Promise<ImportView> {
      const { record, kind, actor } = await requireDraft(caller, id);
      const width = (record.head as TableHead).headings.length;
      const taken = new Set<number>();
      for (const [key, at] of Object.entries(mapping)) {
        if (!kind.columns.some((column) => column.key === key) || at >= width)
          throw fieldError(`mapping.${key}`, 'unknown', 'There is no such column');
        if (taken.has(at)) throw fieldError(`mapping.${key}`, 'twice', 'The column serves another already');
        taken.add(at);
      }
      const changed = await db.transaction((tx) => changeDraft(tx, id, { mapping }));
      return show(changed, kind, actor);
    },

    /** Mends cells of a row, or leaves the row out. What is typed is read like the file. */
    async mend(
      caller: Caller,
      id: string,
      number: number,
      change: { cells?: Record<string, string>; skipped?: boolean },
    ): Promise<ImportView> {
      const { kind, actor } = await requireDraft(caller, id);
      const changed = await db.transaction(async (tx) => {
        const record = await changeDraft(tx, id, {});
        const found = await findImportRow(tx, id, number);
        if (!found) throw new HubError('not-found');
        const row = openRow(vault, found);
        for (const [key, text] of Object.entries(change.cells ?? {})) {
          const at = record.mapping[key];
          if (at === undefined) throw fieldError(`cells.${key}`, 'unknown', 'There is no such column');
          while (row.cells.length <= at) row.cells.push({ kind: 'text', text: '' });
          row.cells[at] = { kind: 'text', text: plainText(text) };
        }
        await updateImportRow(tx, found, {
          cellsSealed: sealRow(vault, id, row).cellsSealed,
          skipped: change.skipped ?? found.skipped,
        });
        return record;
      });
      return show(changed, kind, actor);
    },

    /**
     * Takes everything over, or nothing: throws `import.faulty` while a cell is wrong, `conflict` where the draft was changed
     * meanwhile. Done already, the result is told again.
     */
    async confirm(caller: Caller, id: string, declaration: Declaration): Promise<ImportView> {
      const own = await requireOwn(caller, id);
      const { record, kind, actor } = own;
      if (record.state === 'done') return show(record, kind, actor);
      const { judgement } = await judge(record, kind, actor);
      if (judgement.faults.length > 0)
        throw new HubError('import.faulty', { params: { count: judgement.faults.length } });
      const doneAt = instant(clock.now());
      const done = await db.transaction(async (tx): Promise<ImportRecord> => {
        const now = await findImport(tx, id);
        if (!now) throw new HubError('not-found');
        if (now.state === 'done') return now;
        if (now.revision !== record.revision)
          throw new HubError('conflict', { message: 'The draft was changed while it was judged' });
        const before = await findDoneImport(tx, record);
        if (before) throw new HubError('import.done-before', { params: { doneAt: before.doneAt ?? '' } });
        const { target } = record;
        const result = await kind.carryOut(tx, judgement.plan, { actor, target, declaration });
        const change = { state: 'done' as const, doneAt, result };
        await updateImport(tx, id, change);
        await deleteImportRows(tx, [id]);
        await audit(tx, clock, {
          actorAccountId: actor.accountId,
          action: `import.${record.kind}`,
          objectKind: 'import',
          objectId: id,
          regionCode: own.regionCode,
          detail: { target, fileHash: record.fileHash, ...result },
        });
        return { ...record, ...change };
      });
      return show(done, kind, actor);
    },

    /** Gives a draft up: its rows are gone at once. */
    async giveUp(caller: Caller, id: string): Promise<void> {
      const { record } = await requireDraft(caller, id);
      // It was carried out in this very moment, or given up before.
      if ((await forget([record.id])) === 0) await requireDraft(caller, id);
    },

    /** An empty table to fill in, with an example that is not imported. */
    async template(caller: Caller, kindName: string): Promise<{ fileName: string; bytes: Buffer }> {
      actorWhoMay(caller, 'import.own');
      const { kind, columns } = kindOf(kindName);
      const name = kind === 'enrolments' ? '报名名单' : '乡镇和村';
      const bytes = await writeXlsx({
        name,
        columns: columns.map(({ headings, width, choices }) => ({ heading: headings[0]!, width, choices })),
        rows: [columns.map((column, at) => (at === 0 ? `（示例）${column.example}` : column.example))],
      });
      return { fileName: `${name}模板.xlsx`, bytes };
    },

    /** Forgets what nobody carried out. */
    sweepJob: {
      name: 'imports.sweep',
      async run() {
        const before = instant(clock.now() - KEPT_MS);
        let forgotten = 0;
        for (;;) {
          const ids = await listAbandoned(db, before, SWEPT_AT_ONCE);
          forgotten += await forget(ids);
          if (ids.length < SWEPT_AT_ONCE) return forgotten > 0 ? { forgotten } : undefined;
        }
      },
    } satisfies DailyJob,
  };
}
