/** Runs in the browser: mediasoup-client as its documentation has it, against bare/mediasoup.ts. */
import { Device, type types } from 'mediasoup-client';

async function call<T>(method: string, request: unknown = {}): Promise<T> {
  const response = await fetch(`/rpc/${method}`, { method: 'POST', body: JSON.stringify(request) });
  if (!response.ok) throw new Error(`${method}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function watch(): Promise<void> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: await call('capabilities') });
  const transport = device.createRecvTransport(await call<types.TransportOptions>('open'));
  const { id: transportId } = transport;
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    call('connect', { transportId, dtlsParameters }).then(done, failed);
  });
  const stream = new MediaStream();
  const { recvRtpCapabilities: rtpCapabilities } = device;
  const offers = await call<types.ConsumerOptions[]>('consume', { transportId, rtpCapabilities });
  for (const offer of offers) stream.addTrack((await transport.consume(offer)).track);
  const video = document.querySelector('video')!;
  video.srcObject = stream;
  await call('resume', { transportId });
  await video.play();
}

void watch();
