/** A top-level or nested ISO BMFF box (ISO 14496-12 4.2). `bytes` is the whole box, `body` what follows its header. */
export interface Box {
  type: string;
  bytes: Buffer;
  body: Buffer;
}

/** Header at `at`: the box's type, whole length and header length; null while the header is not all there. */
export function readBoxHeader(
  bytes: Buffer,
  at: number,
): { type: string; size: number; header: number } | null {
  if (bytes.length < at + 8) return null;
  const size = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  if (size !== 1) return { type, size, header: 8 };
  if (bytes.length < at + 16) return null;
  return { type, size: Number(bytes.readBigUInt64BE(at + 8)), header: 16 };
}

/** The whole boxes in `bytes`, in order; a cut-off last one is left out. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  let at = 0;
  for (;;) {
    const found = readBoxHeader(bytes, at);
    if (!found || found.size < found.header || at + found.size > bytes.length) return boxes;
    boxes.push({
      type: found.type,
      bytes: bytes.subarray(at, at + found.size),
      body: bytes.subarray(at + found.header, at + found.size),
    });
    at += found.size;
  }
}

/** First box down the path, for example `findBox(moov, 'trak', 'mdia', 'mdhd')`. */
export function findBox(within: Box, ...path: string[]): Box | undefined {
  let current: Box | undefined = within;
  for (const type of path) current = current && readBoxes(current.body).find((box) => box.type === type);
  return current;
}

/** Cuts a byte stream of boxes at their ends, however the chunks fall. */
export class BoxReader {
  #pending: Buffer[] = [];
  #length = 0;
  #wanted = 8;

  push(chunk: Buffer): Box[] {
    this.#pending.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return [];
    const bytes = this.#pending.length === 1 ? chunk : Buffer.concat(this.#pending);
    const boxes = readBoxes(bytes);
    const used = boxes.reduce((sum, box) => sum + box.bytes.length, 0);
    const rest = bytes.subarray(used);
    this.#pending = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    this.#wanted = Math.max(readBoxHeader(rest, 0)?.size ?? 0, rest.length + 1, 8);
    return boxes;
  }
}

export function makeBox(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}
