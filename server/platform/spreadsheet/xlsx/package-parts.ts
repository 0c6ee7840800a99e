import { promisify } from 'node:util';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { SpreadsheetError } from '../contract.ts';
import type { ReadLimits } from '../limits.ts';

/** A workbook of a hundred sheets with pictures has some hundred parts. */
const MOST_ENTRIES = 2000;
/** XML of a real sheet packs up to about 60 to 1; a bomb 1000 to 1. Small parts may pack tighter. */
const TIGHTEST_RATIO = 200;
const RATIO_FROM_BYTES = 8 * 1024 * 1024;

const open = promisify((bytes: Buffer, done: (error: Error | null, zip: ZipFile) => void) =>
  fromBuffer(bytes, { lazyEntries: true }, done),
);

/** The parts of an xlsx package, by path. */
export interface PackageParts {
  has(path: string): boolean;
  /**
   * A part's text, piece by piece. Throws `too-large` before anything is unpacked when its declared size breaks the bounds;
   * a part that unpacks to more than it declared is `damaged`.
   */
  text(path: string): AsyncIterable<string>;
}

/** Opens the package by its central directory. Throws `damaged`, `too-large`, `encrypted` or `macros`. */
export async function openPackage(bytes: Uint8Array, limits: ReadLimits): Promise<PackageParts> {
  const zip = await open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)).catch(
    (error: unknown) => {
      throw new SpreadsheetError('damaged', { cause: error });
    },
  );
  if (zip.entryCount > MOST_ENTRIES) throw new SpreadsheetError('too-large');
  const entries = await listEntries(zip);
  let inflated = 0;

  return {
    has: (path) => entries.has(path),
    async *text(path) {
      const entry = entries.get(path);
      if (!entry) throw new SpreadsheetError('damaged');
      inflated += entry.uncompressedSize;
      const ratio = entry.uncompressedSize / Math.max(1, entry.compressedSize);
      if (
        inflated > limits.inflatedBytes ||
        (ratio > TIGHTEST_RATIO && entry.uncompressedSize > RATIO_FROM_BYTES)
      )
        throw new SpreadsheetError('too-large');
      yield* inflate(zip, entry);
    },
  };
}

async function* inflate(zip: ZipFile, entry: Entry): AsyncIterable<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    const stream = await promisify(
      zip.openReadStream.bind(zip) as (
        entry: Entry,
        done: (error: Error | null, stream: NodeJS.ReadableStream) => void,
      ) => void,
    )(entry);
    for await (const chunk of stream) yield decoder.decode(chunk as Buffer, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (error instanceof SpreadsheetError) throw error;
    throw new SpreadsheetError('damaged', { cause: error });
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (error) => reject(new SpreadsheetError('damaged', { cause: error })));
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      if (entry.isEncrypted()) return reject(new SpreadsheetError('encrypted'));
      if (/(^|\/)vbaProject\.bin$/i.test(entry.fileName)) return reject(new SpreadsheetError('macros'));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
  return entries;
}
