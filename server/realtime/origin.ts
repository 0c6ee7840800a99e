import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a handshake comes from our own pages, or from a program that is no browser. Browsers name the origin of
 * every WebSocket and let any page open one, cookies included: so this is what keeps others' pages out.
 */
export function isOwnOrigin(headers: IncomingHttpHeaders, publicOrigin: string | undefined): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (origin === publicOrigin) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** Node's header record as the Headers that an Authenticator reads. */
export function headersOf(raw: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(raw)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
