import type { ErrorCode as ApiErrorCode } from '../../../server/app.ts';

/** The API's codes, and what only a browser meets. */
export type ErrorCode = ApiErrorCode | 'network.lost';

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
  /** What the API says to the reader, in their language; empty when there was no answer in a known form. */
  sentence: string;
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
    code: told?.code ?? 'server.failed',
    sentence: told?.sentence ?? '',
    fields: told?.fields ?? [],
    params: told?.params ?? {},
    requestId: told?.requestId ?? response.headers.get('x-request-id') ?? '',
  };
}

/** What a page says when the API could not be reached at all. */
export const UNREACHED: Refusal = {
  status: 0,
  code: 'network.lost',
  sentence: '',
  fields: [],
  params: {},
  requestId: '',
};

function parseTold(text: string): Partial<Refusal> | undefined {
  try {
    return (JSON.parse(text) as { error?: Partial<Refusal> }).error;
  } catch {
    // A proxy's own page, or a cut answer: the status is all there is.
    return undefined;
  }
}
