import '../../support/plain-runes.ts';
import { beforeEach, expect, it, vi } from 'vitest';
import type { BroadcastView, Joined, Receiving } from '../../../server/broadcasts/messages.ts';
import { Room } from '../../../web/lib/live/room.svelte.ts';
import type { Input, RoomSocket } from '../../../web/lib/live/room-socket.ts';

/** The hub as a room's socket shows it: it answers a joining when the test says so. */
class HubEnd {
  connected = true;
  readonly joinings: { input: Input<'broadcast:join'>; answer: (about?: Partial<Joined>) => void }[] = [];
  readonly #listeners = new Map<string, (news: unknown) => void>();

  on(name: string, hear: (news: unknown) => void): void {
    this.#listeners.set(name, hear);
  }
  tell(name: string, news?: unknown): void {
    this.#listeners.get(name)?.(news);
  }
  emit(name: string, input: Input<'broadcast:join'>, acknowledge: (ack: unknown) => void): void {
    if (name !== 'broadcast:join') throw new Error(`${name} is not expected`);
    const answer = (about: Partial<Joined> = {}) =>
      acknowledge({ ok: true, data: { ...JOINED, ...about } satisfies Joined });
    this.joinings.push({ input, answer });
  }
  disconnect(): void {
    this.connected = false;
  }
}

const BROADCAST = { id: 'broadcast', state: 'live' } as BroadcastView;
const JOINED = {
  ...{ broadcast: BROADCAST, role: 'viewer', accountId: null, peerId: 'peer-1', resumed: false },
  ...{ rtpCapabilities: null, producers: [], receiving: null, chat: { messages: [], more: false } },
  ...{ standing: 'none', hands: [], presencePingSeconds: null, hubTime: '2026-11-25T12:00:00.000Z' },
  stage: {} as Joined['stage'],
} as unknown as Joined;

const sockets = vi.hoisted(() => ({ next: undefined as RoomSocket | undefined }));
vi.mock(import('../../../web/lib/live/room-socket.ts'), async (original) => ({
  ...(await original()),
  openRoomSocket: () => sockets.next!,
}));

let hub: HubEnd;
beforeEach(() => {
  vi.stubGlobal('sessionStorage', { getItem: () => 'device-one', setItem: () => undefined });
  hub = new HubEnd();
  sockets.next = hub as unknown as RoomSocket;
});

/** Lets what waits for an answer go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));
async function answer(index: number, about?: Partial<Joined>): Promise<void> {
  hub.joinings[index]!.answer(about);
  await turn();
}

it('forgets a weak line of the host with the connection that told of it', async () => {
  const room = new Room(BROADCAST);
  room.open();
  await answer(0);
  hub.tell('broadcast:host-line', { weak: true });
  expect(room.hostLineWeak).toBe(true);

  // The host recovers while the viewer's phone goes from one network to another.
  hub.tell('disconnect');
  hub.tell('connect');
  await answer(1);
  expect(room.state).toBe('in');
  expect(room.hostLineWeak).toBe(false);
  hub.tell('broadcast:host-line', { weak: true });
  expect(room.hostLineWeak).toBe(true);
});

const offer = (id: string) => ({ transport: { id }, consumers: [] }) as unknown as Receiving;

it('hands an offer over once, to whom it was asked for, and never that of an earlier joining', async () => {
  const rtpCapabilities = { codecs: [] };
  const room = new Room(BROADCAST, { wantsToReceive: () => ({ rtpCapabilities }) });
  room.open();
  expect(hub.joinings[0]!.input.receive).toEqual({ rtpCapabilities });
  await answer(0, { receiving: offer('first') });
  expect(room.takeOffer({ codecs: [] })).toBeUndefined();
  expect(room.takeOffer(rtpCapabilities)?.transport.id).toBe('first');
  expect(room.takeOffer(rtpCapabilities)).toBeUndefined();

  room.joinAfresh();
  // The reader starts the picture anew while the joining is under way.
  expect(room.takeOffer(rtpCapabilities)).toBeUndefined();
  await answer(1, { peerId: 'peer-2', receiving: offer('second') });
  room.joinAfresh();
  // Offered, not taken, and void by now.
  expect(room.takeOffer(rtpCapabilities)).toBeUndefined();
  await answer(2, { peerId: 'peer-3', receiving: offer('third') });
  expect(room.takeOffer(rtpCapabilities)?.transport.id).toBe('third');
});

it('has no offer where the hub made none', async () => {
  const rtpCapabilities = { codecs: [] };
  const room = new Room(BROADCAST, { wantsToReceive: () => ({ rtpCapabilities }) });
  room.open();
  await answer(0);
  expect(room.takeOffer(rtpCapabilities)).toBeUndefined();
});
