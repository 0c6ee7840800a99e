import { expect, it } from 'vitest';
import { readDelay } from '../../../web/lib/player/receive-delay.ts';

it('sums what is received and takes the delay of the picture and of the chosen path', () => {
  const stats = [
    {
      type: 'inbound-rtp',
      kind: 'video',
      packetsReceived: 90,
      packetsLost: 3,
      jitterBufferDelay: 2.5,
      jitterBufferEmittedCount: 50,
      freezeCount: 1,
    },
    {
      type: 'inbound-rtp',
      kind: 'audio',
      packetsReceived: 60,
      packetsLost: -1,
      jitterBufferDelay: 9,
      jitterBufferEmittedCount: 9,
    },
    { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 },
    { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.04 },
    { type: 'codec' },
  ];
  expect(readDelay(stats)).toEqual({
    bufferDelaySeconds: 2.5,
    framesEmitted: 50,
    packetsReceived: 150,
    packetsLost: 2,
    freezes: 1,
    roundTripSeconds: 0.04,
  });
});
