import { randomInt } from 'node:crypto';
import type { Consumer, DirectTransport, Producer, Router } from 'mediasoup/types';
import type { MediaLog } from '../contract.ts';
import { reducedCapabilities } from '../tap/tap-transport.ts';
import { Splice } from './splice.ts';

/** As it stands in a MIME type behind the slash, in lower case. */
export type CodecName = 'opus' | 'h264' | 'vp8';

/** Sizes of a picture: as many as any publisher of ours sends. */
const LAYERS = 3;
const CNAME = 'programme';
const RTCP = { senderReport: 200, payloadFeedback: 206 };

/**
 * A producer that stays while who sends changes: whoever consumes it is sent one stream, and needs no new description.
 * The packets go through this process, as the recording's do.
 */
export class StandingStream {
  readonly codec: CodecName;
  readonly producer: Producer;
  readonly layers: readonly Splice[];
  readonly #transport: DirectTransport;
  readonly #router: Router;
  readonly #log: MediaLog;
  #source: Producer | null = null;
  #consumer: Consumer | null = null;
  /** Counts who was named: the same source may be named, left and named again before it is joined. */
  #turn = 0;

  constructor(parts: {
    codec: CodecName;
    producer: Producer;
    transport: DirectTransport;
    router: Router;
    log: MediaLog;
  }) {
    this.codec = parts.codec;
    this.producer = parts.producer;
    this.#transport = parts.transport;
    this.#router = parts.router;
    this.#log = parts.log;
    const { encodings = [], codecs } = parts.producer.rtpParameters;
    this.layers = encodings.map(({ ssrc = 0 }) => new Splice(ssrc, codecs[0]!.clockRate));
  }

  get kind() {
    return this.producer.kind;
  }

  /** Sends what that producer sends from now on; null: nothing, until another is named. Of its own codec only. */
  feed(source: Producer | null): void {
    if (source?.id === this.#source?.id) return;
    this.#source = source;
    this.#consumer?.close();
    this.#consumer = null;
    for (const layer of this.layers) layer.cut();
    this.#turn += 1;
    if (!source) return;
    this.#join(source, this.#turn).catch((error: unknown) => {
      // It went meanwhile, or the router did: the next one is named then.
      if (source.closed || this.producer.closed) return;
      this.#log('error', 'players could not be joined to who is on stage', { error: String(error) });
    });
  }

  requestKeyFrame(): void {
    // A consumer whose producer just went has nobody to ask.
    const consumer = this.#consumer;
    void consumer?.requestKeyFrame().catch(() => consumer.close());
  }

  /** The report's stream is one that it receives now. */
  takeReport(ssrc: number, datagram: Buffer, start: number): void {
    const index = this.#consumer?.rtpParameters.encodings?.findIndex((one) => one.ssrc === ssrc) ?? -1;
    const report = this.layers[index]?.report(datagram, start);
    if (report) this.#transport.sendRtcp(report);
  }

  /** Who consumes it loses it. Idempotent. */
  close(): void {
    this.feed(null);
    this.producer.close();
  }

  async #join(source: Producer, turn: number): Promise<void> {
    const consumer = await this.#transport.consume({
      producerId: source.id,
      rtpCapabilities: reducedCapabilities(this.#router.rtpCapabilities),
      // All sizes as they are, each from a keyframe on.
      ...{ pipe: true, enableRtx: false, paused: true },
    });
    if (this.#turn !== turn) return consumer.close();
    this.#consumer = consumer;
    const ssrcs = (consumer.rtpParameters.encodings ?? []).map(({ ssrc }) => ssrc);
    consumer.on('rtp', (packet) => {
      const layer = this.layers[ssrcs.indexOf(packet.readUInt32BE(8))];
      if (this.#consumer === consumer && layer?.pass(packet, performance.now())) this.producer.send(packet);
    });
    await consumer.resume();
  }
}

