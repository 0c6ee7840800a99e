import type { RtcpFeedback } from 'mediasoup/types';
import sdpTransform, { type ParsedIce, type ParsedMedia, type ParsedSession } from 'sdp-transform';
import { MediaError } from '../../errors.ts';
import type { DtlsFingerprint, IceCredentials, Offer, OfferedCodec, OfferedMedia } from './offer.ts';

/** More than any client has; what is beyond is meant to cost time. */
const MOST_LINES = 4000;
const MOST_MEDIA = 16;

const TOKEN = /^[!#$%&'*+\-.^_`{|}~0-9A-Za-z]{1,32}$/;
const ICE_UFRAG = /^[A-Za-z0-9+/]{4,256}$/;
const ICE_PWD = /^[A-Za-z0-9+/]{22,256}$/;
const FINGERPRINT_BYTES = { 'sha-256': 32, 'sha-384': 48, 'sha-512': 64 } as const;
const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

/** Throws `bad-sdp` for what is no session description, `unacceptable-sdp` for one that cannot be answered. */
export function readOffer(text: string): Offer {
  if (text.split('\n').length > MOST_LINES) throw bad('it is too long');
  if (!/^v=0\r?\n/.test(text)) throw bad('it does not begin with v=0');
  const session = sdpTransform.parse(text);
  if (session.media.length === 0) throw bad('it has no media');
  if (session.media.length > MOST_MEDIA) throw bad(`it has more than ${MOST_MEDIA} media`);
  const media = session.media.map(readMedia);
  if (new Set(media.map(({ mid }) => mid)).size < media.length) throw bad('two media have one mid');
  ensureOneTransport(session, media);
  return { ...readTransport(session), media };
}

export const bad = (what: string) => new MediaError('bad-sdp', `The body is not a usable SDP: ${what}`);
export const unacceptable = (what: string) =>
  new MediaError('unacceptable-sdp', `The offer cannot be accepted: ${what}`);
export const unknownCodecs = (does: 'sends' | 'receives', kind: 'audio' | 'video' | 'media') =>
  new MediaError('unknown-codecs', `The offer cannot be accepted: it ${does} ${OURS[kind]}`);

const OURS = {
  audio: 'sound that is not Opus',
  video: 'a picture in neither H.264 (packetization-mode=1) nor VP8',
  media: 'neither Opus nor H.264 (packetization-mode=1) nor VP8',
};

/** Everything goes over one transport (RFC 9725 4.4.1): BUNDLE, and RTCP beside RTP. */
function ensureOneTransport(session: ParsedSession, media: OfferedMedia[]): void {
  const used = media.filter(({ disabled }) => !disabled);
  const bundle = session.groups?.find(({ type }) => type === 'BUNDLE');
  const bundled = new Set(String(bundle?.mids ?? '').split(' '));
  if (used.length > 1 && !used.every(({ mid }) => bundled.has(mid)))
    throw unacceptable('all media must be in one BUNDLE group');
  for (const [index, one] of media.entries())
    if (!one.disabled && one.kind !== 'other' && session.media[index]?.rtcpMux === undefined)
      throw unacceptable('a=rtcp-mux is required');
}

/** Of the session, or of the first media that has it: in one bundle they are the same. */
function readTransport(session: ParsedSession): Pick<Offer, 'ice' | 'fingerprint' | 'setup'> {
  const levels: ParsedIce[] = [...session.media, session];
  const withIce = levels.find(({ iceUfrag, icePwd }) => iceUfrag !== undefined && icePwd !== undefined);
  const withPrint = levels.find(({ fingerprint }) => fingerprint !== undefined);
  const setup = String(levels.find((level) => level.setup !== undefined)?.setup ?? 'actpass');
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive')
    throw unacceptable(`a=setup:${setup.slice(0, 16)} cannot be answered`);
  return {
    ice: readIceCredentials(withIce),
    fingerprint: readFingerprint(withPrint?.fingerprint),
    setup,
  };
}

/** Throws `unacceptable-sdp` where they are missing or malformed (RFC 8839 5.4). */
export function readIceCredentials(level: ParsedIce | undefined): IceCredentials {
  const ufrag = String(level?.iceUfrag ?? '');
  const pwd = String(level?.icePwd ?? '');
  if (!ICE_UFRAG.test(ufrag) || !ICE_PWD.test(pwd))
    throw unacceptable('a=ice-ufrag and a=ice-pwd are missing or malformed');
  return { ufrag, pwd };
}

function readFingerprint(print: ParsedIce['fingerprint']): DtlsFingerprint {
  const algorithm = String(print?.type ?? '').toLowerCase();
  const value = String(print?.hash ?? '').toUpperCase();
  if (algorithm !== 'sha-256' && algorithm !== 'sha-384' && algorithm !== 'sha-512')
    throw unacceptable('a=fingerprint with sha-256 is required');
  const bytes = value.split(':');
  if (bytes.length !== FINGERPRINT_BYTES[algorithm] || !bytes.every((byte) => /^[0-9A-F]{2}$/.test(byte)))
    throw unacceptable('a=fingerprint is malformed');
  return { algorithm, value };
}

function readMedia(parsed: ParsedMedia, index: number): OfferedMedia {
  const type = String(parsed.type ?? '');
  const protocol = String(parsed.protocol ?? '');
  const formats = String(parsed.payloads ?? '');
  if (!TOKEN.test(type) || !/^[\w/]{1,32}$/.test(protocol) || !/^[\w.\- ]{1,512}$/.test(formats))
    throw bad('an m-line is malformed');
  const mid = String(parsed.mid ?? index);
  if (!TOKEN.test(mid)) throw bad('a mid is malformed');
  const overRtp = (type === 'audio' || type === 'video') && protocol === 'UDP/TLS/RTP/SAVPF';
  const direction = DIRECTIONS.find((one) => one === parsed.direction) ?? 'sendrecv';
  const described = { type, protocol, formats };
  return {
    kind: overRtp ? type : 'other',
    line: described,
    mid,
    disabled: Number(parsed.port) === 0 && parsed.bundleOnly === undefined,
    direction,
    codecs: overRtp ? readCodecs(parsed, formats) : [],
    extensions: readExtensions(parsed),
    streams: readStreams(parsed),
    cname: readCname(parsed),
    rids: readRids(parsed),
  };
}

function readCodecs(parsed: ParsedMedia, formats: string): OfferedCodec[] {
  const seen = new Set<number>();
  return formats.split(' ').flatMap((format) => {
    const payloadType = Number(format);
    const map = parsed.rtp.find(({ payload }) => payload === payloadType);
    // 64 to 95 would be taken for RTCP (RFC 5761 4).
    const usable = /^\d{1,3}$/.test(format) && payloadType < 128 && (payloadType < 64 || payloadType > 95);
    const clockRate = Number(map?.rate);
    if (!map || !usable || seen.has(payloadType) || !Number.isInteger(clockRate)) return [];
    seen.add(payloadType);
    const channels = Number(map.encoding ?? 1);
    const name = String(map.codec ?? '').toLowerCase();
    const parameters = readParameters(parsed, payloadType);
    return [
      { payloadType, name, clockRate, channels, parameters, feedback: readFeedback(parsed, payloadType) },
    ];
  });
}

function readParameters(parsed: ParsedMedia, payloadType: number): OfferedCodec['parameters'] {
  const config = String(parsed.fmtp.find(({ payload }) => payload === payloadType)?.config ?? '');
  const entries = Object.entries(sdpTransform.parseParams(config)).map(
    ([name, value]) => [name.trim().toLowerCase(), value ?? ''] as const,
  );
  return Object.fromEntries(entries.filter(([name]) => /^[\w-]{1,64}$/.test(name)));
}

function readFeedback(parsed: ParsedMedia, payloadType: number): RtcpFeedback[] {
  return (parsed.rtcpFb ?? [])
    .filter(({ payload }) => payload === payloadType || payload === '*')
    .map(({ type, subtype }) => ({ type: String(type ?? ''), parameter: String(subtype ?? '') }));
}

function readExtensions(parsed: ParsedMedia): OfferedMedia['extensions'] {
  const ids = new Set<number>();
  return (parsed.ext ?? []).flatMap((one) => {
    const id = Number(one.value);
    // One-byte headers: 15 is reserved, above are other headers.
    if (!(id >= 1 && id <= 14) || ids.has(id) || one['encrypt-uri'] !== undefined) return [];
    ids.add(id);
    return [{ uri: String(one.uri ?? ''), id }];
  });
}

const isSsrc = (number: number) => Number.isInteger(number) && number > 0 && number < 2 ** 32;

function readStreams(parsed: ParsedMedia): OfferedMedia['streams'] {
  const all = [...new Set((parsed.ssrcs ?? []).map(({ id }) => Number(id)))].filter(isSsrc);
  const pairs = (parsed.ssrcGroups ?? [])
    .filter(({ semantics }) => semantics === 'FID')
    .map(({ ssrcs }) =>
      String(ssrcs ?? '')
        .split(' ')
        .map(Number),
    )
    .filter((pair) => pair.length === 2 && pair[0] !== pair[1] && pair.every(isSsrc));
  const repeating = new Map(pairs.map(([ssrc, rtx]) => [ssrc!, rtx!]));
  const repeats = new Set(repeating.values());
  return all
    .filter((ssrc) => !repeats.has(ssrc))
    .map((ssrc) => (repeating.has(ssrc) ? { ssrc, rtx: repeating.get(ssrc)! } : { ssrc }));
}

function readCname(parsed: ParsedMedia): string | undefined {
  const cname = parsed.ssrcs?.find(({ attribute }) => attribute === 'cname')?.value;
  return cname === undefined ? undefined : String(cname).slice(0, 255);
}

/** Of alternatives the first, also where it begins paused; and only what is described by a line of its own. */
function readRids(parsed: ParsedMedia): string[] {
  const { simulcast } = parsed;
  const list = simulcast?.dir1 === 'send' ? simulcast.list1 : simulcast?.dir2 === 'send' && simulcast.list2;
  if (list === undefined || list === false) return [];
  const described = new Set(
    (parsed.rids ?? []).filter(({ direction }) => direction === 'send').map(({ id }) => String(id)),
  );
  const named = String(list)
    .split(';')
    .map((stream) => (stream.split(',')[0] ?? '').replace(/^~/, ''));
  return [...new Set(named)].filter((rid) => /^[A-Za-z0-9]{1,16}$/.test(rid) && described.has(rid));
}
