import { createWorker } from 'mediasoup';
import type { Router, RtpParameters, SrtpCryptoSuite, WebRtcTransport, Worker } from 'mediasoup/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cachedWorkerBinary, installedVersion } from '../../bootstrap/paths.mjs';
import { launchChromium } from '../support/chromium.ts';

/**
 * The worker that setup left in its cache, at the two places where it differs from mediasoup's own build: libsrtp 2 under
 * a header that speaks libsrtp 3, and the handshake that crashes on an OpenSSL with kernel TLS.
 */
let worker: Worker;
let router: Router;
const LISTEN = { protocol: 'udp', ip: '127.0.0.1' } as const;
const died: unknown[] = [];

beforeAll(async () => {
  worker = await createWorker({ workerBin: cachedWorkerBinary(installedVersion('mediasoup')) });
  worker.on('died', (error) => died.push(error));
  const opus = {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    preferredPayloadType: 100,
  } as const;
  router = await worker.createRouter({ mediaCodecs: [opus] });
});
afterAll(() => worker.close());

const SSRC = 0x1234abcd;
const SPOKEN: RtpParameters = {
  mid: '0',
  codecs: [{ mimeType: 'audio/opus', payloadType: 100, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc: SSRC }],
};

test.each<SrtpCryptoSuite>([
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
])('sound comes through %s unharmed', async (srtpCryptoSuite) => {
  const options = { listenInfo: LISTEN, rtcpMux: true, enableSrtp: true, srtpCryptoSuite };
  const [from, to] = await Promise.all([
    router.createPlainTransport(options),
    router.createPlainTransport(options),
  ]);
  await from.connect({ ip: '127.0.0.1', port: to.tuple.localPort, srtpParameters: to.srtpParameters! });
  await to.connect({ ip: '127.0.0.1', port: from.tuple.localPort, srtpParameters: from.srtpParameters! });
  const mouth = await router.createDirectTransport();
  const ear = await router.createDirectTransport();
  const spoken = await mouth.produce({ kind: 'audio', rtpParameters: SPOKEN });
  const { rtpCapabilities } = router;
  const sent = await from.consume({ producerId: spoken.id, rtpCapabilities });
  const arrived = await to.produce({ kind: 'audio', rtpParameters: sent.rtpParameters });
  const heard = await ear.consume({ producerId: arrived.id, rtpCapabilities });
  const payloads: string[] = [];
  heard.on('rtp', (packet) => payloads.push(packet.subarray(12 + extensionLength(packet)).toString()));
  for (let sequence = 1; sequence <= 5; sequence += 1) spoken.send(packetOf(sequence));
  await expect.poll(() => payloads).toEqual(['傣家 1', '傣家 2', '傣家 3', '傣家 4', '傣家 5']);
  for (const transport of [from, to, mouth, ear]) transport.close();
});

test('Chromium shakes hands over DTLS and the worker lives', async () => {
  const transport = await router.createWebRtcTransport({ listenInfos: [LISTEN], enableSctp: true });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const offered = await page.evaluate(async () => {
      const peer = new RTCPeerConnection();
      Object.assign(window, { peer });
      peer.createDataChannel('hello');
      await peer.setLocalDescription();
      return peer.localDescription!.sdp;
    });
    const [, algorithm, value] = /a=fingerprint:(\S+) (\S+)/.exec(offered)!;
    const fingerprint = { algorithm: algorithm as 'sha-256', value: value! };
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints: [fingerprint] } });
    await page.evaluate(
      (sdp) =>
        (window as unknown as { peer: RTCPeerConnection }).peer.setRemoteDescription({ type: 'answer', sdp }),
      answerOf(transport),
    );
    await expect.poll(() => transport.dtlsState, { timeout: 10_000 }).toBe('connected');
    await worker.getResourceUsage();
    expect(died).toEqual([]);
  } finally {
    await browser.close();
    transport.close();
  }
});

/** An RTP packet whose payload is one spoken line. */
function packetOf(sequence: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(100, 1);
  header.writeUInt16BE(sequence, 2);
  header.writeUInt32BE(sequence * 960, 4);
  header.writeUInt32BE(SSRC, 8);
  return Buffer.concat([header, Buffer.from(`傣家 ${sequence}`)]);
}

/** Bytes of the header extension (RFC 3550 5.3.1) that the worker may have added. */
function extensionLength(packet: Buffer): number {
  return packet.readUInt8(0) & 0x10 ? 4 + 4 * packet.readUInt16BE(14) : 0;
}

function answerOf({ iceParameters, iceCandidates, dtlsParameters }: WebRtcTransport): string {
  const { ip, port, priority, foundation } = iceCandidates[0]!;
  const { algorithm, value } = dtlsParameters.fingerprints.find((each) => each.algorithm === 'sha-256')!;
  return [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=ice-lite',
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 127.0.0.1',
    'a=mid:0',
    `a=ice-ufrag:${iceParameters.usernameFragment}`,
    `a=ice-pwd:${iceParameters.password}`,
    `a=candidate:${foundation} 1 udp ${priority} ${ip} ${port} typ host`,
    'a=end-of-candidates',
    `a=fingerprint:${algorithm} ${value}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    '',
  ].join('\r\n');
}
