import { validator } from 'hono-openapi';
import type { ZodType } from 'zod';
import type { ValidationTargets } from 'hono';
import { HubError } from '../errors.ts';

type Issue = {
  message: string;
  path?: readonly (PropertyKey | { key: PropertyKey })[];
  code?: string;
  origin?: string;
  minimum?: number;
};

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
      rule: ruleOf(issue),
      message: issue.message,
    }));
    throw new HubError('input.invalid', { message: 'The input is not valid', fields });
  });
}

/** A text of at least one character that has none was not filled in: no reader would call it too short. */
function ruleOf({ code = 'invalid', origin, minimum }: Issue): string {
  return code === 'too_small' && origin === 'string' && minimum === 1 ? 'required' : code;
}
