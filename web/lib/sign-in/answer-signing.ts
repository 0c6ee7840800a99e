import type { RequestEvent } from '@sveltejs/kit';
import { attempt } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';

/** Signs for whoever has no JavaScript: `token` from the address, or the number that was typed. */
export async function answerSigning(event: RequestEvent, token?: string) {
  const typed = await readForm(event.request);
  const optional = (name: string) => text(typed, name) || undefined;
  const json = {
    ...(token === undefined
      ? {
          number: text(typed, 'number'),
          kind: text(typed, 'kind') === 'out' ? ('out' as const) : ('in' as const),
        }
      : { token }),
    name: optional('name'),
    phone: optional('phone'),
  };
  const outcome = await attempt(apiOf(event).api['sign-in'].$post({ json }));
  return outcome.ok ? { signed: outcome.data } : refuse(outcome.refusal, typed, ['phone']);
}
