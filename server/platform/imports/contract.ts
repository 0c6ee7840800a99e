import type { Actor, Caller } from '../access/actor.ts';
import type { Transaction } from '../database/open.ts';
import type { Cell, ColumnNames } from '../spreadsheet/contract.ts';

/** A column that a kind of import reads; the template has them in this order, under their first heading. */
export interface ImportColumn extends ColumnNames {
  /** Without it nothing can be imported: the table must have such a column. */
  required: boolean;
  /** What the template's example says. */
  example: string;
  /** In characters, in the template. */
  width: number;
  choices?: readonly string[];
}

/** A row under the keys of its columns; a column that is not mapped has an empty cell. */
export interface MappedRow {
  number: number;
  cells: Readonly<Record<string, Cell>>;
}

/** What is wrong with one cell. `rule` names it, the web has words for it. */
export interface CellFault {
  row: number;
  column: string;
  rule: string;
  params?: Record<string, string | number>;
}

/** What an import would do. `figures` are counts under names that the web has words for; `plan` goes to `carryOut` only. */
export interface Judgement<Plan> {
  faults: CellFault[];
  figures: Record<string, number>;
  plan: Plan;
}

/** What the person who imports declares at the end. */
export interface Declaration {
  consent?: { method: 'paper' | 'spoken'; sensitive: boolean };
}

/** A kind of import, as its room offers it. */
export interface ImportKind<Plan = unknown> {
  kind: 'enrolments' | 'regions';
  columns: readonly ImportColumn[];
  /** Who may import into a target, and the region it lies in. Throws what any verb throws. */
  admit(caller: Caller, target: string): Promise<{ actor: Actor; regionCode: string }>;
  /** Reads the rows as they would be imported; touches nothing. */
  judge(rows: readonly MappedRow[], about: { actor: Actor; target: string }): Promise<Judgement<Plan>>;
  /** Everything, in the given transaction, or nothing. Throws when the world has changed since it was judged. */
  carryOut(
    tx: Transaction,
    plan: Plan,
    about: { actor: Actor; target: string; declaration: Declaration },
  ): Promise<Record<string, number>>;
}
