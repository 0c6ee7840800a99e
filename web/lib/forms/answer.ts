import { fail } from '@sveltejs/kit';
import type { Refusal } from '#lib/api/refusal.ts';

/** What was typed, by field name; a field that came more than once is a list. */
export type Typed = Record<string, string | string[]>;

/**
 * Reads a posted form. Values are trimmed, and empty ones are left out, so that the API's own rule for a missing
 * field speaks. Files are not read here.
 */
export async function readForm(request: Request): Promise<Typed> {
  const data = await request.formData();
  const typed: Typed = {};
  for (const name of new Set(data.keys())) {
    const values = data.getAll(name).flatMap((value) => (typeof value === 'string' ? [value.trim()] : []));
    const filled = values.filter((value) => value !== '');
    if (filled.length === 1 && filled[0] !== undefined) typed[name] = filled[0];
    if (filled.length > 1) typed[name] = filled;
  }
  return typed;
}

/** One value as text, `''` where nothing was typed. */
export function text(typed: Typed, name: string): string {
  const value = typed[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** One value as a number, undefined where nothing was typed; NaN is left to the API to refuse. */
export function number(typed: Typed, name: string): number | undefined {
  const value = text(typed, name);
  return value === '' ? undefined : Number(value);
}

/** All values of a field. */
export function list(typed: Typed, name: string): string[] {
  const value = typed[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

/** Answers an action with the refusal and what was typed, except what must not travel back (`password`). */
export function refuse(refusal: Refusal, typed: Typed, secret: readonly string[] = []) {
  const kept: Typed = {};
  for (const [name, value] of Object.entries(typed)) if (!secret.includes(name)) kept[name] = value;
  const status = refusal.status >= 400 ? refusal.status : 500;
  return fail(status, { refusal, typed: kept });
}
