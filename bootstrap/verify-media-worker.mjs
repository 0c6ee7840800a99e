/** Run by Node 24: starts the worker named on the command line through mediasoup and lets it make a router. */
import { createWorker } from 'mediasoup';

const worker = await createWorker({ workerBin: process.argv[2] });
const router = await worker.createRouter({
  mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
});
// A transport makes the worker open a port, gather ICE and load its DTLS certificate.
const listenInfos = [{ protocol: 'udp', ip: '127.0.0.1' }];
const transport = await router.createWebRtcTransport({ listenInfos });
if (transport.iceCandidates.length === 0) throw new Error('the worker offers no address for media');
worker.close();
