/**
 * Runs in the browser: mediasoup-client as its documentation has it, against bare/mediasoup.ts. It watches at once, or
 * with `#join` at a click on the button, its device ready before; with `#publish` it sends its camera and microphone.
 */
import { Device, type types } from 'mediasoup-client';

async function call<T>(method: string, request: unknown = {}): Promise<T> {
  const response = await fetch(`/rpc/${method}`, { method: 'POST', body: JSON.stringify(request) });
  if (!response.ok) throw new Error(`${method}: ${await response.text()}`);
  return (await response.json()) as T;
}

async function openDevice(): Promise<types.Device> {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: await call('capabilities') });
  return device;
}

function connectBySignalling(transport: types.Transport): void {
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    call('connect', { transportId: transport.id, dtlsParameters }).then(done, failed);
  });
}

async function watch(ready: Promise<types.Device>): Promise<void> {
  const device = await ready;
  const transport = device.createRecvTransport(await call<types.TransportOptions>('open'));
  const { id: transportId } = transport;
  connectBySignalling(transport);
  const stream = new MediaStream();
  const { recvRtpCapabilities: rtpCapabilities } = device;
  const offers = await call<types.ConsumerOptions[]>('consume', { transportId, rtpCapabilities });
  for (const offer of offers) stream.addTrack((await transport.consume(offer)).track);
  const video = document.querySelector('video')!;
  video.srcObject = stream;
  await call('resume', { transportId });
  await video.play();
}

async function publish(): Promise<void> {
  const device = await openDevice();
  const transport = device.createSendTransport(await call<types.TransportOptions>('open'));
  connectBySignalling(transport);
  transport.on('produce', ({ kind, rtpParameters }, done, failed) => {
    call<{ id: string }>('produce', { transportId: transport.id, kind, rtpParameters }).then(done, failed);
  });
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  for (const track of stream.getTracks()) await transport.produce({ track });
  Object.assign(window, { publishing: true });
}

if (location.hash === '#publish') void publish();
else {
  const ready = openDevice();
  if (location.hash === '#join') document.querySelector('button')!.onclick = () => void watch(ready);
  else void watch(ready);
}
