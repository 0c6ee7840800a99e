import { afterEach, expect, test } from 'vitest';
import { openTestMedia, testClip, type TestMedia } from '../../support/open-media.ts';

let media: TestMedia | null = null;
afterEach(() => media?.close());

test('whoever leaves while a transport is made for them leaves none behind', async () => {
  media = await openTestMedia();
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  const asked = (['send', 'recv'] as const).map((direction) =>
    broadcast.createTransport({ peerId: 'gone', direction }),
  );
  const stays = broadcast.createTransport({ peerId: 'stays', direction: 'send' });
  broadcast.closePeer('gone');
  for (const one of asked) await expect(one).rejects.toMatchObject({ code: 'unknown-transport' });
  await stays;
  expect(media.plane.counters().openTransports).toBe(1);
  // The place is theirs again.
  await broadcast.createTransport({ peerId: 'gone', direction: 'recv' });
  expect(media.plane.counters().openTransports).toBe(2);
});

test('of two feeds of one peer the end of one leaves the other’s sound and picture', async () => {
  media = await openTestMedia();
  const broadcast = await media.plane.openBroadcast({ id: 'b1' });
  const file = await testClip();
  const first = await broadcast.playClip({ peerId: 'peer', file });
  const second = await broadcast.playClip({ peerId: 'peer', file });
  const before = broadcast.producers().map(({ producerId }) => producerId);
  await first.close('replaced');
  expect(broadcast.producers().map(({ producerId }) => producerId)).toEqual(before.slice(2));
  expect(before.length).toBe(4);
  await second.close('over');
  expect(broadcast.producers()).toEqual([]);
  expect(media.plane.counters().openTransports).toBe(0);
});
