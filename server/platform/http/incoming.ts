/**
 * A file as a verb takes it: at hand, or on its way, to be received once the caller is known to be allowed. Receiving throws
 * `server.busy` and `input.too-large`.
 */
export type Incoming<Bytes extends Uint8Array = Buffer> = Bytes | (() => Promise<Bytes>);

export async function receive<Bytes extends Uint8Array>(file: Incoming<Bytes>): Promise<Bytes> {
  return typeof file === 'function' ? file() : file;
}
