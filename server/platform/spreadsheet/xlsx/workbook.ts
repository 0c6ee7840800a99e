import { posix } from 'node:path';
import { SpreadsheetError } from '../contract.ts';
import type { PackageParts } from './package-parts.ts';
import { readXml } from './read-xml.ts';

/** What a workbook says about its sheets, in their order. */
export interface Workbook {
  sheets: { name: string; hidden: boolean; path: string }[];
  since1904: boolean;
  stylesPath: string | undefined;
  stringsPath: string | undefined;
}

interface Relation {
  id: string;
  /** The last part of the relation's type: `worksheet`, `styles`, `sharedStrings`. */
  type: string;
  path: string;
}

/** Follows the package's relations to the workbook. Throws `not-a-spreadsheet`, `other-format` or `macros`. */
export async function readWorkbook(parts: PackageParts): Promise<Workbook> {
  if (parts.has('mimetype') || parts.has('xl/workbook.bin')) throw new SpreadsheetError('other-format');
  if (!parts.has('[Content_Types].xml') || !parts.has('_rels/.rels'))
    throw new SpreadsheetError('not-a-spreadsheet');
  await ensureNoMacros(parts);
  const main = (await relationsOf(parts, '')).find((relation) => relation.type === 'officeDocument');
  if (!main || !parts.has(main.path)) throw new SpreadsheetError('not-a-spreadsheet');

  const relations = await relationsOf(parts, main.path);
  const sheets: Workbook['sheets'] = [];
  let since1904 = false;
  let isWorkbook = false;
  await readXml(parts.text(main.path), {
    open(name, attributes) {
      if (name === 'workbook') isWorkbook = true;
      if (name === 'workbookPr') since1904 = ['1', 'true'].includes(attributes.date1904 ?? '');
      if (name !== 'sheet') return;
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      const relation = relations.find((candidate) => candidate.id === id);
      // Chart sheets have no cells.
      if (relation?.type !== 'worksheet') return;
      const hidden = (attributes.state ?? 'visible') !== 'visible';
      sheets.push({ name: attributes.name ?? '', hidden, path: relation.path });
    },
  });
  if (!isWorkbook) throw new SpreadsheetError('not-a-spreadsheet');
  const pathOf = (type: string) =>
    relations.find((relation) => relation.type === type && parts.has(relation.path))?.path;
  return { sheets, since1904, stylesPath: pathOf('styles'), stringsPath: pathOf('sharedStrings') };
}

async function ensureNoMacros(parts: PackageParts): Promise<void> {
  await readXml(parts.text('[Content_Types].xml'), {
    open(_, attributes) {
      if (/macroEnabled/i.test(attributes.ContentType ?? '')) throw new SpreadsheetError('macros');
    },
  });
}

async function relationsOf(parts: PackageParts, source: string): Promise<Relation[]> {
  const folder = posix.dirname(source);
  const path = posix.join(folder, '_rels', `${posix.basename(source)}.rels`);
  if (!parts.has(path)) return [];
  const relations: Relation[] = [];
  await readXml(parts.text(path), {
    open(name, { Id = '', Type = '', Target = '', TargetMode }) {
      if (name !== 'Relationship' || TargetMode === 'External') return;
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(folder, Target);
      relations.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), path: target });
    },
  });
  return relations;
}
