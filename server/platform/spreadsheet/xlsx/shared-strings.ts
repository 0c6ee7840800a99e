import { plainText } from '../cells.ts';
import { SpreadsheetError } from '../contract.ts';
import { LONGEST_CELL, MOST_CHARACTERS } from '../limits.ts';
import type { PackageParts } from './package-parts.ts';
import { readXml } from './read-xml.ts';

/** The texts that cells point to. How a word is pronounced (`rPh`) is not part of it. */
export async function readSharedStrings(parts: PackageParts, path: string | undefined): Promise<string[]> {
  if (path === undefined) return [];
  const strings: string[] = [];
  let characters = 0;
  let text = '';
  let inText = false;
  let pronounced = false;
  await readXml(parts.text(path), {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') pronounced = true;
      else if (name === 't') inText = !pronounced;
    },
    text(piece) {
      if (inText && text.length < LONGEST_CELL) text += piece;
    },
    close(name) {
      if (name === 't') inText = false;
      else if (name === 'rPh') pronounced = false;
      else if (name === 'si') {
        characters += text.length;
        if (characters > MOST_CHARACTERS) throw new SpreadsheetError('too-large');
        strings.push(plainText(unescape(text)));
      }
    },
  });
  return strings;
}

/** `_x000D_` stands for a character that XML cannot hold. */
export function unescape(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}
