import type { Context, ErrorHandler, NotFoundHandler } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { HubError, type ErrorCode } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { HubEnv } from './environment.ts';
import { sentenceFor } from './sentences.ts';

/** What every refused request answers. `sentence` is in the reader's language; `message` is for integrators. */
export interface ErrorBody {
  error: {
    code: ErrorCode;
    sentence: string;
    message: string;
    fields: { path: string; rule: string; message: string }[];
    params: Record<string, string | number>;
    requestId: string;
  };
}

/** When to ask again where nothing else is known. A worker is replaced and a database free again well within it. */
const RETRY_SECONDS: Partial<Record<number, number>> = { 429: 60, 503: 2 };

function answer(c: Context<HubEnv>, error: HubError): Response {
  const body: ErrorBody = {
    error: {
      code: error.code,
      sentence: sentenceFor(error.code, c.get('locale') ?? 'zh-CN', error.params),
      message: error.message,
      fields: error.fields,
      params: error.params,
      requestId: c.get('requestId') ?? '',
    },
  };
  const retryAfter = error.params.retryAfterSeconds ?? RETRY_SECONDS[error.status];
  if (retryAfter !== undefined) c.header('Retry-After', String(retryAfter));
  const challenge = challengeOf(error, c.req.header('authorization') !== undefined);
  if (challenge) c.header('WWW-Authenticate', challenge);
  // What is not there yet, or not for this asker, may be in a moment: no cache may answer so to others.
  c.header('Cache-Control', 'no-store');
  return c.json(body, error.status);
}

/** Whoever showed a token learns what is wrong with it (RFC 6750 3.1); whoever showed none, that one is wanted. */
function challengeOf({ status }: HubError, showedToken: boolean): string | undefined {
  if (status === 401) return showedToken ? 'Bearer error="invalid_token"' : 'Bearer';
  return status === 403 && showedToken ? 'Bearer error="insufficient_scope"' : undefined;
}

/** Turns anything thrown into an answer. A fault of ours is logged whole and answered without detail. */
export function errorHandler(log: Logger): ErrorHandler<HubEnv> {
  return (thrown, c) => {
    if (thrown instanceof HubError) {
      // A hub that is full is not out of order.
      if (thrown.status >= 500 && thrown.code !== 'media.full' && thrown.code !== 'server.busy')
        log.error({ err: thrown, requestId: c.get('requestId') }, thrown.code);
      return answer(c, thrown);
    }
    if (thrown instanceof HTTPException && thrown.status === 400) {
      return answer(
        c,
        new HubError('input.malformed', { message: 'The body is not valid JSON', cause: thrown }),
      );
    }
    if (thrown instanceof HTTPException && thrown.status === 413) {
      return answer(c, new HubError('input.too-large', { message: 'The body is too large', cause: thrown }));
    }
    log.error({ err: thrown, requestId: c.get('requestId'), path: c.req.path }, 'a request failed');
    return answer(c, new HubError('server.failed', { message: 'Internal error', cause: thrown }));
  };
}

export const notFoundHandler: NotFoundHandler<HubEnv> = (c) => answer(c, new HubError('not-found'));
