import { expect, it } from 'vitest';
import { choosePlayback } from '../../../web/lib/player/choose-playback.ts';

it.each([
  ['live', 'auto', true, false, 'webrtc'],
  ['live', 'auto', false, false, 'hls'],
  ['live', 'auto', true, true, 'hls'],
  ['live', 'saving', true, false, 'hls'],
  ['live', 'sound', true, false, 'hls'],
  ['live', '480p', true, false, 'hls'],
  ['interrupted', 'auto', true, false, 'webrtc'],
  ['interrupted', 'auto', true, true, 'hls'],
  ['interrupted', 'saving', true, false, 'hls'],
  ['scheduled', 'auto', true, false, 'waiting'],
  ['ended', 'auto', true, true, 'waiting'],
  ['replay', 'auto', true, false, 'replay'],
  ['replay', 'saving', false, true, 'replay'],
] as const)(
  '%s, %s, WebRTC possible %s, looking back %s: %s',
  (state, wish, canWebRtc, lookingBack, mode) => {
    expect(choosePlayback({ state, wish, canWebRtc, lookingBack })).toBe(mode);
  },
);
