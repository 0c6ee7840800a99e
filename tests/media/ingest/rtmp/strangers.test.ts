import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { EncoderAdmission } from '../../../../media/contract.ts';
import { pushTo, type EncoderSettings, type TestEncoder } from '../../../support/encoder.ts';
import { eventually } from '../../../support/live-hub.ts';
import { nextEvent, openTestMedia, type TestMedia } from '../../../support/open-media.ts';

const KEY = 'a-key_for-tests';
let media: TestMedia | null = null;
let encoders: TestEncoder[] = [];
let gone: EncoderAdmission[] = [];

afterEach(async () => {
  await Promise.all(encoders.map((encoder) => encoder.kill()));
  await media?.close();
  media = null;
  [encoders, gone] = [[], []];
});

async function openStudio() {
  media = await openTestMedia({ rtmpPort: 0 });
  const { plane } = media;
  plane.admitEncoders({
    admit: async ({ streamKey }) =>
      streamKey === KEY ? { broadcastId: 'b1', peerId: 'encoder-1' } : undefined,
    seen: () => undefined,
    gone: (admission) => gone.push(admission),
  });
  return { plane, broadcast: await plane.openBroadcast({ id: 'b1' }) };
}

function push(settings: EncoderSettings = {}, key = KEY): TestEncoder {
  const encoder = pushTo(`rtmp://127.0.0.1:${media!.plane.rtmpPort}/live/${key}`, settings);
  encoders.push(encoder);
  return encoder;
}

test('a wrong key, another address and a player are sent away', async () => {
  const { broadcast } = await openStudio();
  const words = await push({}, 'another-key').ended;
  expect(words).toMatch(/BadName|I\/O error|Operation not permitted/);
  const stray = pushTo(`rtmp://127.0.0.1:${media!.plane.rtmpPort}/other/${KEY}`);
  encoders.push(stray);
  await stray.ended;
  expect(broadcast.producers()).toEqual([]);
  expect(gone).toEqual([]);
});

test.each([
  // A chunk of a message that claims to be 4 MB long.
  ['claims a long message', Buffer.from([3, 0, 0, 0, 0x40, 0, 0, 20, 0, 0, 0, 0, 2, 0, 0, 0])],
  [
    'opens many messages at once',
    Buffer.concat(
      Array.from({ length: 12 }, (_, i) =>
        Buffer.concat([Buffer.from([3 + i, 0, 0, 0, 0, 16, 0, 20, 0, 0, 0, 0]), Buffer.alloc(128)]),
      ),
    ),
  ],
  ['never stops greeting', Buffer.alloc(256 * 1024)],
])('who was not admitted is cut off when it %s', async (_, body) => {
  const { plane, broadcast } = await openStudio();
  const greeting = Buffer.concat([Buffer.from([3]), randomBytes(1536 * 2)]);
  const socket = connect(plane.rtmpPort!, '127.0.0.1', () => socket.write(Buffer.concat([greeting, body])));
  socket.resume();
  const openedAt = Date.now();
  await new Promise<void>((resolve) => {
    // What it still sends is answered with a reset.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => resolve());
  });
  // Long before it would be for saying nothing.
  expect(Date.now() - openedAt).toBeLessThan(3_000);
  expect([broadcast.producers(), gone]).toEqual([[], []]);
});

test('waiting connections leave room for the encoder that is meant', async () => {
  const { plane, broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  const idle = Array.from({ length: 40 }, () => {
    const socket = connect(plane.rtmpPort!, '127.0.0.1');
    return socket.on('error', () => socket.destroy()).resume();
  });
  await eventually(
    () => idle.filter(({ closed }) => closed).length,
    (closed) => closed >= 28,
  );
  push();
  await live;
  for (const socket of idle) socket.destroy();
});

test('garbage on the port harms nobody', async () => {
  const { plane, broadcast } = await openStudio();
  const live = nextEvent(broadcast, 'live');
  push();
  await live;
  const handshake = Buffer.concat([Buffer.from([3]), randomBytes(1536), randomBytes(1536)]);
  const bodies = Array.from({ length: 150 }, (_, index) => {
    const noise = randomBytes(1 + ((index * 97) % 3000));
    if (index % 3 === 0) return noise;
    if (index % 3 === 1) return handshake.subarray(0, (index * 53) % handshake.length);
    // A well-formed message header with a body that is none.
    const header = Buffer.from([3, 0, 0, 0, 0, 0, 100, [20, 17, 18, 1, 8, 9][index % 6]!, 0, 0, 0, 0]);
    return Buffer.concat([handshake, header, noise]);
  });
  await Promise.all(bodies.map((body) => sendRaw(plane.rtmpPort!, body)));
  expect(broadcast.state).toBe('live');
  expect(plane.readiness()).toMatchObject({ ready: true });
  expect(gone).toEqual([]);
});

/** Sends it, hangs up and waits until the hub has done so too. */
function sendRaw(port: number, body: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(body));
    socket.resume();
    // Cut off in the middle of what it sends.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => resolve());
  });
}
