import type { Page } from 'playwright-core';

export interface WhipOptions {
  endpoint: string;
  token: string;
  /** Only this codec's payloads are offered; all that the browser has where it is left out. */
  onlyVideo?: string;
  simulcast?: boolean;
  /** Of the picture, in pixels; 640 where it is left out. */
  width?: number;
}

export interface Published {
  status: number;
  location: string;
  etag: string;
  link: string;
  offer: string;
  answer: string;
}

/** Publishes the fake camera and microphone as any WHIP client does, knowing nothing of the hub. Call `stopWhip` to end. */
export function publishWhip(page: Page, options: WhipOptions): Promise<Published> {
  return page.evaluate(async ({ endpoint, token, onlyVideo, simulcast, width = 640 }) => {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: { width, height: (width * 9) / 16, frameRate: 20 },
    });
    const connection = new RTCPeerConnection();
    Object.assign(window, { whip: connection });
    connection.addTransceiver(stream.getAudioTracks()[0]!, { direction: 'sendonly' });
    const sendEncodings = simulcast
      ? [
          { rid: 'q', scaleResolutionDownBy: 4, maxBitrate: 80_000 },
          { rid: 'h', scaleResolutionDownBy: 2, maxBitrate: 250_000 },
          { rid: 'f', maxBitrate: 700_000 },
        ]
      : undefined;
    const video = connection.addTransceiver(stream.getVideoTracks()[0]!, {
      direction: 'sendonly',
      sendEncodings,
    });
    if (onlyVideo) {
      const all = RTCRtpReceiver.getCapabilities('video')!.codecs;
      video.setCodecPreferences(all.filter(({ mimeType }) => mimeType === onlyVideo));
    }
    await connection.setLocalDescription(await connection.createOffer());
    const offer = connection.localDescription!.sdp;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${token}` },
      body: offer,
    });
    const answer = await response.text();
    const told = {
      status: response.status,
      location: response.headers.get('location') ?? '',
      etag: response.headers.get('etag') ?? '',
      link: response.headers.get('link') ?? '',
      offer,
      answer,
    };
    if (response.status === 201) await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    return told;
  }, options);
}

/** Restarts ICE by PATCH with the browser's new credentials. Resolves with what it was answered. */
export function restartIceByWhip(page: Page, at: { location: string; token: string }) {
  return page.evaluate(async ({ location, token }) => {
    const { whip } = window as unknown as { whip: RTCPeerConnection };
    const before = whip.remoteDescription!.sdp;
    await whip.setLocalDescription(await whip.createOffer({ iceRestart: true }));
    const mine = whip.localDescription!.sdp;
    const line = (name: string, sdp: string) => new RegExp(`a=${name}:(\\S+)`).exec(sdp)![1]!;
    const fragment = `a=ice-ufrag:${line('ice-ufrag', mine)}\r\na=ice-pwd:${line('ice-pwd', mine)}\r\n`;
    const response = await fetch(location, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/trickle-ice-sdpfrag',
        'If-Match': '*',
        Authorization: `Bearer ${token}`,
      },
      body: fragment,
    });
    const body = await response.text();
    const sdp = before
      .replaceAll(/a=ice-ufrag:\S+/g, `a=ice-ufrag:${line('ice-ufrag', body)}`)
      .replaceAll(/a=ice-pwd:\S+/g, `a=ice-pwd:${line('ice-pwd', body)}`);
    await whip.setRemoteDescription({ type: 'answer', sdp });
    return { status: response.status, etag: response.headers.get('etag') ?? '', body };
  }, at);
}

/** The transport's state, and what is sent of the picture. */
export function whipState(
  page: Page,
): Promise<{ connection: string; codec: string; rids: string[]; frames: number }> {
  return page.evaluate(async () => {
    const { whip } = window as unknown as { whip: RTCPeerConnection };
    const stats = [...(await whip.getStats()).values()] as Record<string, never>[];
    const pictures = stats.filter(({ type, kind }) => type === 'outbound-rtp' && kind === 'video');
    const codec = stats.find(({ id }) => id === pictures[0]?.codecId);
    return {
      connection: whip.connectionState,
      codec: String(codec?.mimeType),
      rids: pictures.filter(({ framesSent }) => Number(framesSent ?? 0) > 0).map(({ rid }) => String(rid)),
      frames: pictures.reduce((sum, { framesSent }) => sum + Number(framesSent ?? 0), 0),
    };
  });
}

/** Ends it as a client does that crashes: without a word to the hub. */
export function stopWhip(page: Page): Promise<void> {
  return page.evaluate(() => (window as unknown as { whip: RTCPeerConnection }).whip.close());
}

/** Offers to receive into a `<video>` of the page. */
export function whepOffer(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const connection = new RTCPeerConnection();
    const video = document.createElement('video');
    Object.assign(video, { muted: true, autoplay: true, srcObject: new MediaStream() });
    document.body.append(video);
    Object.assign(window, { whep: connection, whepVideo: video });
    connection.addEventListener('track', ({ track }) => (video.srcObject as MediaStream).addTrack(track));
    connection.addTransceiver('audio', { direction: 'recvonly' });
    connection.addTransceiver('video', { direction: 'recvonly' });
    await connection.setLocalDescription(await connection.createOffer());
    return connection.localDescription!.sdp;
  });
}

/** The answer to {@link whepOffer}. */
export function takeWhepAnswer(page: Page, sdp: string): Promise<void> {
  return page.evaluate(
    (answer) =>
      (window as unknown as { whep: RTCPeerConnection }).whep.setRemoteDescription({
        type: 'answer',
        sdp: answer,
      }),
    sdp,
  );
}

/** Receives by WHEP. Answers 4xx are told, not thrown. */
export async function playWhep(
  page: Page,
  { endpoint, token }: { endpoint: string; token?: string },
): Promise<{ status: number; location: string; answer: string }> {
  const offer = await whepOffer(page);
  const told = await page.evaluate(
    async ({ endpoint, token, offer }) => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/sdp',
          ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        },
        body: offer,
      });
      const location = response.headers.get('location') ?? '';
      return { status: response.status, location, answer: await response.text() };
    },
    { endpoint, token, offer },
  );
  if (told.status === 201) await takeWhepAnswer(page, told.answer);
  return told;
}

/**
 * Milliseconds from one of the next decoded pictures to the next, by the times at which they are to be shown. Of a page
 * of {@link playWhep}; read from the track itself, since a busy machine does not draw each of them.
 */
export function decodedGaps(page: Page, pictures: number): Promise<number[]> {
  return page.evaluate(async (count) => {
    const { whepVideo, MediaStreamTrackProcessor: Processor } = window as unknown as {
      whepVideo: HTMLVideoElement;
      MediaStreamTrackProcessor: new (options: { track: MediaStreamTrack; maxBufferSize: number }) => {
        readable: ReadableStream<{ timestamp: number; close(): void }>;
      };
    };
    const [track] = (whepVideo.srcObject as MediaStream).getVideoTracks();
    const reader = new Processor({ track: track!, maxBufferSize: count }).readable.getReader();
    const times: number[] = [];
    while (times.length <= count) {
      const { value } = await reader.read();
      if (!value) break;
      times.push(value.timestamp / 1000);
      value.close();
    }
    await reader.cancel();
    return times.slice(1).map((time, i) => time - times[i]!);
  }, pictures);
}

/** What a page that {@link playWhep} made has received and decoded so far. */
export function whepState(page: Page): Promise<{
  connection: string;
  codec: string;
  frames: number;
  width: number;
  soundPackets: number;
  freezes: number;
  lost: number;
}> {
  return page.evaluate(async () => {
    const { whep, whepVideo } = window as unknown as { whep: RTCPeerConnection; whepVideo: HTMLVideoElement };
    const stats = [...(await whep.getStats()).values()] as Record<string, unknown>[];
    const received = (kind: string) =>
      stats.find((one) => one.type === 'inbound-rtp' && one.kind === kind) ?? {};
    const codec = stats.find(({ id }) => id === received('video').codecId);
    return {
      connection: whep.connectionState,
      codec: String(codec?.mimeType),
      frames: Number(received('video').framesDecoded ?? 0),
      width: whepVideo.videoWidth,
      freezes: Number(received('video').freezeCount ?? 0),
      lost: Number(received('video').packetsLost ?? 0) + Number(received('audio').packetsLost ?? 0),
      soundPackets: Number(received('audio').packetsReceived ?? 0),
    };
  });
}
