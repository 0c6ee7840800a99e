import { validator } from 'hono-openapi';
import type { ZodType } from 'zod';
import type { ValidationTargets } from 'hono';
import { HubError } from '../errors.ts';

type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[]; code?: string };

/**
 * Parses one part of a request at the door and documents it. A fault becomes `input.invalid` with the fields;
 * the refused value is never echoed, for it may hold a password.
 */
export function parse<Target extends keyof ValidationTargets, Schema extends ZodType>(
  target: Target,
  schema: Schema,
) {
  return validator(target, schema, (result) => {
    if (result.success) return;
    const fields = (result.error as readonly Issue[]).map((issue) => ({
      path: (issue.path ?? []).map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
      rule: issue.code ?? 'invalid',
      message: issue.message,
    }));
    throw new HubError('input.invalid', { message: 'The input is not valid', fields });
  });
}
