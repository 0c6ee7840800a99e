import { m } from '#lib/paraglide/messages.js';
import { ERROR_WORDS } from './error-words.ts';
import type { FieldFault, Refusal } from './refusal.ts';

type Words = (inputs: Record<string, string | number>) => string;

/** What a refusal says to its reader: what happened and what to do. */
export function refusalWords(refusal: Pick<Refusal, 'code' | 'params'>): string {
  return (ERROR_WORDS[refusal.code] as Words)(refusal.params);
}

const FIELD_WORDS: Record<string, () => string> = {
  required: m.error_field_required,
  too_small: m.error_field_too_small,
  too_big: m.error_field_too_big,
  invalid_format: m.error_field_invalid_format,
  invalid_type: m.error_field_invalid_type,
  invalid_value: m.error_field_invalid_value,
};

/** What a field that broke a rule says; a form passes its own words (`{ username: { too_small: '…' } }`) where it knows better. */
export type FieldWords = Record<string, Record<string, string>>;

export function faultWords(fault: FieldFault, own: FieldWords = {}): string {
  return own[fault.path]?.[fault.rule] ?? (FIELD_WORDS[fault.rule] ?? m.error_field_other)();
}
