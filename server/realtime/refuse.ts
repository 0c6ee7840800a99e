import { HubError } from '../platform/errors.ts';
import type { Locale } from '../platform/http/environment.ts';
import { sentenceFor } from '../platform/http/sentences.ts';
import type { Logger } from '../platform/log.ts';
import type { SocketRefusal } from './messages.ts';

/** Turns anything thrown into a refusal. A fault of ours is logged whole and told without detail. */
export function refuse(thrown: unknown, locale: Locale, log: Logger, message: string): SocketRefusal {
  const known = thrown instanceof HubError;
  if (!known || thrown.status >= 500) log.error({ err: thrown, message }, 'a socket message failed');
  const error = known ? thrown : new HubError('server.failed', { cause: thrown });
  return {
    code: error.code,
    sentence: sentenceFor(error.code, locale, error.params),
    fields: error.fields,
    params: error.params,
  };
}
