import type { IncomingHttpHeaders } from 'node:http';
import { isOwnOrigin as isOwn } from '../platform/http/own-origin.ts';

/** The rule of HTTP, asked of a handshake: browsers let any page open a WebSocket, cookies included. */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicOrigin: string | undefined): boolean {
  const { origin, host } = headers;
  return isOwn({ origin, host }, publicOrigin);
}

/** Node's header record as the Headers that an Authenticator reads. */
export function headersOf(raw: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
