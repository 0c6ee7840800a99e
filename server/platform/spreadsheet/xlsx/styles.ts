import type { PackageParts } from './package-parts.ts';
import { readXml } from './read-xml.ts';

/** Number formats that Excel does not write out and that show a day; 27–36 and 50–58 are the Chinese ones. */
const BUILT_IN_DATES: readonly (readonly [number, number])[] = [
  [14, 17],
  [22, 22],
  [27, 31],
  [36, 36],
  [50, 54],
  [57, 58],
];

/** True when a number format shows a day: `yyyy"年"m"月"`, `[$-804]d`. Text in quotes and brackets does not count. */
export function showsDay(format: string): boolean {
  return /[yed]/i.test(format.replace(/"[^"]*"|\\.|\[[^\]]*\]|General/gi, ''));
}

/** Which cell styles show their number as a day, by the style's index. */
export async function readDateStyles(parts: PackageParts, path: string | undefined): Promise<boolean[]> {
  if (path === undefined) return [];
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCellStyles = false;
  await readXml(parts.text(path), {
    open(name, attributes) {
      if (name === 'numFmt') custom.set(Number(attributes.numFmtId), showsDay(attributes.formatCode ?? ''));
      if (name === 'cellXfs') inCellStyles = true;
      if (name !== 'xf' || !inCellStyles) return;
      const id = Number(attributes.numFmtId ?? 0);
      styles.push(custom.get(id) ?? BUILT_IN_DATES.some(([from, to]) => id >= from && id <= to));
    },
    close(name) {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  return styles;
}
