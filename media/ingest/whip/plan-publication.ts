import type {
  MediaKind,
  RtcpFeedback,
  RtpCodecParameters,
  RtpHeaderExtensionUri,
  RtpParameters,
} from 'mediasoup/types';
import { orderRids } from './order-rids.ts';
import type { AnsweredMedia, Offer, OfferedCodec, OfferedMedia } from './offer.ts';
import { unacceptable, unknownCodecs } from './read-offer.ts';

/** What is taken of an offer: at most one sound and one picture. */
export interface PlannedProducer {
  kind: MediaKind;
  media: AnsweredMedia;
  rtpParameters: RtpParameters;
}

const MID: RtpHeaderExtensionUri = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const RID: RtpHeaderExtensionUri = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
const REPAIRED_RID: RtpHeaderExtensionUri = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';
const ABS_SEND_TIME: RtpHeaderExtensionUri = 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time';
const TRANSPORT_CC: RtpHeaderExtensionUri =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL: RtpHeaderExtensionUri = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

/** Not the picture's orientation: without it a phone turns the pixels themselves, which recordings need. */
const EXTENSIONS: Record<MediaKind, RtpHeaderExtensionUri[]> = {
  audio: [MID, ABS_SEND_TIME, TRANSPORT_CC, AUDIO_LEVEL],
  video: [MID, RID, REPAIRED_RID, ABS_SEND_TIME, TRANSPORT_CC],
};
const FEEDBACK: Record<MediaKind, RtcpFeedback[]> = {
  audio: [{ type: 'transport-cc', parameter: '' }],
  video: [
    { type: 'nack', parameter: '' },
    { type: 'nack', parameter: 'pli' },
    { type: 'ccm', parameter: 'fir' },
    { type: 'goog-remb', parameter: '' },
    { type: 'transport-cc', parameter: '' },
  ],
};
const MOST_RIDS = 3;

/**
 * All of an offer or none of it: who sends two things and is heard with one of them would not know (RFC 9725 4.4.3).
 * Throws `unacceptable-sdp`, and `unknown-codecs` where one of them comes in none that is known here.
 */
