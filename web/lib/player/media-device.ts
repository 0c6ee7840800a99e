import type { types } from 'mediasoup-client';

/** A device that knows what this browser and the room have in common, or undefined where WebRTC is missing or unknown. */
export async function openMediaDevice(
  routerRtpCapabilities: types.RtpCapabilities,
): Promise<types.Device | undefined> {
  if (typeof RTCPeerConnection === 'undefined') return undefined;
  const { Device } = await import('mediasoup-client');
  try {
    const device = await Device.factory();
    await device.load({ routerRtpCapabilities });
    return device;
  } catch (error) {
    // An unknown or crippled browser: HLS remains.
    console.info('This browser cannot take part in the room by WebRTC', error);
    return undefined;
  }
}
