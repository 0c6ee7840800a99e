import type { FieldWords } from '#lib/api/words.ts';
import { m } from '#lib/paraglide/messages.js';

/** What a refused new password says, at whichever field it stands. */
function passwordWords(): Record<string, string> {
  return {
    too_small: m.identity_password_too_small(),
    too_big: m.identity_password_too_big(),
    common: m.identity_password_common(),
    'like-username': m.identity_password_like_username(),
  };
}

/** Own words for the fields of registration, recovery, setup and account. Called while rendering: the language is the reader's. */
export function identityFieldWords(): FieldWords {
  return {
    username: {
      username: m.identity_username_wrong(),
      taken: m.identity_username_taken(),
      unknown: m.admin_roles_username_unknown(),
    },
    phone: { phone: m.identity_phone_wrong(), taken: m.identity_phone_taken() },
    password: passwordWords(),
    next: passwordWords(),
    current: { wrong: m.identity_password_wrong() },
    noticeVersion: { invalid_type: m.identity_consent_missing(), outdated: m.identity_consent_missing() },
  };
}
