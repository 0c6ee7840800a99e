import type { types } from 'mediasoup-client';
import { apiOf } from '#lib/api/client.ts';

/** Fetched while the room is still being entered. On the server, and where WebRTC is missing, not at all. */
const library = typeof RTCPeerConnection === 'undefined' ? undefined : import('mediasoup-client');
// Whoever opens a device is told; the line may be gone before anyone does.
library?.catch(() => undefined);

/**
 * Without it browsers turn the picture of a phone themselves before they send it; with it they leave the turning to
 * whoever shows it, and a recording cannot.
 */
const ORIENTATION = 'urn:3gpp:video-orientation';

interface Prepared {
  formats: string;
  device: types.Device;
}

let preparing: Promise<void> | undefined;
let prepared: Prepared | undefined;

/**
 * Gets a device ready before anyone joins: every broadcast of a hub takes the same formats. Where that fails, joining
 * does it.
 */
export function prepareMediaDevice(): Promise<void> {
  preparing ??= prepare().catch((error: unknown) => {
    preparing = undefined;
    console.info('The formats of broadcasts could not be fetched ahead', error);
  });
  return preparing;
}

async function prepare(): Promise<void> {
  if (!library) return;
  const response = await apiOf({ fetch, url: location }).api.media.formats.$get();
  if (!response.ok) throw new Error(`the hub answered ${response.status}`);
  await openMediaDevice((await response.json()) as unknown as types.RtpCapabilities);
}

/** The device with which the room will most likely be received, where one is ready. */
export function preparedDevice(): types.Device | undefined {
  return prepared?.device;
}

/** A device that knows what this browser and the room have in common, or undefined where WebRTC is missing or unknown. */
export async function openMediaDevice(
  routerRtpCapabilities: types.RtpCapabilities,
): Promise<types.Device | undefined> {
  if (!library) return undefined;
  const formats = JSON.stringify(routerRtpCapabilities);
  if (prepared?.formats === formats) return prepared.device;
  const { Device } = await library;
  try {
    const device = await Device.factory();
    const headerExtensions = routerRtpCapabilities.headerExtensions?.filter(
      ({ uri }) => (uri as string) !== ORIENTATION,
    );
    await device.load({ routerRtpCapabilities: { ...routerRtpCapabilities, headerExtensions } });
    prepared = { formats, device };
    return device;
  } catch (error) {
    // An unknown or crippled browser: HLS remains.
    console.info('This browser cannot take part in the room by WebRTC', error);
    return undefined;
  }
}
