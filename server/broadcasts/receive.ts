import type { BroadcastMedia } from '../../media/contract.ts';
import { throughMedia } from './media-errors.ts';
import type { Receiving } from './messages.ts';
import type { Peer } from './peers.ts';

/** Opens a viewer's receiving side: a transport, and all that others send on it. */
export function receiveAll(
  media: BroadcastMedia,
  peer: Peer,
  wish: Pick<Parameters<BroadcastMedia['consumeAll']>[0], 'rtpCapabilities' | 'pixelHeight'>,
): Promise<Receiving> {
  return throughMedia(async () => {
    const transport = await media.createTransport({ peerId: peer.id, direction: 'recv' });
    const all = { peerId: peer.id, transportId: transport.id, ...wish };
    return { transport, consumers: await media.consumeAll(all) };
  });
}
