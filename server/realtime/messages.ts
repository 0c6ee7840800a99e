import type { ErrorCode } from '../platform/errors.ts';

/** Why a message was refused; as the body of a refused request. */
export interface SocketRefusal {
  code: ErrorCode;
  /** In the reader's language. */
  sentence: string;
  fields: { path: string; rule: string; message: string }[];
  params: Record<string, string | number>;
}

/** What every message is acknowledged with. */
export type Ack<Output> = { ok: true; data: Output } | { ok: false; error: SocketRefusal };

/** What the hub says to any socket. */
export interface RealtimeEvents {
  /** The sign-in behind this socket is over: the socket is closed and must not be opened again with it. */
  'session:ended': (refusal: SocketRefusal) => void;
}
