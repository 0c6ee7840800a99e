import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { RtpCapabilities } from 'mediasoup/types';
import type { BroadcastMedia } from '../../media/contract.ts';
import type { BroadcastView } from '../../server/broadcasts/messages.ts';
import { eventually, makeClip, openLiveHub, told, type LiveHub } from '../support/live-hub.ts';
import { signInAs } from '../support/sign-in-as.ts';

const clip = join(tmpdir(), `xiangbo-offer-clip-${process.pid}.mp4`);
let live: LiveHub;
let broadcastId: string;
let media: BroadcastMedia;
let rtpCapabilities: RtpCapabilities;

beforeAll(() => makeClip(clip));
afterAll(() => rm(clip, { force: true }));
beforeEach(async () => {
  live = await openLiveHub();
  const trainer = await signInAs(live.hub, { name: '岩罕亮', roles: [['trainer', '533103']] });
  const input = { title: '短视频拍摄', kind: 'class', visibility: 'public' };
  const created = await live.ask('POST', '/api/broadcasts', trainer, input);
  broadcastId = ((await created.json()) as BroadcastView).id;
  await live.hub.broadcasts.loopClip(broadcastId, clip);
  media = live.hub.plane.broadcast(broadcastId)!;
  rtpCapabilities = media.routerRtpCapabilities as RtpCapabilities;
});
afterEach(() => live.close());

const ask = (receive: { rtpCapabilities: RtpCapabilities }, resumePeerId?: string) => ({
  ...{ broadcastId, deviceId: 'device-viewer', receive, resumePeerId },
});

it('offers the line and all that is published with the answer, and nothing to whoever goes on', async () => {
  const opened = vi.spyOn(media, 'createTransport');
  const viewer = await live.socketOf();
  const joined = await told(viewer, 'broadcast:join', ask({ rtpCapabilities }));
  expect(joined.receiving?.consumers.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
  expect(opened).toHaveBeenCalledTimes(1);

  viewer.disconnect();
  const back = await live.socketOf();
  const again = await told(back, 'broadcast:join', ask({ rtpCapabilities }, joined.peerId));
  expect(again).toMatchObject({ resumed: true, receiving: null });
  expect(opened).toHaveBeenCalledTimes(1);
});

it('lets into the room whose wish the worker refuses', async () => {
  vi.spyOn(media, 'consumeAll').mockRejectedValue(new Error('refused'));
  const viewer = await live.socketOf();
  expect(await told(viewer, 'broadcast:join', ask({ rtpCapabilities }))).toMatchObject({ receiving: null });
});

it('lets into the room while the worker hangs, and closes the line that comes later', async () => {
  const open = media.createTransport.bind(media);
  const { promise: goesOn, resolve: goOn } = Promise.withResolvers<void>();
  let transportId: string | undefined;
  vi.spyOn(media, 'createTransport').mockImplementation(async (request) => {
    await goesOn;
    const transport = await open(request);
    transportId = transport.id;
    return transport;
  });
  const closed = vi.spyOn(media, 'closeTransport');
  const viewer = await live.socketOf();
  const joined = await told(viewer, 'broadcast:join', ask({ rtpCapabilities }));
  expect(joined.receiving).toBeNull();
  expect(await told(viewer, 'chat:since', { seq: 0 })).toMatchObject({ messages: [] });

  goOn();
  await eventually(
    () => closed.mock.calls,
    (calls) => calls.length > 0,
  );
  expect(closed).toHaveBeenCalledExactlyOnceWith(transportId);
  await expect(media.restartIce({ peerId: joined.peerId, transportId: transportId! })).rejects.toMatchObject({
    code: 'unknown-transport',
  });
});
