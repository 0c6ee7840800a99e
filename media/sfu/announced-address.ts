import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';

/**
 * The address browsers are told. Listening on all addresses says none, so the machine's first own one is taken;
 * behind NAT it has to be configured.
 */
export function announcedAddress(listenHost: string, configured: string | undefined): string | undefined {
  if (configured) return configured;
  if (listenHost !== '0.0.0.0' && listenHost !== '::') return undefined;
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find(({ address, internal }) => !internal && isIPv4(address))?.address ?? '127.0.0.1';
}
