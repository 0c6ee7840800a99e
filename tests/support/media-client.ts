/**
 * What runs in the test's browser: plain mediasoup-client and hls.js against `serve-media.ts`. Bundled by the
 * test; every function is reached as `window.mediaTest.<name>`.
 */
import Hls from 'hls.js';
import { Device, type types } from 'mediasoup-client';

async function call<T>(method: string, request: Record<string, unknown> = {}): Promise<T> {
  const response = await fetch('/rpc', { method: 'POST', body: JSON.stringify({ method, request }) });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${method}: ${answer.message}`);
  return answer.result as T;
}

async function openTransport(device: types.Device, peerId: string, direction: 'send' | 'recv') {
  const parameters = await call<types.TransportOptions>('createTransport', { peerId, direction });
  const transport =
    direction === 'send' ? device.createSendTransport(parameters) : device.createRecvTransport(parameters);
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    call('connectTransport', { peerId, transportId: transport.id, dtlsParameters }).then(done, failed);
  });
  transport.on('produce', ({ kind, rtpParameters }, done, failed) => {
    const source = kind === 'video' ? 'camera' : 'microphone';
    call<{ producerId: string }>('produce', {
      peerId,
      transportId: transport.id,
      kind,
      rtpParameters,
      source,
    }).then(({ producerId }) => done({ id: producerId }), failed);
  });
  return transport;
}

const receiving = new Map<string, types.Transport>();
const published = new Map<string, types.Producer>();

async function loadDevice() {
  const device = await Device.factory();
  await device.load({ routerRtpCapabilities: await call('routerRtpCapabilities') });
  return device;
}

function vp8Of(device: Device): types.RtpCodecCapability {
  return device.rtpCapabilities.codecs!.find(({ mimeType }) => mimeType.toLowerCase() === 'video/vp8')!;
}

/** Publishes the fake camera and microphone; returns the producers' ids by kind. */
async function publish(
  peerId: string,
  wanted: { video?: { width: number; height: number }; audio?: boolean; simulcast?: boolean; vp8?: boolean },
) {
  const device = await loadDevice();
  const transport = await openTransport(device, peerId, 'send');
  const video = wanted.video && { ...wanted.video, frameRate: 30 };
  const stream = await navigator.mediaDevices.getUserMedia({
    video: video ?? false,
    audio: wanted.audio ?? false,
  });
  const ids: Record<string, string> = {};
  for (const track of stream.getTracks()) {
    const encodings =
      track.kind === 'video' && wanted.simulcast
        ? [
            { scaleResolutionDownBy: 4, maxBitrate: 150_000 },
            { scaleResolutionDownBy: 2, maxBitrate: 400_000 },
            { scaleResolutionDownBy: 1, maxBitrate: 1_200_000 },
          ]
        : undefined;
    const producer = await transport.produce({
      track,
      ...(encodings ? { encodings } : {}),
      ...(track.kind === 'video' && wanted.vp8 ? { codec: vp8Of(device) } : {}),
      codecOptions: { videoGoogleStartBitrate: 1000 },
    });
    const sent = producer.rtpParameters.codecs[0]?.mimeType.toLowerCase();
    if (track.kind === 'video' && wanted.vp8 && sent !== 'video/vp8') throw new Error(`it sends ${sent}`);
    published.set(producer.id, producer);
    ids[track.kind] = producer.id;
  }
  return ids;
}

/** Publishes a black picture that flashes white each second, and a beep that begins at the same instant. */
async function publishFlashes(peerId: string) {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [320, 180];
  const drawing = canvas.getContext('2d')!;
  const audio = new AudioContext();
  const [tone, gain] = [audio.createOscillator(), audio.createGain()];
  const output = audio.createMediaStreamDestination();
  tone.frequency.value = 880;
  gain.gain.value = 0;
  tone.connect(gain).connect(output);
  tone.start();
  let beeping = false;
  setInterval(() => {
    const flash = Date.now() % 1000 < 150;
    drawing.fillStyle = flash ? 'white' : 'black';
    drawing.fillRect(0, 0, 320, 180);
    if (flash !== beeping) gain.gain.setValueAtTime(flash ? 0.6 : 0, audio.currentTime);
    beeping = flash;
  }, 15);
  const device = await loadDevice();
  const transport = await openTransport(device, peerId, 'send');
  const tracks = [...canvas.captureStream(30).getVideoTracks(), ...output.stream.getAudioTracks()];
  for (const track of tracks) await transport.produce({ track });
}

function stopPublishing(producerId: string): void {
  published.get(producerId)?.close();
}

/** Replaces the track's source; the resolution changes within the same producer. */
async function changeSize(producerId: string, width: number, height: number) {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width, height } });
  await published.get(producerId)?.replaceTrack({ track: stream.getVideoTracks()[0] ?? null });
}

/** Receives all that is published and plays it in `#watch`; returns the consumers' ids by kind. */
async function watch(peerId: string) {
  const device = await loadDevice();
  const transport = await openTransport(device, peerId, 'recv');
  receiving.set(peerId, transport);
  const stream = new MediaStream();
  const producers = await call<{ producerId: string }[]>('producers');
  const ids: Record<string, string> = {};
  for (const { producerId } of producers) {
    const parameters = await call<types.ConsumerOptions>('consume', {
      peerId,
      transportId: transport.id,
      producerId,
      rtpCapabilities: device.recvRtpCapabilities,
    });
    const consumer = await transport.consume(parameters);
    stream.addTrack(consumer.track);
    ids[consumer.kind] = consumer.id;
    await call('resumeConsumer', { peerId, consumerId: consumer.id });
  }
  const video = element('watch');
  video.srcObject = stream;
  await video.play();
  return ids;
}

const crowd: types.Transport[] = [];

/** Receives all that is published many times over, and shows none of it. */
async function joinCrowd(transports: number, copies: number): Promise<void> {
  const device = await loadDevice();
  const producers = await call<{ producerId: string }[]>('producers');
  for (let index = 0; index < transports; index += 1) {
    const peerId = `crowd-${index}`;
    const transport = await openTransport(device, peerId, 'recv');
    crowd.push(transport);
    for (let copy = 0; copy < copies; copy += 1) {
      const consumers = await Promise.all(
        producers.map(async ({ producerId }) => {
          const request = { peerId, transportId: transport.id, producerId };
          const offer = { ...request, rtpCapabilities: device.recvRtpCapabilities };
          return transport.consume(await call<types.ConsumerOptions>('consume', offer));
        }),
      );
      for (const { id } of consumers) await call('resumeConsumer', { peerId, consumerId: id });
    }
  }
}

/** Packets of the whole crowd so far. */
async function readCrowd(): Promise<{ received: number; lost: number }> {
  const sums = { received: 0, lost: 0 };
  for (const transport of crowd)
    (await transport.getStats()).forEach((entry: Record<string, unknown>) => {
      if (entry.type !== 'inbound-rtp') return;
      sums.received += Number(entry.packetsReceived);
      sums.lost += Math.max(0, Number(entry.packetsLost));
    });
  return sums;
}

/** Finds the line of a viewer again after its network has changed. */
async function restartIce(peerId: string): Promise<void> {
  const transport = receiving.get(peerId)!;
  const iceParameters = await call<types.IceParameters>('restartIce', {
    peerId,
    transportId: transport.id,
  });
  await transport.restartIce({ iceParameters });
}

function element(id: string): HTMLVideoElement {
  const found = document.getElementById(id) ?? document.createElement('video');
  found.id = id;
  document.body.append(found);
  const video = found as HTMLVideoElement;
  video.muted = true;
  return video;
}

let hls: Hls | null = null;
const hlsErrors: string[] = [];

/** Plays the broadcast's HLS in `#hls`, near the live edge. */
function playHls(options: { target?: number } = {}) {
  hls?.destroy();
  hls = new Hls({
    lowLatencyMode: true,
    liveSyncDuration: options.target ?? 0.9,
    maxLiveSyncPlaybackRate: 1,
    liveSyncOnStallIncrease: 0,
    enableWorker: true,
  });
  hls.on(Hls.Events.ERROR, (_event, data) => {
    hlsErrors.push(`${data.type} ${data.details} fatal=${data.fatal} ${data.error?.message ?? ''}`);
  });
  const video = element('hls');
  video.addEventListener('error', () => hlsErrors.push(`video error ${video.error?.message}`));
  const target = options.target ?? 0.9;
  // hls.js catches up only while more than a second is buffered; closer to the edge we do it ourselves.
  setInterval(() => {
    const buffered =
      video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) - video.currentTime : 0;
    video.playbackRate = (hls?.latency ?? 0) > target + 0.1 && buffered > target / 2 ? 1.1 : 1;
  }, 200);
  hls.loadSource('/hls/index.m3u8');
  hls.attachMedia(video);
  void video.play();
}

