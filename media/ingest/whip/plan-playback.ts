import type { MediaKind, RtpCapabilities, RtpHeaderExtensionUri } from 'mediasoup/types';
import type { Dialect } from '../../sfu/dialect.ts';
import type { Offer, OfferedCodec, OfferedMedia } from './offer.ts';
import { bestCodec, withFeedback } from './plan-publication.ts';
import { unacceptable, unknownCodecs } from './read-offer.ts';

/** Where a client wants to receive, and in which formats. */
export interface PlannedPlayback {
  dialect: Dialect;
  media: Partial<Record<MediaKind, OfferedMedia>>;
  /** What it can receive of each; the best of what it named twice. */
  codecs: OfferedCodec[];
  /** What repeats lost packets of those. */
  repeating: OfferedCodec[];
}

/** Throws `unacceptable-sdp`, and `unknown-codecs` where it receives nothing that is ever sent here. */
export function planPlayback(offer: Offer): PlannedPlayback {
  for (const { kind, disabled, direction, mid } of offer.media)
    if (kind !== 'other' && !disabled && direction !== 'recvonly' && direction !== 'sendrecv')
      throw unacceptable(`a=${direction} of ${mid}: whoever plays receives (draft-ietf-wish-whep 4.2)`);
  const media: PlannedPlayback['media'] = {};
  const codecs: OfferedCodec[] = [];
  for (const kind of ['audio', 'video'] as const) {
    const place = offer.media.find(
      (one) => one.kind === kind && !one.disabled && bestCodec(one.codecs, kind),
    );
    if (!place) continue;
    media[kind] = place;
    for (const name of kind === 'audio' ? ['opus'] : ['h264', 'vp8']) {
      const best = bestCodec(
        place.codecs.filter((codec) => codec.name === name),
        kind,
      );
      if (best) codecs.push(best);
    }
  }
  if (codecs.length === 0) throw unknownCodecs('receives', 'media');
  const number = (name: string) => codecs.find((codec) => codec.name === name)?.payloadType;
  const repeats = (name: string) =>
    media.video?.codecs.find(
      (one) => one.name === 'rtx' && Number(one.parameters.apt) === (number(name) ?? NaN),
    );
  const rtx = { h264: repeats('h264'), vp8: repeats('vp8') };
  return {
    dialect: {
      ...{ opus: number('opus'), h264: number('h264'), vp8: number('vp8') },
      rtx: { h264: rtx.h264?.payloadType, vp8: rtx.vp8?.payloadType },
    },
    ...{ media, codecs },
    repeating: [rtx.h264, rtx.vp8].filter((one) => one !== undefined),
  };
}

/**
 * What the router may send: its formats, and the extensions that happen to have the client's numbers. Where the format
 * that repeats packets has another number, lost ones are sent again as they were.
 */
export function playbackCapabilities(full: RtpCapabilities, plan: PlannedPlayback): RtpCapabilities {
  return {
    codecs: (full.codecs ?? []).flatMap((codec) => {
      const named = ({ payloadType }: OfferedCodec) => payloadType === codec.preferredPayloadType;
      if (codec.mimeType.endsWith('/rtx'))
        return plan.repeating.some(
          (one) => named(one) && Number(one.parameters.apt) === codec.parameters?.apt,
        )
          ? [codec]
          : [];
      const offered = plan.codecs.find(named);
      if (!offered) return [];
      const hasTransportCc = sameExtensions(full, plan, codec.kind).some(({ uri }) => uri === TRANSPORT_CC);
      return [{ ...codec, rtcpFeedback: withFeedback(offered, codec.kind, hasTransportCc).feedback }];
    }),
    headerExtensions: (['audio', 'video'] as const).flatMap((kind) => sameExtensions(full, plan, kind)),
  };
}

const TRANSPORT_CC: RtpHeaderExtensionUri =
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const USEFUL: RtpHeaderExtensionUri[] = [
  TRANSPORT_CC,
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
];

function sameExtensions(full: RtpCapabilities, { media }: PlannedPlayback, kind: MediaKind) {
  const offered = media[kind]?.extensions ?? [];
  return (full.headerExtensions ?? []).filter(
    (ours) =>
      ours.kind === kind &&
      USEFUL.includes(ours.uri) &&
      offered.some(({ uri, id }) => uri === ours.uri && id === ours.preferredId),
  );
}
