import { redirect, type RequestEvent } from '@sveltejs/kit';
import { attempt, load as ask, signInAddress, type Outcome } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text, type Typed } from '#lib/forms/answer.ts';
import { nameRegion, readRegions } from '#lib/identity/regions.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  const api = apiOf(event).api;
  const [regions, { tokens }, key] = await Promise.all([
    readRegions(event),
    ask(api.auth.tokens.$get(), event),
    attempt(api.me['stream-key'].$get()),
  ]);
  return {
    tokens,
    // Whoever makes no broadcasts has none.
    streamKey: key.ok ? key.data : null,
    me: session,
    home: nameRegion(regions, session.person.homeRegionCode),
    roles: session.grants.map(({ role, regionCode }) => ({ role, place: nameRegion(regions, regionCode) })),
  };
};

/** Which of the page's forms was sent: each shows its own outcome. */
type FormName = 'display' | 'password' | 'revoke' | 'key';

async function save(
  which: FormName,
  typed: Typed,
  asked: Promise<Outcome<unknown>>,
  secret: readonly string[] = [],
) {
  const outcome = await asked;
  return outcome.ok ? { saved: which } : refuse(outcome.refusal, { ...typed, which }, secret);
}

async function leave(event: RequestEvent, asked: Promise<Outcome<unknown>>) {
  const outcome = await asked;
  // A session that is over already is what was asked for.
  if (!outcome.ok && outcome.refusal.status !== 401) return refuse(outcome.refusal, { which: 'out' });
  redirect(303, '/sign-in');
}

export const actions: Actions = {
  display: async (event) => {
    const typed = await readForm(event.request);
    const json = { displayName: text(typed, 'displayName') };
    return save('display', typed, attempt(apiOf(event).api.auth.me.$patch({ json })));
  },
  password: async (event) => {
    const typed = await readForm(event.request);
    const json = { current: text(typed, 'current'), next: text(typed, 'next') };
    return save('password', typed, attempt(apiOf(event).api.auth.password.$post({ json })), [
      'current',
      'next',
    ]);
  },
  token: async (event) => {
    const typed = await readForm(event.request);
    const scope = text(typed, 'scope') as 'publish' | 'play' | 'integration';
    const outcome = await attempt(apiOf(event).api.auth.tokens.$post({ json: { scope } }));
    return outcome.ok ? { made: outcome.data } : refuse(outcome.refusal, { ...typed, which: 'token' });
  },
  revoke: async (event) => {
    const typed = await readForm(event.request);
    const param = { id: text(typed, 'id') };
    return save('revoke', typed, attempt(apiOf(event).api.auth.tokens[':id'].$delete({ param })));
  },
  makeKey: async (event) => {
    const outcome = await attempt(apiOf(event).api.me['stream-key'].$post());
    return outcome.ok ? { key: outcome.data.key } : refuse(outcome.refusal, { which: 'key' });
  },
  revokeKey: async (event) => save('key', {}, attempt(apiOf(event).api.me['stream-key'].$delete())),
  out: async (event) => leave(event, attempt(apiOf(event).api.auth.logout.$post())),
  everywhere: async (event) => leave(event, attempt(apiOf(event).api.auth['logout-everywhere'].$post())),
};
