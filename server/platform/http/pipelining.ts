import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Browsers and proxies ask one thing at a time on a connection; a second may come while the first answer ends. */
const MOST_OPEN_REQUESTS = 3;

/**
 * Ends a connection on which too many requests wait for their answers: Node begins them all, and what a client does not
 * read of each would wait in memory. Returns whether the request may be answered.
 */
export function openPipelineGuard(): (request: IncomingMessage, response: ServerResponse) => boolean {
  const open = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (open.get(socket) ?? 0) + 1;
    open.set(socket, count);
    response.once('close', () => open.set(socket, (open.get(socket) ?? 1) - 1));
    if (count <= MOST_OPEN_REQUESTS) return true;
    socket.destroy();
    return false;
  };
}
