import { ERROR_WORDS, type ErrorCode } from './error-words.ts';

export type { ErrorCode } from './error-words.ts';

/** One field that must be mended: `path` is the field's name in the API, `rule` names what it broke. */
export interface FieldFault {
  path: string;
  rule: string;
  message: string;
}

/** What the API answers instead of what was asked. Plain data: it travels from an action to its page. */
export interface Refusal {
  status: number;
  code: ErrorCode;
  fields: FieldFault[];
  params: Record<string, string | number>;
  requestId: string;
}

/** Reads a refusal from an answer that is not ok. An answer in no known form counts as a fault of ours. */
export async function readRefusal(response: Pick<Response, 'status' | 'headers' | 'text'>): Promise<Refusal> {
  const text = await response.text();
  const told = parseTold(text);
  return {
    status: response.status,
    code: isErrorCode(told?.code) ? told.code : 'server.failed',
    fields: told?.fields ?? [],
    params: told?.params ?? {},
    requestId: told?.requestId ?? response.headers.get('x-request-id') ?? '',
  };
}

/** What a page says when the API could not be reached at all. */
export const UNREACHED: Refusal = { status: 0, code: 'network.lost', fields: [], params: {}, requestId: '' };

function parseTold(text: string): (Partial<Omit<Refusal, 'code'>> & { code?: unknown }) | undefined {
  try {
    return (JSON.parse(text) as { error?: Partial<Refusal> }).error;
  } catch {
    // A proxy's own page, or a cut answer: the status is all there is.
    return undefined;
  }
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_WORDS, code);
}
