import { expect, test } from 'vitest';
import { WaitingRoom } from '../../../../media/ingest/rtmp/waiting-room.ts';

function fill(addresses: string[]) {
  const room = new WaitingRoom();
  const sent: number[] = [];
  addresses.forEach((address, index) => room.enter({ address, turnAway: () => sent.push(index) }));
  return { room, sent };
}

test('whoever of an address waits longest makes room for its next', () => {
  const { room, sent } = fill(['other', ...Array<string>(14).fill('one')]);
  expect(sent).toEqual([1, 2]);
  expect(room.size).toBe(13);
});

test('and the longest of all where all places are taken', () => {
  const { room, sent } = fill(Array.from({ length: 63 }, (_, i) => `a${i}`));
  expect(sent).toEqual([0, 1, 2]);
  expect(room.size).toBe(60);
});

test('those who left take no place', () => {
  const room = new WaitingRoom();
  const stays = { address: 'x', turnAway: () => expect.unreachable() };
  room.enter(stays);
  for (let n = 0; n < 200; n += 1) {
    const one = { address: 'x', turnAway: () => expect.unreachable() };
    room.enter(one);
    room.leave(one);
  }
  expect(room.size).toBe(1);
});
