import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMedia, type TestMedia } from '../support/open-media.ts';

let media: TestMedia;

beforeEach(async () => {
  media = await openTestMedia();
});
afterEach(() => media.close());

it('keeps a few transports of one peer, the newest, and leaves others alone', async () => {
  const broadcast = await media.plane.openBroadcast({ id: 'greedy' });
  const before = media.plane.counters().openTransports;
  await broadcast.createTransport({ peerId: 'modest', direction: 'recv' });
  let newest = '';
  for (let count = 0; count < 50; count++)
    newest = (await broadcast.createTransport({ peerId: 'greedy', direction: 'recv' })).id;
  expect(media.plane.counters().openTransports - before).toBe(5);
  await expect(broadcast.restartIce({ peerId: 'greedy', transportId: newest })).resolves.toBeDefined();
});
