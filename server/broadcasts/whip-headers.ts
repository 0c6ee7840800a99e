import type { IceServer } from '../platform/config.ts';
import { HubError } from '../platform/errors.ts';
import type { IceCondition } from './sdp-sessions.ts';

/** Throws `input.media-type` where the body is of another type than the address takes; parameters do not count. */
export function ensureContentType(header: string | undefined, wanted: string): void {
  const type = header?.split(';')[0]?.trim().toLowerCase();
  if (type !== wanted)
    throw new HubError('input.media-type', { message: `Send ${wanted}`, params: { wanted } });
}

/**
 * `If-Match` as RFC 9725 4.3 uses it, whose examples write its `*` between quotes, as clients then do. Weak tags never
 * match (RFC 9110 13.1.1). Throws `precondition.required`.
 */
export function readIfMatch(header: string | undefined): IceCondition {
  if (header === undefined)
    throw new HubError('precondition.required', {
      message: 'If-Match with the ETag of the ICE session is required',
    });
  if (/^\s*(?:\*|"\*")\s*$/.test(header)) return { any: true };
  const names = header.split(',').flatMap((tag) => /^\s*"([^"]*)"\s*$/.exec(tag)?.[1] ?? []);
  return { any: false, names };
}

/** One `Link` header for each address of each server (RFC 9725 4.6). */
export function iceServerLinks(servers: readonly IceServer[]): string[] {
  return servers.flatMap(({ urls, username, credential }) =>
    urls.map((url) => {
      const login =
        username === undefined || credential === undefined
          ? ''
          : `; username="${quoted(username)}"; credential="${quoted(credential)}"; credential-type="password"`;
      return `<${url}>; rel="ice-server"${login}`;
    }),
  );
}

const quoted = (value: string) => value.replace(/["\\]/g, '\\$&');