export function planPublication(offer: Offer): PlannedProducer[] {
  const offered = offer.media.filter(({ kind, disabled }) => kind !== 'other' && !disabled);
  if (offered.length === 0) throw unacceptable('it sends neither sound nor picture');
  for (const kind of ['audio', 'video'] as const)
    if (offered.filter((media) => media.kind === kind).length > 1)
      throw unacceptable(`it sends more than one ${kind} (RFC 9725 4.4.2)`);
  for (const { direction, mid } of offered)
    if (direction !== 'sendonly' && direction !== 'sendrecv')
      throw unacceptable(`a=${direction} of ${mid}: whoever publishes sends (RFC 9725 4.2)`);
  return offered
    .map((media) => planProducer(media, media.kind === 'audio' ? 'audio' : 'video'))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

function planProducer(media: OfferedMedia, kind: MediaKind): PlannedProducer {
  const codec = bestCodec(media.codecs, kind);
  if (!codec) throw unknownCodecs('sends', kind);
  const headerExtensions = media.extensions
    .filter(({ uri }) => (EXTENSIONS[kind] as string[]).includes(uri))
    .map(({ uri, id }) => ({ uri: uri as RtpHeaderExtensionUri, id }));
  const has = (uri: RtpHeaderExtensionUri) => headerExtensions.some((one) => one.uri === uri);
  const rids = has(MID) && has(RID) ? media.rids.slice(0, MOST_RIDS) : [];
  const [stream] = media.streams;
  if (rids.length === 0 && !stream && !has(MID))
    throw unacceptable(
      `nothing says which packets belong to ${media.mid}: a=ssrc or the mid extension is required`,
    );
  const repeating = media.codecs.find(
    ({ name, parameters }) => name === 'rtx' && Number(parameters.apt) === codec.payloadType,
  );
  const codecs = [withFeedback(codec, kind, has(TRANSPORT_CC)), ...(repeating ? [repeating] : [])];
  const { mid, cname } = media;
  return {
    kind,
    media: { mid, direction: 'recvonly', codecs, extensions: headerExtensions, rids },
    rtpParameters: {
      mid,
      codecs: codecs.map((one) => codecParameters(one, kind)),
      headerExtensions,
      encodings: encodingsOf(rids, stream, repeating !== undefined),
      rtcp: { cname: cname ?? mid, reducedSize: true },
    },
  };
}

function encodingsOf(
  rids: readonly string[],
  stream: OfferedMedia['streams'][number] | undefined,
  repeats: boolean,
): RtpParameters['encodings'] {
  if (rids.length > 0) return orderRids(rids).map((rid) => ({ rid, scalabilityMode: 'L1T3' }));
  if (!stream) return [{}];
  const { ssrc, rtx } = stream;
  return [repeats && rtx !== undefined ? { ssrc, rtx: { ssrc: rtx } } : { ssrc }];
}

/** The one to receive: what is recorded without encoding first. Undefined where nothing fits. */
export function bestCodec(codecs: readonly OfferedCodec[], kind: MediaKind): OfferedCodec | undefined {
  const rank = kind === 'audio' ? rankAudio : rankVideo;
  const ranked = codecs.map((codec) => ({ codec, rank: rank(codec) })).filter((one) => one.rank > 0);
  // The sort is stable: of equals the client's own preference counts.
  return ranked.sort((a, b) => b.rank - a.rank)[0]?.codec;
}

function rankAudio({ name, clockRate, channels }: OfferedCodec): number {
  return name === 'opus' && clockRate === 48_000 && channels === 2 ? 1 : 0;
}

function rankVideo({ name, clockRate, parameters }: OfferedCodec): number {
  if (clockRate !== 90_000) return 0;
  if (name === 'vp8') return 1;
  if (name !== 'h264' || Number(parameters['packetization-mode'] ?? 0) !== 1) return 0;
  const profile = String(parameters['profile-level-id'] ?? '42e01f').toLowerCase();
  // Constrained Baseline, which every viewer decodes; then Baseline; then what only most decode.
  if (/^42[c-f]/.test(profile)) return 4;
  return profile.startsWith('42') ? 3 : 2;
}

/** What both sides can say of the packets. */
export function withFeedback(codec: OfferedCodec, kind: MediaKind, hasTransportCc: boolean): OfferedCodec {
  // One estimate of the bandwidth is enough, and the later kind is the better one.
  const superfluous = hasTransportCc ? 'goog-remb' : 'transport-cc';
  const feedback = FEEDBACK[kind].filter(
    ({ type, parameter }) =>
      type !== superfluous &&
      codec.feedback.some((offered) => offered.type === type && offered.parameter === parameter),
  );
  return { ...codec, feedback };
}

/** As the router knows the codec: it tells H.264 apart by profile, while packets of all profiles are the same to it. */
function codecParameters(codec: OfferedCodec, kind: MediaKind): RtpCodecParameters {
  const { name, payloadType, clockRate, parameters, feedback } = codec;
  const base = { payloadType, clockRate, rtcpFeedback: feedback };
  if (name === 'rtx') return { ...base, mimeType: 'video/rtx', parameters: { apt: Number(parameters.apt) } };
  if (name === 'vp8') return { ...base, mimeType: 'video/VP8', parameters: {} };
  if (kind === 'audio')
    return { ...base, mimeType: 'audio/opus', channels: 2, parameters: soundParameters(codec) };
  return {
    ...base,
    mimeType: 'video/H264',
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  };
}

function soundParameters({ parameters }: OfferedCodec): Record<string, number> {
  const known = ['useinbandfec', 'usedtx', 'sprop-stereo', 'minptime', 'ptime'];
  const entries = known.map((name) => [name, Number(parameters[name])] as const);
  return Object.fromEntries(entries.filter(([, value]) => Number.isInteger(value)));
}
