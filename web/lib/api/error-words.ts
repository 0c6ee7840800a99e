import { m } from '#lib/paraglide/messages.js';

/**
 * The words of every refusal the API can utter (server/platform/errors.ts; tests/web/messages.test.ts keeps the two
 * alike), and of those that only a browser meets. A page never shows a code.
 */
export const ERROR_WORDS = {
  'input.invalid': m.error_input_invalid,
  'input.malformed': m.error_input_malformed,
  'auth.required': m.error_auth_required,
  'auth.wrong': m.error_auth_wrong,
  'auth.wrong-current': m.error_auth_wrong_current,
  'auth.expired': m.error_auth_expired,
  'auth.code-invalid': m.error_auth_code_invalid,
  'setup.link-invalid': m.error_setup_link_invalid,
  'access.denied': m.error_access_denied,
  'access.origin': m.error_access_origin,
  'not-found': m.error_not_found,
  'method-not-allowed': m.error_method_not_allowed,
  conflict: m.error_conflict,
  'username.taken': m.error_username_taken,
  'phone.taken': m.error_phone_taken,
  'region.exists': m.error_region_exists,
  'person.duplicate': m.error_person_duplicate,
  'person.verified': m.error_person_verified,
  'person.without-account': m.error_person_without_account,
  'grant.exists': m.error_grant_exists,
  'grant.last': m.error_grant_last,
  'enrolment.closed': m.error_enrolment_closed,
  'enrolment.full': m.error_enrolment_full,
  'enrolment.exists': m.error_enrolment_exists,
  'enrolment.attended': m.error_enrolment_attended,
  'survey.answered': m.error_survey_answered,
  'survey.not-attended': m.error_survey_not_attended,
  'session.linked': m.error_session_linked,
  'broadcast.ended': m.error_broadcast_ended,
  'broadcast.live-elsewhere': m.error_broadcast_live_elsewhere,
  'broadcast.not-live': m.error_broadcast_not_live,
  'chat.closed': m.error_chat_closed,
  'programme.exists': m.error_programme_exists,
  'rate.limited': m.error_rate_limited,
  'media.unavailable': m.error_media_unavailable,
  'media.unsupported': m.error_media_unsupported,
  'database.busy': m.error_database_busy,
  'server.failed': m.error_server_failed,
  'network.lost': m.error_network_lost,
} as const;

export type ErrorCode = keyof typeof ERROR_WORDS;
