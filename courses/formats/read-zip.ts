import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { CourseFileError } from './contract.ts';

const MOST_ENTRIES = 520;
const LARGEST_ENTRY_BYTES = 30 * 1024 * 1024;
const MOST_BYTES = 200 * 1024 * 1024;

/**
 * Everything in a ZIP, by path. What it would unpack to is looked at before anything is unpacked, and no entry may
 * unpack to more than it says. Throws {@link CourseFileError} `damaged` or `too-large`.
 */
export async function readZip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true, strictFileNames: true }).catch(refuse);
  if (zip.entryCount > MOST_ENTRIES) throw new CourseFileError('too-large');
  const entries = await listEntries(zip);
  let total = 0;
  for (const { fileName, uncompressedSize } of entries) {
    total += uncompressedSize;
    if (uncompressedSize > LARGEST_ENTRY_BYTES || total > MOST_BYTES)
      throw new CourseFileError('too-large', { path: fileName });
  }
  const files = new Map<string, Buffer>();
  for (const entry of entries) {
    if (files.has(entry.fileName)) throw new CourseFileError('damaged', { path: entry.fileName });
    files.set(entry.fileName, await unpack(zip, entry));
  }
  return files;
}

function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = [];
  return new Promise<Entry[]>((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      zip.readEntry();
    });
    zip.readEntry();
  }).catch(refuse);
}

async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  } catch (error) {
    throw new CourseFileError('damaged', { path: entry.fileName, cause: error });
  }
}

function refuse(error: unknown): never {
  throw new CourseFileError('damaged', { cause: error });
}
