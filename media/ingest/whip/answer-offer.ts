import type { Consumer } from 'mediasoup/types';
import type { TransportParameters } from '../../contract.ts';
import { MediaError } from '../../errors.ts';
import type { Room } from '../../sfu/room.ts';
import type { CodecName } from '../../sfu/standing-streams.ts';
import type { AnsweredMedia, DtlsFingerprint, Offer } from './offer.ts';
import { planPlayback, playbackCapabilities, type PlannedPlayback } from './plan-playback.ts';
import { planPublication, type PlannedProducer } from './plan-publication.ts';
import type { PlayedProgramme } from './played-programme.ts';
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

/** Sends what is on stage. Throws as {@link publishOffer}, and `nothing-published`. */
export async function playOffer(options: SdpSessionOptions, programme: PlayedProgramme): Promise<SdpSession> {
  const { room, peerId } = options;
  const offer = readOffer(options.sdp);
  const plan = planPlayback(offer);
  const { streams, leave } = await programme.join(plan.codecs.map(({ name }) => name as CodecName));
  const onClosed = () => {
    leave();
    options.onClosed();
  };
  try {
    return await orNothing(options, async () => {
      const { transport, capabilities } = await room.createDialectTransport(peerId, plan.dialect);
      const rtpCapabilities = playbackCapabilities(capabilities, plan);
      await room.connectTransport(peerId, transport.id, dtlsOf(offer));
      const taken: AnsweredMedia[] = [];
      for (const { kind, producer } of streams) {
        // Not paused: it flows, with a keyframe, as soon as the client connects.
        const request = { peerId, transportId: transport.id, producerId: producer.id, rtpCapabilities };
        const { id, rtpParameters } = await room.consume(request, false);
        taken.push(sentMedia(plan.media[kind]!.mid, plan, rtpParameters, id));
      }
      const answer = writeAnswer(offer, taken, transport, `${Date.now()}`);
      return new SdpSession({ ...options, onClosed }, offer, transport, answer);
    });
  } catch (error) {
    leave();
    throw error;
  }
}

function sentMedia(
  mid: string,
  plan: PlannedPlayback,
  { codecs, headerExtensions, encodings, rtcp }: Consumer['rtpParameters'],
  track: string,
): AnsweredMedia {
  const [codec, rtx] = codecs;
  const named = plan.codecs.find(({ payloadType }) => payloadType === codec?.payloadType)!;
  const repeating = plan.repeating.filter(({ payloadType }) => payloadType === rtx?.payloadType);
  const feedback = (codec?.rtcpFeedback ?? []).map(({ type, parameter = '' }) => ({ type, parameter }));
  const [encoding] = encodings ?? [];
  return {
    mid,
    direction: 'sendonly',
    codecs: [{ ...named, feedback }, ...repeating],
    extensions: (headerExtensions ?? []).map(({ uri, id }) => ({ uri, id })),
    rids: [],
    stream: {
      ...{ ssrc: encoding?.ssrc ?? 0, cname: rtcp?.cname ?? mid, track },
      ...(repeating.length > 0 ? { rtx: encoding?.rtx?.ssrc } : {}),
    },
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
