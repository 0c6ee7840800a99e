/** What a browser says of the page that asks. A WebSocket always names its origin, so there `site` may be left out. */
export interface Asking {
  origin: string | undefined;
  host: string | undefined;
  /** `Sec-Fetch-Site`. */
  site?: string | undefined;
}

/**
 * True when a request or handshake comes from our own pages, or from a program that is no browser. The hub is known by
 * the `Host` it was asked under and, behind a proxy that rewrites that, by `publicOrigin`. Browsers name the origin of
 * every write and every WebSocket, and send our cookies along: so this is what keeps others' pages out.
 */
export function isOwnOrigin({ origin, host, site }: Asking, publicOrigin: string | undefined): boolean {
  if (origin !== undefined && origin === publicOrigin) return true;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}
