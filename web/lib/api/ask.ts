import { error, redirect } from '@sveltejs/kit';
import type { ClientResponse } from 'hono/client';
import { readRefusal, type Refusal } from './refusal.ts';
import { refusalWords } from './words.ts';

type Answer = ClientResponse<unknown, number, string>;

/** What a route answers when it does not refuse. */
export type AnswerOf<R> = R extends ClientResponse<infer T, infer _Status, infer _Format> ? T : never;

export type Outcome<T> = { ok: true; data: T } | { ok: false; refusal: Refusal };

/** For actions and browser code: the answer, or the refusal as data. */
export async function attempt<R extends Answer>(asked: Promise<R>): Promise<Outcome<AnswerOf<R>>> {
  const response = await asked;
  if (!response.ok) return { ok: false, refusal: await readRefusal(response) };
  const data = response.status === 204 ? undefined : await response.json();
  return { ok: true, data: data as AnswerOf<R> };
}

/**
 * For loads: the answer, or the way out. A reader who must sign in first is sent there and comes back;
 * anything else becomes the error page with the refusal's words.
 */
export async function load<R extends Answer>(asked: Promise<R>, here: { url: URL }): Promise<AnswerOf<R>> {
  const outcome = await attempt(asked);
  if (outcome.ok) return outcome.data;
  const { status, code, requestId } = outcome.refusal;
  if (status === 401) redirect(303, signInAddress(here.url));
  error(status, { status, message: refusalWords(outcome.refusal), code, requestId });
}

/** Where to sign in, and where to come back to. */
export function signInAddress(here: URL): string {
  return `/sign-in?next=${encodeURIComponent(here.pathname + here.search)}`;
}
