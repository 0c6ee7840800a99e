import type { types } from 'mediasoup-client';

/** Fetched while the room is still being entered. On the server, and where WebRTC is missing, not at all. */
const library = typeof RTCPeerConnection === 'undefined' ? undefined : import('mediasoup-client');
// Whoever opens a device is told; the line may be gone before anyone does.
library?.catch(() => undefined);

/**
 * Without it browsers turn the picture of a phone themselves before they send it; with it they leave the turning to
 * whoever shows it, and a recording cannot.
 */
const ORIENTATION = 'urn:3gpp:video-orientation';

/** A device that knows what this browser and the room have in common, or undefined where WebRTC is missing or unknown. */
export async function openMediaDevice(
  routerRtpCapabilities: types.RtpCapabilities,
): Promise<types.Device | undefined> {
  if (!library) return undefined;
  const { Device } = await library;
  try {
    const device = await Device.factory();
    const headerExtensions = routerRtpCapabilities.headerExtensions?.filter(
      ({ uri }) => (uri as string) !== ORIENTATION,
    );
    await device.load({ routerRtpCapabilities: { ...routerRtpCapabilities, headerExtensions } });
    return device;
  } catch (error) {
    // An unknown or crippled browser: HLS remains.
    console.info('This browser cannot take part in the room by WebRTC', error);
    return undefined;
  }
}
