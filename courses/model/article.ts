import { ASSET_NAME } from './asset-name.ts';

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'strong'; text: string }
  | { kind: 'link'; text: string; href: string };

/** One piece of an article, as pages draw it and the voice reads it. */
export type Block =
  | { kind: 'heading'; level: 2 | 3; text: Inline[] }
  | { kind: 'paragraph'; text: Inline[] }
  | { kind: 'list'; ordered: boolean; start: number; items: Inline[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }
  /** `> **提示** …`: what stands apart. */
  | { kind: 'note'; text: Inline[][] }
  /** `asset` is null where the address is no asset of a course. */
  | { kind: 'picture'; asset: string | null; alt: string };

const HEADING = /^(#{1,3})\s+(.*?)\s*#*$/;
const PICTURE = /^!\[([^\]]*)\]\(([^)\s]*)\)$/;
const ITEM = /^\s{0,3}(?:[-*]|(\d{1,3})[.)、])\s+(.*)$/;
const RULER = /^\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?$/;

/**
 * Reads the subset of CommonMark that courses are written in: headings, paragraphs, flat lists, tables, notes (quotes),
 * pictures on a line of their own; inside them bold and links. Anything else is text: nothing becomes markup by itself.
 */
export function parseArticle(body: string): Block[] {
  const lines = body.replace(/\r\n?/g, '\n').split('\n');
  const blocks: Block[] = [];
  let at = 0;
  const takeWhile = (test: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && lines[at]!.trim() !== '' && test(lines[at]!)) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at]!.trim();
    const heading = HEADING.exec(line);
    const picture = PICTURE.exec(line);
    if (line === '') at += 1;
    else if (heading) {
      blocks.push({ kind: 'heading', level: heading[1]!.length > 2 ? 3 : 2, text: parseInline(heading[2]!) });
      at += 1;
    } else if (picture) {
      const [, alt = '', address = ''] = picture;
      blocks.push({ kind: 'picture', asset: ASSET_NAME.test(address) ? address : null, alt });
      at += 1;
    } else if (line.startsWith('>')) {
      blocks.push(readNote(takeWhile((one) => one.trim().startsWith('>'))));
    } else if (ITEM.test(lines[at]!)) {
      blocks.push(readList(takeWhile((one) => ITEM.test(one) || /^\s+\S/.test(one))));
    } else if (line.includes('|') && RULER.test(lines[at + 1]?.trim() ?? '')) {
      blocks.push(readTable(takeWhile((one) => one.includes('|'))));
    } else {
      // The line that begins it belongs to it, whatever it looks like.
      const first = at;
      const text = takeWhile((one) => at === first || !beginsAnother(one));
      blocks.push({ kind: 'paragraph', text: parseInline(joinLines(text)) });
    }
  }
  return blocks;
}

function beginsAnother(line: string): boolean {
  const trimmed = line.trim();
  return HEADING.test(trimmed) || PICTURE.test(trimmed) || trimmed.startsWith('>') || ITEM.test(line);
}

function readNote(lines: string[]): Block {
  const paragraphs: string[][] = [[]];
  for (const line of lines.map((one) => one.trim().replace(/^>\s?/, ''))) {
    if (line.trim() === '') paragraphs.push([]);
    else paragraphs.at(-1)!.push(line);
  }
  const text = paragraphs.filter((one) => one.length > 0).map((one) => parseInline(joinLines(one)));
  return { kind: 'note', text };
}

function readList(lines: string[]): Block {
  const items: string[][] = [];
  let start: number | undefined;
  for (const line of lines) {
    const item = ITEM.exec(line);
    if (!item) {
      items.at(-1)!.push(line);
      continue;
    }
    if (items.length === 0 && item[1] !== undefined) start = Number(item[1]);
    items.push([item[2]!]);
  }
  return {
    kind: 'list',
    ordered: start !== undefined,
    start: start ?? 1,
    items: items.map((item) => parseInline(joinLines(item))),
  };
}

function readTable(lines: string[]): Block {
  const [head, , ...rows] = lines.map((line) =>
    line
      .trim()
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => parseInline(cell.trim())),
  );
  const width = head!.length;
  // A row is as wide as the head, whatever was written.
  const fit = (row: Inline[][]) => Array.from({ length: width }, (_, n) => row[n] ?? []);
  return { kind: 'table', head: head!, rows: rows.map(fit) };
}

/** Lines of one paragraph: no space where either side is Chinese. */
function joinLines(lines: string[]): string {
  return lines
    .map((line) => line.trim())
    .reduce((whole, line) => {
      const latin = /[\x21-\x7e]$/.test(whole) && /^[\x21-\x7e]/.test(line);
      return whole + (latin ? ' ' : '') + line;
    });
}

const INLINE = /\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:\/\/[^)\s]+)\)/g;

function parseInline(text: string): Inline[] {
  const parts: Inline[] = [];
  let from = 0;
  for (const match of text.matchAll(INLINE)) {
    if (match.index > from) parts.push({ kind: 'text', text: text.slice(from, match.index) });
    if (match[1] !== undefined) parts.push({ kind: 'strong', text: match[1] });
    else parts.push({ kind: 'link', text: match[2]!, href: match[3]! });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

export function picturesOf(blocks: readonly Block[]): Extract<Block, { kind: 'picture' }>[] {
  return blocks.filter((block) => block.kind === 'picture');
}

/** What a voice says of a block, a table row by row; a picture by its description. */
export function spokenText(block: Block): string {
  const plain = (inline: Inline[]) => inline.map(({ text }) => text).join('');
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return plain(block.text);
    case 'note':
      return block.text.map(plain).join('\n');
    case 'list':
      return block.items
        .map((item, n) => (block.ordered ? `${block.start + n}、` : '') + plain(item))
        .join('\n');
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(plain).join('，')).join('\n');
    case 'picture':
      return block.alt;
  }
}
