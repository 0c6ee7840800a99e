import type { Sheet } from '../contract.ts';
import type { ReadLimits } from '../limits.ts';
import { openPackage } from './package-parts.ts';
import { readSharedStrings } from './shared-strings.ts';
import { readDateStyles } from './styles.ts';
import { readWorkbook } from './workbook.ts';
import { readWorksheet } from './worksheet.ts';

/** The sheets of a workbook; hidden ones by name only. The bounds hold for all sheets together. */
export async function readXlsx(bytes: Uint8Array, limits: ReadLimits): Promise<Sheet[]> {
  const parts = await openPackage(bytes, limits);
  const workbook = await readWorkbook(parts);
  const context = {
    strings: await readSharedStrings(parts, workbook.stringsPath),
    dateStyles: await readDateStyles(parts, workbook.stylesPath),
    since1904: workbook.since1904,
  };
  const sheets: Sheet[] = [];
  for (const { name, hidden, path } of workbook.sheets)
    sheets.push({ name, hidden, rows: hidden ? [] : await readWorksheet(parts, path, context, limits) });
  return sheets;
}
