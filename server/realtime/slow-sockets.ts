import type { HubSocket } from './connection.ts';

/** What may wait to be sent to one page: far more than a page that reads ever leaves. */
const MOST_WAITING_BYTES = 512 * 1024;
const MOST_WAITING_PACKETS = 500;

/** The part of a transport that WebSocket and polling share, and what WebSocket adds. */
interface Transport {
  socket?: { bufferedAmount?: number; terminate?(): void };
}

/**
 * Ends sockets that do not read what is said to them: everything would wait for them in memory. Their pages come back
 * by themselves and fetch what they missed. Returns how many were ended.
 */
export function endSlowSockets(sockets: Iterable<HubSocket>): number {
  let ended = 0;
  for (const { conn } of sockets) {
    const { writeBuffer } = conn as unknown as { writeBuffer: unknown[] };
    const { socket: line } = conn.transport as unknown as Transport;
    const slow =
      writeBuffer.length > MOST_WAITING_PACKETS || (line?.bufferedAmount ?? 0) > MOST_WAITING_BYTES;
    if (!slow) continue;
    conn.close(true);
    // A polite end would wait half a minute for an answer that is not read either.
    line?.terminate?.();
    ended += 1;
  }
  return ended;
}
