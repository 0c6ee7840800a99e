import type { RequestEvent } from '@sveltejs/kit';
import { attempt, type AnswerOf } from './ask.ts';
import { apiOf, type Api } from './client.ts';

/** Set by the API (server/identity); without it nobody is signed in and nothing need be asked. */
const SESSION_COOKIE = 'xiangbo_session';

/** Who is signed in, with what they hold for which region. */
export type Session = AnswerOf<Awaited<ReturnType<Api['api']['auth']['me']['$get']>>>;

/** An expired session reads as nobody; a hub that cannot answer is a fault and shows as one. */
export async function readSession(event: RequestEvent): Promise<Session | null> {
  if (!event.cookies.get(SESSION_COOKIE)) return null;
  const outcome = await attempt(apiOf(event).api.auth.me.$get());
  if (outcome.ok) return outcome.data;
  if (outcome.refusal.status === 401) return null;
  throw new Error(`Who is signed in could not be read: ${outcome.refusal.code}`);
}
