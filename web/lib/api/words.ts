import { m } from '#lib/paraglide/messages.js';
import type { FieldFault, Refusal } from './refusal.ts';

/**
 * What a refusal says to its reader: what happened and what to do. The API's sentence is in the reader's language
 * already (server/platform/http/sentences.ts); the page has words only for when no such answer came.
 */
export function refusalWords(refusal: Pick<Refusal, 'code' | 'sentence'>): string {
  if (refusal.code === 'network.lost') return m.error_network_lost();
  return refusal.sentence || m.error_server_failed();
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
  const words = own[fault.path];
  // What a form asks for where too little was chosen, it asks for where nothing was.
  const said = words?.[fault.rule] ?? (fault.rule === 'required' ? words?.too_small : undefined);
  return said ?? (FIELD_WORDS[fault.rule] ?? m.error_field_other)();
}
