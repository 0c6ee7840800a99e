import type {
  Consumer,
  DirectTransport,
  Producer,
  Router,
  RouterRtpCapabilities,
  RtpCapabilities,
  RtpCodecCapability,
} from 'mediasoup/types';
import { climbLayers } from './climb-layers.ts';

/** One producer's RTP, packet by packet. */
export interface Tap {
  readonly producerId: string;
  requestKeyFrame(): void;
  close(): void;
}

/**
 * What the recording can receive: no retransmission stream and no header extensions, feedback for keyframes only.
 * With all the router offers, bandwidth probing would send packets that belong to no picture.
 */
export function reducedCapabilities(full: RouterRtpCapabilities): RtpCapabilities {
  return {
    // The router has given every codec of its own a payload type.
    codecs: ((full.codecs ?? []) as RtpCodecCapability[])
      .filter((codec) => !codec.mimeType.toLowerCase().endsWith('/rtx'))
      .map((codec) => ({
        ...codec,
        rtcpFeedback: (codec.rtcpFeedback ?? []).filter(
          ({ type, parameter }) =>
            (type === 'nack' && parameter === 'pli') || (type === 'ccm' && parameter === 'fir'),
        ),
      })),
    headerExtensions: [],
  };
}

/** Consumes inside the process: no port, and nothing is lost between the worker and us. */
export class TapTransport {
  readonly #router: Router;
  #transport: Promise<DirectTransport> | null = null;

  constructor(router: Router) {
    this.#router = router;
  }

  async tap(producer: Producer, onPacket: (datagram: Buffer, arrivedAt: number) => void): Promise<Tap> {
    this.#transport ??= this.#router.createDirectTransport();
    const transport = await this.#transport;
    const consumer: Consumer = await transport.consume({
      producerId: producer.id,
      rtpCapabilities: reducedCapabilities(this.#router.rtpCapabilities),
      paused: true,
    });
    consumer.on('rtp', (packet) => onPacket(packet, Date.now()));
    await consumer.resume();
    // A consumer that cannot be asked any more is of no use.
    climbLayers(consumer, () => consumer.close());
    return {
      producerId: producer.id,
      // A consumer whose worker or producer just went has nobody to ask.
      requestKeyFrame: () => void consumer.requestKeyFrame().catch(() => consumer.close()),
      close: () => consumer.close(),
    };
  }
}
