import { error, redirect } from '@sveltejs/kit';
import { signInAddress } from '#lib/api/ask.ts';
import type { Session } from '#lib/api/session.ts';
import { m } from '#lib/paraglide/messages.js';

/** Who teaches, and so may hold runs in their regions. */
export const TEACHING_ROLES = ['trainer', 'administrator'];

/** For pages the API itself would answer to anyone: sends away whom it would refuse once a form of theirs is sent. */
export function ensureTeaching(event: { url: URL; locals: { session: Session | null } }): Session {
  const { session } = event.locals;
  if (!session) redirect(303, signInAddress(event.url));
  if (!session.sections.teach) error(403, { message: m.error_access_denied() });
  return session;
}
