/** What a client publishes or receives by an SDP offer. */
export interface OfferSession {
  readonly answer: string;
  /** Names the ICE session; another one after each restart. */
  readonly iceSession: string;
  /**
   * Takes an ICE fragment (RFC 8840) of the client. Resolves with our own where ICE was restarted, with null for further
   * candidates. Throws `bad-sdp`, and `unacceptable-sdp` for new credentials where `mayRestart` is false; the session
   * stays as it is then.
   */
  patchIce(request: { fragment: string; mayRestart: boolean }): Promise<string | null>;
  /** Idempotent. */
  close(): void;
}
