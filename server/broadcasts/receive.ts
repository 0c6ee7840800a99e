import type { BroadcastMedia } from '../../media/contract.ts';
import { throughMedia } from './media-errors.ts';
import type { Receiving } from './messages.ts';
import type { Peer } from './peers.ts';

/** How long a joining waits for the worker: chat, the state and HLS need none. */
const OFFER_WITHIN_MS = 1_000;

type Wish = Pick<Parameters<BroadcastMedia['consumeAll']>[0], 'rtpCapabilities' | 'pixelHeight'>;

/**
 * What a joining hands over of {@link receiveAll}; null where that is refused or takes too long, which the page learns
 * when it asks by `media:receive`. What comes too late is closed.
 */
export async function offerAtOnce(media: BroadcastMedia, peer: Peer, wish: Wish): Promise<Receiving | null> {
  let late = false;
  const receiving = receiveAll(media, peer, wish).then(
    (offer) => {
      if (late) media.closeTransport(offer.transport.id);
      return offer;
    },
    () => null,
  );
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<null>((resolve) => {
    timer = setTimeout(() => {
      late = true;
      resolve(null);
    }, OFFER_WITHIN_MS);
  });
  return Promise.race([receiving, deadline]).finally(() => clearTimeout(timer));
}

/** Opens a viewer's receiving side: a transport, and all that others send on it. */
export function receiveAll(media: BroadcastMedia, peer: Peer, wish: Wish): Promise<Receiving> {
  return throughMedia(async () => {
    const transport = await media.createTransport({ peerId: peer.id, direction: 'recv' });
    const all = { peerId: peer.id, transportId: transport.id, ...wish };
    return { transport, consumers: await media.consumeAll(all) };
  });
}