/** The standing streams of one router, one of each codec at most. They end with it. */
export class StandingStreams {
  readonly #router: Router;
  readonly #log: MediaLog;
  readonly #opening = new Map<CodecName, Promise<StandingStream>>();
  readonly #open = new Set<StandingStream>();
  #transport: Promise<DirectTransport> | null = null;

  constructor(router: Router, log: MediaLog) {
    this.#router = router;
    this.#log = log;
  }

  get streams(): StandingStream[] {
    return [...this.#open];
  }

  has(producerId: string): boolean {
    return this.streams.some(({ producer }) => producer.id === producerId);
  }

  /** The one of that codec, opened where there is none. */
  open(codec: CodecName): Promise<StandingStream> {
    const standing = this.#opening.get(codec);
    if (standing) return standing;
    const opening = this.#produce(codec);
    this.#opening.set(codec, opening);
    opening.catch(() => this.#opening.delete(codec));
    return opening;
  }

  /** Ends all of them; others may be opened again. */
  closeAll(): void {
    for (const stream of this.#open) stream.close();
  }

  async #produce(codec: CodecName): Promise<StandingStream> {
    this.#transport ??= this.#listen();
    const transport = await this.#transport;
    const ours = (this.#router.rtpCapabilities.codecs ?? []).find(
      ({ mimeType }) => mimeType.toLowerCase() === `${codec === 'opus' ? 'audio' : 'video'}/${codec}`,
    )!;
    const { kind, mimeType, clockRate, channels, parameters } = ours;
    const first = randomInt(1, 2 ** 31);
    const layers = kind === 'audio' ? 1 : LAYERS;
    const producer = await transport.produce({
      kind,
      rtpParameters: {
        codecs: [
          {
            ...{ mimeType, clockRate, parameters, payloadType: ours.preferredPayloadType },
            ...(channels === undefined ? {} : { channels }),
            // Nothing is lost on the way here: what is missing was never received.
            rtcpFeedback:
              kind === 'audio'
                ? []
                : [
                    { type: 'nack', parameter: 'pli' },
                    { type: 'ccm', parameter: 'fir' },
                  ],
          },
        ],
        encodings: Array.from({ length: layers }, (_, i) => ({
          ssrc: first + i,
          ...(layers > 1 ? { scalabilityMode: 'L1T3' } : {}),
        })),
        rtcp: { cname: CNAME },
      },
    });
    const stream = new StandingStream({ codec, producer, transport, router: this.#router, log: this.#log });
    this.#open.add(stream);
    producer.observer.once('close', () => {
      this.#open.delete(stream);
      this.#opening.delete(codec);
    });
    return stream;
  }

  async #listen(): Promise<DirectTransport> {
    const transport = await this.#router.createDirectTransport();
    transport.on('rtcp', (datagram) => {
      for (const { type, start } of compoundOf(datagram)) {
        if (type === RTCP.senderReport && datagram.length >= start + 8) {
          const ssrc = datagram.readUInt32BE(start + 4);
          for (const stream of this.#open) stream.takeReport(ssrc, datagram, start);
        }
        if (type === RTCP.payloadFeedback && datagram.length >= start + 12) {
          const about = mediaSsrcOf(datagram, start);
          for (const stream of this.#open)
            if (stream.layers.some(({ ssrc }) => ssrc === about)) stream.requestKeyFrame();
        }
      }
    });
    return transport;
  }
}

/** The packets of a compound one (RFC 3550 6.1). */
function* compoundOf(datagram: Buffer): Iterable<{ type: number; start: number }> {
  for (let start = 0; start + 4 <= datagram.length; start += 4 + datagram.readUInt16BE(start + 2) * 4)
    yield { type: datagram[start + 1]!, start };
}

/** Which stream a keyframe is asked of: PLI says it at once, FIR in its first entry (RFC 4585 6.3.1, RFC 5104 4.3.1). */
function mediaSsrcOf(datagram: Buffer, start: number): number {
  const isFir = (datagram[start]! & 0x1f) === 4 && datagram.length >= start + 16;
  return datagram.readUInt32BE(start + (isFir ? 12 : 8));
}
