import { DrizzleQueryError } from 'drizzle-orm/errors';

/**
 * What may be said of a fault of ours, in a log or to an operator. A failing statement carries its parameters in its
 * message and stack, and those are names, phones and what people wrote: only the statement and the reason stay.
 */
export function faultWords(error: unknown): string {
  if (error instanceof DrizzleQueryError) return `A statement failed: ${faultWords(error.cause)}`;
  return error instanceof Error ? error.message : String(error);
}

/** The same as fields of a log line, with the stack of what is safe to show. */
export function faultFields(error: unknown): Record<string, unknown> {
  if (error instanceof DrizzleQueryError) {
    return { type: 'DrizzleQueryError', statement: error.query, cause: faultFields(error.cause) };
  }
  if (!(error instanceof Error)) return { message: String(error) };
  const { name, message, stack, cause } = error;
  return {
    type: name,
    message,
    ...('code' in error ? { code: error.code } : {}),
    // A cause that is a statement has put its parameters into this stack too.
    stack: cause instanceof DrizzleQueryError ? undefined : stack,
    ...(cause === undefined ? {} : { cause: faultFields(cause) }),
  };
}
