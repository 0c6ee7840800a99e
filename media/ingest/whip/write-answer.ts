import type { TransportParameters } from '../../contract.ts';
import type { AnsweredMedia, Offer, OfferedCodec, OfferedMedia } from './offer.ts';

const CRLF = '\r\n';

/** Said alike in the answer and in each fragment after it (RFC 9725 4.3.3). */
export const ICE_KIND = ['a=ice-lite', 'a=ice-options:trickle'];

/** The answer to an offer of which `taken` is taken; every other m-line is refused. Ends with a line break. */
export function writeAnswer(
  offer: Offer,
  taken: readonly AnsweredMedia[],
  transport: TransportParameters,
  sessionId: string,
): string {
  const bundled = offer.media.filter(({ mid }) => taken.some((one) => one.mid === mid));
  const print = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const lines = [
    'v=0',
    `o=- ${sessionId} 1 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    ...ICE_KIND,
    `a=group:BUNDLE ${bundled.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
    `a=fingerprint:sha-256 ${print?.value ?? ''}`,
  ];
  const setup = offer.setup === 'passive' ? 'active' : 'passive';
  for (const media of offer.media) {
    const answered = taken.find(({ mid }) => mid === media.mid);
    lines.push(...(answered ? accepted(media, answered, transport, setup) : refused(media)));
  }
  return lines.join(CRLF) + CRLF;
}

function refused({ line, mid }: OfferedMedia): string[] {
  return [
    `m=${line.type} 0 ${line.protocol} ${line.formats}`,
    'c=IN IP4 0.0.0.0',
    'a=inactive',
    `a=mid:${mid}`,
  ];
}

function accepted(
  { line }: OfferedMedia,
  { mid, direction, codecs, extensions, rids, stream }: AnsweredMedia,
  transport: TransportParameters,
  setup: 'active' | 'passive',
): string[] {
  return [
    `m=${line.type} 9 ${line.protocol} ${codecs.map(({ payloadType }) => payloadType).join(' ')}`,
    'c=IN IP4 0.0.0.0',
    'a=rtcp:9 IN IP4 0.0.0.0',
    ...iceLines(transport),
    `a=setup:${setup}`,
    `a=mid:${mid}`,
    ...extensions.map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    `a=${direction}`,
    ...(stream ? [`a=msid:${stream.cname} ${stream.track}`] : []),
    'a=rtcp-mux',
    'a=rtcp-mux-only',
    'a=rtcp-rsize',
    ...codecs.flatMap(codecLines),
    ...rids.map((rid) => `a=rid:${rid} recv`),
    ...(rids.length > 0 ? [`a=simulcast:recv ${rids.join(';')}`] : []),
    ...(stream ? streamLines(stream) : []),
  ];
}

function streamLines({ ssrc, rtx, cname }: NonNullable<AnsweredMedia['stream']>): string[] {
  if (rtx === undefined) return [`a=ssrc:${ssrc} cname:${cname}`];
  return [`a=ssrc-group:FID ${ssrc} ${rtx}`, ...[ssrc, rtx].map((one) => `a=ssrc:${one} cname:${cname}`)];
}

/** All candidates at once: there are no later ones. */
export function iceLines({
  iceParameters,
  iceCandidates,
}: Pick<TransportParameters, 'iceParameters' | 'iceCandidates'>): string[] {
  return [
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    ...iceCandidates.map(({ foundation, protocol, priority, address, port, type, tcpType }) => {
      const kind = tcpType === undefined ? '' : ` tcptype ${tcpType}`;
      return `a=candidate:${foundation} 1 ${protocol} ${priority} ${address} ${port} typ ${type}${kind}`;
    }),
    'a=end-of-candidates',
  ];
}

function codecLines({
  payloadType,
  name,
  clockRate,
  channels,
  parameters,
  feedback,
}: OfferedCodec): string[] {
  const config = Object.entries(parameters)
    .map(([key, value]) => (value === '' ? key : `${key}=${value}`))
    .join(';');
  return [
    `a=rtpmap:${payloadType} ${SPELLINGS[name] ?? name}/${clockRate}${channels > 1 ? `/${channels}` : ''}`,
    ...(config ? [`a=fmtp:${payloadType} ${config}`] : []),
    ...feedback.map(
      ({ type, parameter }) => `a=rtcp-fb:${payloadType} ${type}${parameter ? ` ${parameter}` : ''}`,
    ),
  ];
}

const SPELLINGS: Record<string, string> = { h264: 'H264', vp8: 'VP8' };
