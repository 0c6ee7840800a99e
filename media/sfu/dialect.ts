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
  /** For the packets that repeat lost ones of each (RFC 4588). */
  rtx?: { h264?: number; vp8?: number };
}

export function keyOf({ opus, h264, vp8, rtx }: Dialect): string {
  return [opus, h264, vp8, rtx?.h264, rtx?.vp8].join(' ');
}

/** What mediasoup numbers by itself takes the first of these that is free: the packets that repeat others do. */
const AUTOMATIC = [...Array.from({ length: 28 }, (_, i) => 100 + i), 96, 97, 98, 99];

interface Picture {
  codec: RouterRtpCodecCapability;
  number: number;
  rtx: number | undefined;
}

/**
 * A router's codecs. Repeating packets have the client's numbers where that can be had, H.264's first; VP8 is left out
 * where its number would be given twice.
 */
export function dialectCodecs({ opus, h264, vp8, rtx }: Dialect): RouterRtpCodecCapability[] {
  const [sound, ...both] = ROUTER_CODECS as [RouterRtpCodecCapability, ...RouterRtpCodecCapability[]];
  const pictures = (withRtx: ('h264' | 'vp8')[]): Picture[] =>
    (['h264', 'vp8'] as const).flatMap((name) => {
      const codec = both.find(({ mimeType }) => mimeType.toLowerCase() === `video/${name}`)!;
      const number = name === 'h264' ? h264 : vp8;
      if (number === undefined) return [];
      return [{ codec, number, rtx: withRtx.includes(name) ? rtx?.[name] : undefined }];
    });
  const wishes = [pictures(['h264', 'vp8']), pictures(['h264']), pictures([]), pictures([]).slice(0, 1)];
  for (const wish of wishes) {
    const arranged = arrange(sound, opus, wish);
    if (arranged) return arranged;
  }
  throw new Error('one picture and one sound always have numbers of their own');
}

/**
 * mediasoup gives the packets that repeat a picture's the next number that is free; those before it are used up by
 * entries for the sound, which nobody asks for. Undefined where a number would be given twice.
 */
function arrange(
  sound: RouterRtpCodecCapability,
  opus: number | undefined,
  pictures: readonly Picture[],
): RouterRtpCodecCapability[] | undefined {
  const used = new Set(opus === undefined ? [] : [opus]);
  const free = AUTOMATIC.filter((number) => number !== opus);
  const codecs: RouterRtpCodecCapability[] =
    opus === undefined ? [] : [{ ...sound, preferredPayloadType: opus }];
  const place = ({ rtx }: Picture) => (rtx === undefined ? AUTOMATIC.length : AUTOMATIC.indexOf(rtx));
  for (const { codec, number, rtx } of [...pictures].sort((a, b) => place(a) - place(b))) {
    if (used.has(number)) return undefined;
    used.add(number);
    if (free.includes(number)) free.splice(free.indexOf(number), 1);
    if (rtx !== undefined && !free.includes(rtx)) return undefined;
    for (const before of rtx === undefined ? [] : free.splice(0, free.indexOf(rtx))) {
      used.add(before);
      codecs.push({ ...sound, preferredPayloadType: before });
    }
    used.add(free.shift()!);
    codecs.push({ ...codec, preferredPayloadType: number });
  }
  return codecs;
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
