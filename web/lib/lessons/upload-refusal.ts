import { DetailedError } from 'tus-js-client';
import { readRefusal, type Refusal } from '#lib/api/refusal.ts';

/** Locked, too early, too many: the same may succeed later, whoever says so. */
const LATER = [423, 425, 429];

/** What the hub refused for good; undefined where it did not answer, or may answer otherwise later. */
export async function refusalIn(error: Error): Promise<Refusal | undefined> {
  const answer = error instanceof DetailedError ? error.originalResponse : null;
  if (!answer) return undefined;
  const status = answer.getStatus();
  // A full disk is a 507 and stays one.
  if (LATER.includes(status) || !((status >= 400 && status < 500) || status === 507)) return undefined;
  const refusal = await readRefusal({
    status,
    headers: new Headers({ 'x-request-id': answer.getHeader('x-request-id') ?? '' }),
    text: () => Promise.resolve(answer.getBody()),
  });
  return isPassing(refusal) ? undefined : refusal;
}

/** A conflict with a request that is not over yet: tus's own has no code of ours, and the hub's says no more than that. */
function isPassing({ status, code }: Refusal): boolean {
  return status === 409 && (code === 'server.failed' || code === 'conflict');
}