function seekHls(seconds: number) {
  element('hls').currentTime = seconds;
}

/** What a player shows: frames decoded so far, position, size, and milliseconds behind the hub's clock. */
function playing(id: 'watch' | 'hls') {
  const video = element(id);
  const quality = video.getVideoPlaybackQuality();
  return {
    frames: quality.totalVideoFrames,
    dropped: quality.droppedVideoFrames,
    currentTime: video.currentTime,
    duration: video.duration,
    width: video.videoWidth,
    height: video.videoHeight,
    behindMs: id === 'hls' && hls?.playingDate ? Date.now() - hls.playingDate.getTime() : null,
    errors: [...hlsErrors],
  };
}

/** Publisher's own frames sent, by the browser's statistics. */
async function sentFrames(producerId: string): Promise<number> {
  const report = await published.get(producerId)?.getStats();
  let frames = 0;
  report?.forEach((entry) => {
    if (entry.type === 'outbound-rtp') frames += entry.framesSent ?? 0;
  });
  return frames;
}

Object.assign(window, {
  mediaTest: {
    publish,
    publishFlashes,
    stopPublishing,
    changeSize,
    watch,
    restartIce,
    joinCrowd,
    readCrowd,
    playHls,
    seekHls,
    playing,
    sentFrames,
  },
});
