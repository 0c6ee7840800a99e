/** What a client publishes or receives by an SDP offer. */
export interface OfferSession {
  readonly answer: string;
  /** Names the ICE session; another one after each restart. */
  readonly iceSession: string;
  /**
   * Takes an ICE fragment (RFC 8840) of the client. Other credentials than before restart ICE (RFC 9725 4.3.3): resolves
   * with our own fragment then, with null for further candidates. Throws `bad-sdp` and `unacceptable-sdp`; the session
   * stays as it is then.
   */
  patchIce(fragment: string): Promise<string | null>;
  /** Idempotent. */
  close(): void;
}
