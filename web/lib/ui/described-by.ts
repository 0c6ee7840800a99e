/** The `aria-describedby` of a control in a Field: its error, then its hint. */
export function describedBy(id: string, parts: { hint?: string; error?: string }): string | undefined {
  const ids = [parts.error && `${id}-error`, parts.hint && `${id}-hint`].filter(Boolean);
  return ids.length > 0 ? ids.join(' ') : undefined;
}
