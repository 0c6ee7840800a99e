import type { PipeTransport, Router, RouterRtpCodecCapability } from 'mediasoup/types';
import { ROUTER_CODECS } from './codecs.ts';
import type { Join } from './site.ts';

/**
 * The numbers by which a client that makes the offer names formats (payload types). It is sent what it named (RFC 3264
 * 6.1), and a router has one number for each of its codecs: so each dialect has a router of its own.
 */
export interface Dialect {
  opus?: number;
  h264?: number;
  vp8?: number;
}

export function keyOf({ opus, h264, vp8 }: Dialect): string {
  return [opus, h264, vp8].join(' ');
}

/** What mediasoup numbers by itself takes the first of these that is free: the packets that repeat others do. */
const AUTOMATIC = [...Array.from({ length: 28 }, (_, i) => 100 + i), 96, 97, 98, 99];

/** A router's codecs. VP8 is left out where its number would be given twice. */
export function dialectCodecs({ opus, h264, vp8 }: Dialect): RouterRtpCodecCapability[] {
  const numbered = (mimeType: string, payloadType: number | undefined) =>
    ROUTER_CODECS.filter((codec) => payloadType !== undefined && codec.mimeType === mimeType).map(
      (codec) => ({
        ...codec,
        preferredPayloadType: payloadType,
      }),
    );
  const first = AUTOMATIC.find((number) => number !== opus && number !== h264);
  const clashes = h264 !== undefined && vp8 === first;
  return [
    ...numbered('audio/opus', opus),
    ...numbered('video/H264', h264),
    ...(clashes ? [] : numbered('video/VP8', vp8)),
  ];
}

/**
 * Joins two routers of one worker, which mediasoup's `pipeToRouter` cannot: it gives the copy the original's id. One pair
 * of transports serves all producers.
 */
export function openDialectPipe(): Join {
  let pair: Promise<[PipeTransport, PipeTransport]> | null = null;
  return async (producerId, home, router) => {
    pair ??= connectRouters(home, router).catch((error: unknown) => {
      pair = null;
      throw error;
    });
    const [near, far] = await pair;
    const consumer = await near.consume({ producerId });
    try {
      const { kind, rtpParameters } = consumer;
      // Never paused: a muted one sends nothing by itself.
      const producer = await far.produce({ kind, rtpParameters });
      consumer.observer.once('close', () => producer.close());
      producer.observer.once('close', () => consumer.close());
      if (consumer.closed) producer.close();
      return producer;
    } catch (error) {
      consumer.close();
      throw error;
    }
  };
}

async function connectRouters(home: Router, router: Router): Promise<[PipeTransport, PipeTransport]> {
  const options = { listenInfo: { protocol: 'udp', ip: '127.0.0.1' }, enableRtx: true } as const;
  const near = await home.createPipeTransport(options);
  // Goes with the router that it feeds; the other one closes with its own.
  router.observer.once('close', () => near.close());
  const far = await router.createPipeTransport(options);
  const to = ({ tuple }: PipeTransport) => ({ ip: '127.0.0.1', port: tuple.localPort });
  await near.connect(to(far));
  await far.connect(to(near));
  return [near, far];
}
