import { expect, it } from 'vitest';
import { veilOf, type StageFacts } from '../../../web/lib/player/stage-state.ts';

const PLAYING: StageFacts = {
  ...{ mode: 'webrtc', state: 'live', online: true, hubAway: false },
  ...{ flowing: true, late: true, rests: false },
};

it.each<[string, Partial<StageFacts>, ReturnType<typeof veilOf>]>([
  ['plays', {}, null],
  ['plays on from its buffer without a network', { online: false }, null],
  ['plays on while the room is away', { hubAway: true }, null],
  ['paused', { flowing: false, rests: true }, null],
  ['no network', { flowing: false, online: false, hubAway: true }, 'offline'],
  ['no hub', { flowing: false, hubAway: true, state: 'interrupted' }, 'hub-away'],
  ['no host', { flowing: false, state: 'interrupted' }, 'host-away'],
  ['the past plays while the host is away', { mode: 'hls', state: 'interrupted' }, null],
  ['a picture that stopped', { flowing: false }, 'picture-late'],
  ['a picture that never was', { flowing: false, late: false }, 'loading'],
  ['not begun', { mode: 'waiting', state: 'scheduled', flowing: false }, 'waiting'],
  ['ended without a replay', { mode: 'waiting', state: 'ended', flowing: false }, 'ended'],
  ['a replay not begun', { mode: 'replay', state: 'replay', flowing: false, rests: true }, null],
  [
    'a replay without a network',
    { mode: 'replay', state: 'replay', flowing: false, online: false },
    'offline',
  ],
])('%s', (_, about, veil) => {
  expect(veilOf({ ...PLAYING, ...about })).toBe(veil);
});
