import sdpTransform from 'sdp-transform';
import type { TransportParameters } from '../../contract.ts';
import type { IceCredentials } from './offer.ts';
import { bad, readIceCredentials } from './read-offer.ts';
import { ICE_KIND, iceLines } from './write-answer.ts';

const MOST_LINES = 500;
const LINE = /^(?:[a-z]=.*)?$/;
/** What may stand in one (RFC 8840 9): the rest is an offer that was sent to the wrong place. */
const ATTRIBUTE =
  /^a=(?:ice-ufrag|ice-pwd|ice-options|ice-pacing|candidate|end-of-candidates|mid|group|ice-lite|rtcp-mux|bundle-only|setup|fingerprint)(?::|$)/;

/** A body of `application/trickle-ice-sdpfrag`. */
export interface IceFragment {
  credentials: IceCredentials;
  /** As many as it holds; an ICE-lite server has no use for them: it answers wherever checks come from. */
  candidates: number;
}

/** Throws `bad-sdp` for what is no fragment, `unacceptable-sdp` where the credentials are missing. */
export function readIceFragment(text: string): IceFragment {
  const lines = text.split(/\r\n|\n/);
  if (lines.length > MOST_LINES) throw bad('the fragment is too long');
  if (!lines.every((line) => LINE.test(line))) throw bad('the fragment has lines that are none');
  for (const line of lines)
    if (line !== '' && !line.startsWith('m=') && !ATTRIBUTE.test(line))
      throw bad('the fragment holds what does not belong to ICE');
  const session = sdpTransform.parse(text);
  const levels = [session, ...session.media];
  const candidates = session.media.flatMap((media) => media.candidates ?? []);
  const offered = lines.filter((line) => line.startsWith('a=candidate:')).length;
  const atTop = 'candidates' in session && Array.isArray(session.candidates) ? session.candidates.length : 0;
  if (candidates.length + atTop < offered) throw bad('a candidate is malformed');
  const credentials = readIceCredentials(levels.find(({ iceUfrag }) => iceUfrag !== undefined));
  return { credentials, candidates: offered };
}

/**
 * What a client is told of our new credentials after an ICE restart (RFC 9725 4.3.3): below the one m-line that speaks
 * for the whole bundle of `answer`, the first that was taken (RFC 8840 4.4, RFC 9429 5.1).
 */
export function writeIceFragment(
  answer: string,
  transport: Pick<TransportParameters, 'iceParameters' | 'iceCandidates'>,
): string {
  const tagged = sdpTransform.parse(answer).media.find(({ port }) => port !== 0)!;
  const lines = [
    ...ICE_KIND,
    ...answer.split('\r\n').filter((line) => line.startsWith('a=group:BUNDLE ')),
    `m=${tagged.type} 9 ${tagged.protocol} ${tagged.payloads}`,
    `a=mid:${tagged.mid}`,
    ...iceLines(transport),
  ];
  return `${lines.join('\r\n')}\r\n`;
}
