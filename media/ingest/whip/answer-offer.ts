import type { Consumer, Producer } from 'mediasoup/types';
import type { ProducerInfo, TransportParameters } from '../../contract.ts';
import { MediaError } from '../../errors.ts';
import type { Room } from '../../sfu/room.ts';
import type { AnsweredMedia, DtlsFingerprint, Offer } from './offer.ts';
import { planPlayback, playbackCapabilities } from './plan-playback.ts';
import { planPublication, type PlannedProducer } from './plan-publication.ts';
import { readOffer, unacceptable } from './read-offer.ts';
import { SdpSession, type SdpSessionOptions } from './sdp-session.ts';
import { writeAnswer } from './write-answer.ts';

/** Publishes what is offered. Throws `bad-sdp` or `unacceptable-sdp`, and leaves nothing behind then. */
export async function publishOffer(options: SdpSessionOptions): Promise<SdpSession> {
  const offer = readOffer(options.sdp);
  const planned = planPublication(offer);
  return orNothing(options, async () => {
    const transport = await publish(options.room, options.peerId, offer, planned);
    const answer = writeAnswer(
      offer,
      planned.map(({ media }) => media),
      transport,
      `${Date.now()}`,
    );
    return new SdpSession(options, offer, transport, answer);
  });
}

/** Sends the chosen ones of what is published. Throws as {@link publishOffer}, and `nothing-published`. */
export async function playOffer(
  options: SdpSessionOptions,
  choose: (able: readonly ProducerInfo[]) => ProducerInfo[],
): Promise<SdpSession> {
  const { room, peerId } = options;
  const offer = readOffer(options.sdp);
  const plan = planPlayback(offer);
  const able = room.producers.filter(
    ({ info, producer }) =>
      plan.media[info.kind] && plan.codecs.some(({ name }) => name === nameOf(producer)),
  );
  const chosen = choose(able.map(({ info }) => info));
  if (chosen.length === 0)
    throw new MediaError('nothing-published', 'nothing is published that it can receive');
  return orNothing(options, async () => {
    const { transport, capabilities } = await room.createDialectTransport(peerId, plan.dialect);
    const rtpCapabilities = playbackCapabilities(capabilities, plan);
    await room.connectTransport(peerId, transport.id, dtlsOf(offer));
    const taken: AnsweredMedia[] = [];
    const ids: string[] = [];
    for (const { kind, producerId } of chosen) {
      // Not paused: it flows, with a keyframe, as soon as the client connects.
      const request = { peerId, transportId: transport.id, producerId, rtpCapabilities };
      const { id, rtpParameters } = await room.consume(request, false);
      ids.push(id);
      taken.push(sentMedia(plan.media[kind]!.mid, plan.codecs, rtpParameters, id));
    }
    return new SdpSession(options, offer, transport, writeAnswer(offer, taken, transport, `${Date.now()}`));
  });
}

const nameOf = ({ rtpParameters }: Producer) =>
  rtpParameters.codecs[0]?.mimeType.toLowerCase().replace(/^.*\//, '') ?? '';

function sentMedia(
  mid: string,
  offered: readonly AnsweredMedia['codecs'][number][],
  { codecs, headerExtensions, encodings, rtcp }: Consumer['rtpParameters'],
  track: string,
): AnsweredMedia {
  const [codec] = codecs;
  const named = offered.find(({ payloadType }) => payloadType === codec?.payloadType)!;
  const feedback = (codec?.rtcpFeedback ?? []).map(({ type, parameter = '' }) => ({ type, parameter }));
  return {
    mid,
    direction: 'sendonly',
    codecs: [{ ...named, feedback }],
    extensions: (headerExtensions ?? []).map(({ uri, id }) => ({ uri, id })),
    rids: [],
    stream: { ssrc: encodings?.[0]?.ssrc ?? 0, cname: rtcp?.cname ?? mid, track },
  };
}

/** Nothing of the peer stays where it fails; what the router refuses is the offer's fault. */
async function orNothing<T>({ room, peerId }: SdpSessionOptions, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    room.closePeer(peerId);
    if (room.placed.router.closed)
      throw new MediaError('worker-unavailable', 'the worker died meanwhile', { cause: error });
    if (error instanceof MediaError && error.code === 'bad-parameters') throw unacceptable(error.message);
    throw error;
  }
}

function dtlsOf({ setup, fingerprint }: { setup: Offer['setup']; fingerprint: DtlsFingerprint }) {
  return {
    role: setup === 'passive' ? ('server' as const) : ('client' as const),
    fingerprints: [fingerprint],
  };
}

async function publish(
  room: Room,
  peerId: string,
  offer: Offer,
  planned: readonly PlannedProducer[],
): Promise<TransportParameters> {
  const transport = await room.createTransport(peerId, 'send');
  await room.connectTransport(peerId, transport.id, dtlsOf(offer));
  for (const { kind, rtpParameters } of planned) {
    const source = kind === 'audio' ? 'microphone' : 'camera';
    await room.produce({ peerId, transportId: transport.id, kind, rtpParameters, source });
  }
  return transport;
}
