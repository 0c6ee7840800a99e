import { expect, it } from 'vitest';
import { choosePlayback } from '../../../web/lib/player/choose-playback.ts';

it.each([
  ['live', 'auto', true, 0, 'webrtc'],
  ['live', 'auto', true, 1, 'webrtc'],
  ['live', 'auto', true, 2, 'hls'],
  ['live', 'auto', false, 0, 'hls'],
  ['live', 'saving', true, 0, 'hls'],
  ['interrupted', 'auto', true, 0, 'webrtc'],
  ['interrupted', 'saving', true, 0, 'hls'],
  ['scheduled', 'auto', true, 0, 'waiting'],
  ['ended', 'auto', true, 0, 'waiting'],
  ['replay', 'auto', true, 0, 'replay'],
  ['replay', 'saving', false, 9, 'replay'],
] as const)(
  '%s, %s, WebRTC possible %s, failed %i times: %s',
  (state, wish, canWebRtc, webRtcFailures, mode) => {
    expect(choosePlayback({ state, wish, canWebRtc, webRtcFailures })).toBe(mode);
  },
);
