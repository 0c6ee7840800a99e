import type { TransportParameters } from '../../contract.ts';
import type { Offer, OfferedCodec, OfferedMedia } from './offer.ts';
import type { PlannedProducer } from './plan-publication.ts';

/** What is sent to us beside the RTP itself is known by these. */
const CRLF = '\r\n';

/** The answer to an offer of which `planned` is taken; every other m-line is refused. Ends with a line break. */
export function writeAnswer(
  offer: Offer,
  planned: readonly PlannedProducer[],
  transport: TransportParameters,
  sessionId: string,
): string {
  const bundled = offer.media.filter(({ mid }) => planned.some((one) => one.mid === mid));
  const print = transport.dtlsParameters.fingerprints.find(({ algorithm }) => algorithm === 'sha-256');
  const lines = [
    'v=0',
    `o=- ${sessionId} 1 IN IP4 0.0.0.0`,
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${bundled.map(({ mid }) => mid).join(' ')}`,
    'a=msid-semantic: WMS *',
    `a=fingerprint:sha-256 ${print?.value ?? ''}`,
  ];
  const setup = offer.setup === 'passive' ? 'active' : 'passive';
  for (const media of offer.media) {
    const producer = planned.find(({ mid }) => mid === media.mid);
    lines.push(...(producer ? accepted(media, producer, transport, setup) : refused(media)));
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
  { mid, codecs, rids, rtpParameters }: PlannedProducer,
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
    ...(rtpParameters.headerExtensions ?? []).map(({ id, uri }) => `a=extmap:${id} ${uri}`),
    'a=recvonly',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...codecs.flatMap(codecLines),
    ...rids.map((rid) => `a=rid:${rid} recv`),
    ...(rids.length > 0 ? [`a=simulcast:recv ${rids.join(';')}`] : []),
  ];
}

/** All candidates at once: there are no later ones. */
export function iceLines({
  iceParameters,
  iceCandidates,
}: Pick<TransportParameters, 'iceParameters' | 'iceCandidates'>): string[] {
  return [
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    'a=ice-options:trickle',
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
