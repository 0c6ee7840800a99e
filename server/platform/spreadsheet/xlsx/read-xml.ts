import { SaxesParser } from 'saxes';
import { SpreadsheetError } from '../contract.ts';

/** What a reader of one part listens to. Names come without their namespace's prefix. */
export interface XmlListener {
  open?(name: string, attributes: Partial<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Reads a part as it is unpacked. A doctype is refused: no spreadsheet has one, and entities could be defined in it. */
export async function readXml(pieces: AsyncIterable<string>, listener: XmlListener): Promise<void> {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw new SpreadsheetError('damaged', { cause: error });
  });
  parser.on('doctype', () => {
    throw new SpreadsheetError('damaged');
  });
  parser.on('opentag', (tag) => listener.open?.(localName(tag.name), tag.attributes));
  parser.on('closetag', (tag) => listener.close?.(localName(tag.name)));
  if (listener.text) {
    parser.on('text', (text) => listener.text!(text));
    parser.on('cdata', (text) => listener.text!(text));
  }
  for await (const piece of pieces) parser.write(piece);
  parser.close();
}

function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
