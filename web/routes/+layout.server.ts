import { runningApp } from '#lib/api/running-app.ts';
import type { LayoutServerLoad } from './$types.js';

export const load: LayoutServerLoad = ({ locals }) => ({
  session: locals.session,
  theme: locals.theme,
  sample: runningApp().sample ?? false,
});
