import { answerSigning } from '#lib/sign-in/answer-signing.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ locals }) => ({ loggedIn: locals.session !== null });

export const actions: Actions = { default: (event) => answerSigning(event) };
