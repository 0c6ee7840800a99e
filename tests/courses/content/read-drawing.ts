import { SaxesParser } from 'saxes';

export interface Drawing {
  root: string;
  viewBox: string | undefined;
  /** Names of the first elements inside the root, in their order. */
  first: string[];
  title: string;
  desc: string;
  elements: ReadonlySet<string>;
}

/** Reads an SVG as strictly as XML asks; throws at its first fault. */
export function readDrawing(svg: string): Drawing {
  const parser = new SaxesParser({ xmlns: true });
  const open: string[] = [];
  const children: string[] = [];
  const words: Record<string, string> = {};
  const elements = new Set<string>();
  let root = '';
  let viewBox: string | undefined;
  parser.on('error', (fault) => {
    throw fault;
  });
  parser.on('opentag', (tag) => {
    if (open.length === 0) {
      root = `${tag.ns[''] ?? ''} ${tag.name}`;
      viewBox = tag.attributes.viewBox?.value;
    }
    if (open.length === 1) children.push(tag.name);
    elements.add(tag.name);
    open.push(tag.name);
  });
  parser.on('text', (text) => {
    const at = open.at(-1) ?? '';
    words[at] = (words[at] ?? '') + text;
  });
  parser.on('closetag', () => open.pop());
  parser.write(svg).close();
  return {
    root,
    viewBox,
    first: children.slice(0, 2),
    title: (words.title ?? '').trim(),
    desc: (words.desc ?? '').trim(),
    elements,
  };
}
