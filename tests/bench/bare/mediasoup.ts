import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWorker } from 'mediasoup';
import type { Consumer, Producer, Router, RtpCodecParameters, WebRtcTransport } from 'mediasoup/types';
import { prepareClip } from '../../../media/ingest/prepare-clip.ts';
import { clipArguments, type RtpTarget } from '../../../media/process/ffmpeg-arguments.ts';
import { ROUTER_CODECS } from '../../../media/sfu/codecs.ts';
import { bundlePage, pageAround } from '../pages/bundle.ts';

const LOOPBACK = '127.0.0.1';

export interface BareMediasoup {
  url: string;
  close(): Promise<void>;
}

interface Viewer {
  transport: WebRtcTransport;
  consumers: Consumer[];
}

/**
 * One worker, one router, a page, and signalling by POST: nothing else. It carries a clip looped into it as the hub
 * does, or, without one, what a browser publishes at `#publish`.
 */
export async function serveBareMediasoup(options: {
  workerBin: string;
  clip?: string;
  dir: string;
}): Promise<BareMediasoup> {
  const page = pageAround(await bundlePage('bare-webrtc.ts'));
  const worker = await createWorker({ workerBin: options.workerBin, logLevel: 'error' });
  const router = await worker.createRouter({ mediaCodecs: ROUTER_CODECS });
  const publisher = options.clip
    ? await loopInto(
        router,
        await prepareClip({ ffmpegPath: 'ffmpeg', file: options.clip, storageDir: options.dir }),
      )
    : { producers: [], close: async () => undefined };
  const viewers = new Map<string, Viewer>();
  const answers = answersOf(router, publisher.producers, viewers);
  const server = createServer((request, response) => {
    const method = /^\/rpc\/(\w+)$/.exec(request.url ?? '')?.[1];
    if (!method) return void response.setHeader('content-type', 'text/html').end(page);
    const answer: (asked: never) => Promise<unknown> = answers[method as keyof typeof answers];
    readJson(request)
      .then((asked) => answer(asked as never))
      .then((answered) => response.end(JSON.stringify(answered ?? null)))
      .catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await publisher.close();
      const ended = once(worker, 'subprocessclose');
      worker.close();
      await ended;
    },
  };
}

function answersOf(router: Router, producers: Producer[], viewers: Map<string, Viewer>) {
  const viewerOf = (transportId: string) => viewers.get(transportId)!;
  return {
    capabilities: async () => router.rtpCapabilities,
    async open() {
      const transport = await router.createWebRtcTransport({
        listenInfos: [{ protocol: 'udp', ip: LOOPBACK }],
        initialAvailableOutgoingBitrate: 1_000_000,
      });
      viewers.set(transport.id, { transport, consumers: [] });
      const { id, iceParameters, iceCandidates, dtlsParameters } = transport;
      return { id, iceParameters, iceCandidates, dtlsParameters };
    },
    async connect({ transportId, dtlsParameters }: Asked<'connect'>) {
      await viewerOf(transportId).transport.connect({ dtlsParameters });
    },
    async consume({ transportId, rtpCapabilities }: Asked<'consume'>) {
      const { transport, consumers } = viewerOf(transportId);
      for (const { id: producerId } of producers)
        consumers.push(await transport.consume({ producerId, rtpCapabilities, paused: true }));
      return consumers.map(({ id, producerId, kind, rtpParameters }) => ({
        id,
        producerId,
        kind,
        rtpParameters,
      }));
    },
    async produce({ transportId, kind, rtpParameters }: Asked<'produce'>) {
      const producer = await viewerOf(transportId).transport.produce({ kind, rtpParameters });
      producers.push(producer);
      return { id: producer.id };
    },
    async resume({ transportId }: Asked<'resume'>) {
      for (const consumer of viewerOf(transportId).consumers) await consumer.resume();
    },
  };
}

interface Requests {
  connect: { transportId: string } & Parameters<WebRtcTransport['connect']>[0];
  consume: { transportId: string; rtpCapabilities: Router['rtpCapabilities'] };
  produce: { transportId: string } & Parameters<WebRtcTransport['produce']>[0];
  resume: { transportId: string };
}
type Asked<Method extends keyof Requests> = Requests[Method];

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** The same ffmpeg, codecs and transports with which the hub plays a clip. */
export async function loopInto(router: Router, file: string) {
  const publish = async (codec: RtpCodecParameters): Promise<{ producer: Producer; target: RtpTarget }> => {
    const listenInfo = { protocol: 'udp', ip: LOOPBACK } as const;
    const transport = await router.createPlainTransport({ listenInfo, rtcpMux: false, comedia: true });
    const ssrc = 1 + Math.floor(Math.random() * 0x7fff_fffe);
    const kind = codec.mimeType.startsWith('video') ? 'video' : 'audio';
    const rtpParameters = { codecs: [codec], encodings: [{ ssrc }] };
    const producer = await transport.produce({ kind, rtpParameters });
    const { localPort: port } = transport.tuple;
    const rtcpPort = transport.rtcpTuple!.localPort;
    return { producer, target: { port, rtcpPort, payloadType: codec.payloadType, ssrc } };
  };
  const [sound, picture] = ROUTER_CODECS.map(({ mimeType, clockRate, channels, parameters }, index) => ({
    ...{ mimeType, clockRate, channels, parameters },
    payloadType: 100 + index,
  }));
  const [audio, video] = [await publish(sound!), await publish(picture!)];
  const args = clipArguments({ file, video: video.target, audio: audio.target });
  const ffmpeg = spawn('ffmpeg', args, { stdio: 'ignore' });
  const ended = once(ffmpeg, 'exit');
  return {
    producers: [video.producer, audio.producer],
    async close() {
      ffmpeg.kill('SIGTERM');
      await ended;
    },
  };
}
