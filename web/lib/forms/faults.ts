import type { Refusal } from '#lib/api/refusal.ts';
import { faultWords, type FieldWords } from '#lib/api/words.ts';

/** The words at one field, or undefined when it is well. A nested path counts for its field (`items.0.score` for `items`). */
export function faultAt(
  refusal: Refusal | null | undefined,
  name: string,
  own?: FieldWords,
): string | undefined {
  const fault = refusal?.fields.find(({ path }) => path === name || path.startsWith(`${name}.`));
  return fault && faultWords(fault, own);
}
