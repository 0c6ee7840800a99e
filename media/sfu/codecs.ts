import type { RouterRtpCapabilities, RouterRtpCodecCapability } from 'mediasoup/types';

/**
 * First what every browser sends in hardware or cheaply, and what can be recorded without encoding again: our own
 * pages choose the first that they can. VP8 is for clients that have nothing else; it is encoded for the recording.
 * 42e01f is Constrained Baseline 3.1. mediasoup adds RTX and the feedback that browsers use.
 */
export const ROUTER_CODECS: RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];

/**
 * What clients are told of the router. Without the extension for a picture's orientation a phone turns the pixels
 * themselves; with it the recording, whose pictures are copied, would lie on its side.
 */
export function offeredCapabilities(full: RouterRtpCapabilities): RouterRtpCapabilities {
  const headerExtensions =
    full.headerExtensions?.filter(({ uri }) => uri !== 'urn:3gpp:video-orientation') ?? [];
  return { ...full, headerExtensions };
}
