import { browser } from '$app/env';
import { prepareRoomSocket } from '#lib/live/room-socket.ts';
import { prepareMediaDevice } from '#lib/player/media-device.ts';
import type { PageLoad } from './$types.js';

/** What joining needs is got ready from the touch on a link on, while the page itself is still to come. */
export const load: PageLoad = async ({ data, parent }) => {
  const { session } = await parent();
  if (browser && data.broadcast.state !== 'replay') {
    prepareRoomSocket(session?.account.id ?? null);
    void prepareMediaDevice();
  }
  return data;
};
