import type { FieldWords } from '#lib/api/words.ts';
import { m } from '#lib/paraglide/messages.js';
import { identityFieldWords } from './field-words.ts';

/** Own words for the fields of registering and verifying a person. Called while rendering: the language is the reader's. */
export function personFieldWords(): FieldWords {
  return {
    ...identityFieldWords(),
    homeRegionCode: {
      too_small: m.identity_home_region_prompt(),
      unknown: m.identity_home_region_prompt(),
    },
    phone: { phone: m.identity_phone_wrong(), required: m.admin_people_phone_required() },
    idNumber: {
      'id-number': m.admin_people_id_number_wrong(),
      taken: m.admin_people_id_number_taken(),
      differs: m.admin_people_id_number_differs(),
      required: m.admin_people_id_number_required(),
    },
    'document.number': {
      'document-number': m.admin_people_document_number_wrong(),
      taken: m.admin_people_document_taken(),
    },
    'document.kind': { invalid_value: m.admin_people_document_kind_prompt() },
    'consent.sensitive': { required: m.admin_people_consent_sensitive_missing() },
  };
}

/** How a person was verified, as people say it. */
export const SOURCE_WORDS = {
  'id-document': m.admin_person_source_id_document,
  'village-roster': m.admin_person_source_village_roster,
  phone: m.admin_person_source_phone,
} as const;

/** What someone shows who has no resident identity card. */
export const DOCUMENT_WORDS = {
  'hong-kong-macao-permit': m.admin_document_hong_kong_macao_permit,
  'taiwan-permit': m.admin_document_taiwan_permit,
  passport: m.admin_document_passport,
  'permanent-residence': m.admin_document_permanent_residence,
  'border-pass': m.admin_document_border_pass,
  'household-register': m.admin_document_household_register,
} as const;

export type DocumentKind = keyof typeof DOCUMENT_WORDS;

export type VerificationSource = keyof typeof SOURCE_WORDS;
