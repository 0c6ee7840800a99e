import { redirect } from '@sveltejs/kit';
import { attempt, load as ask } from '#lib/api/ask.ts';
import { apiOf } from '#lib/api/client.ts';
import { readForm, refuse, text } from '#lib/forms/answer.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => ({
  draft: await ask(apiOf(event).api.imports[':id'].$get({ param: { id: event.params.id } }), event),
});

export const actions: Actions = {
  map: async (event) => {
    const typed = await readForm(event.request);
    const mapping = Object.fromEntries(
      Object.keys(typed)
        .filter((name) => name.startsWith('column.'))
        .map((name) => [name.slice('column.'.length), Number(text(typed, name))]),
    );
    const param = { id: event.params.id };
    const outcome = await attempt(apiOf(event).api.imports[':id'].mapping.$put({ param, json: { mapping } }));
    return outcome.ok ? { done: 'mapped' as const } : refuse(outcome.refusal, typed);
  },
  mend: async (event) => {
    // Not readForm: an emptied cell is sent as such.
    const typed = [...(await event.request.formData())].flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const cells = Object.fromEntries(
      typed.flatMap(([name, value]) =>
        name.startsWith('cell.') ? [[name.slice('cell.'.length), value]] : [],
      ),
    );
    const row = typed.find(([name]) => name === 'row')?.[1] ?? '0';
    const skipped = typed.some(([name, value]) => name === 'skip' && value === 'yes');
    const outcome = await attempt(
      apiOf(event).api.imports[':id'].rows[':row'].$patch({
        param: { id: event.params.id, row },
        json: skipped ? { skipped } : { cells },
      }),
    );
    return outcome.ok ? { done: 'mended' as const } : refuse(outcome.refusal, { row });
  },
  confirm: async (event) => {
    const typed = await readForm(event.request);
    const method = text(typed, 'method');
    const outcome = await attempt(
      apiOf(event).api.imports[':id'].confirmation.$post({
        param: { id: event.params.id },
        json:
          method === 'paper' || method === 'spoken'
            ? { consent: { method, sensitive: text(typed, 'sensitive') === 'on' } }
            : {},
      }),
    );
    return outcome.ok ? { done: 'imported' as const } : refuse(outcome.refusal, typed);
  },
  giveUp: async (event) => {
    const { api } = apiOf(event);
    const param = { id: event.params.id };
    const draft = await attempt(api.imports[':id'].$get({ param }));
    if (!draft.ok) return refuse(draft.refusal, {});
    const outcome = await attempt(api.imports[':id'].$delete({ param }));
    if (!outcome.ok) return refuse(outcome.refusal, {});
    const { kind, target } = draft.data;
    redirect(303, kind === 'enrolments' ? `/teach/runs/${target}` : `/admin/regions/${target}`);
  },
};
