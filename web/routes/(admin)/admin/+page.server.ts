import { error, redirect } from '@sveltejs/kit';
import { signInAddress } from '#lib/api/ask.ts';
import type { PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ locals, url }) => {
  if (!locals.session) redirect(303, signInAddress(url));
  if (!locals.session.sections.administration) error(403);
};
