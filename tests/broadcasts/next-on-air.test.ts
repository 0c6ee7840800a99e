import { expect, test } from 'vitest';
import { nextOnAir } from '../../server/broadcasts/next-on-air.ts';

const NOW = Date.parse('2026-11-25T10:00:00.000Z');
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
const row = (id: string, over: Partial<Parameters<typeof nextOnAir>[0][number]> = {}) => ({
  id,
  state: 'scheduled' as const,
  createdAt: at(-100),
  scheduledFor: null,
  interruptedAt: null,
  ...over,
});

test.each([
  ['nothing is planned', [], undefined],
  ['one is live', [row('soon', { scheduledFor: at(0) }), row('on', { state: 'live' })], 'on'],
  [
    'two were interrupted',
    [
      row('earlier', { state: 'interrupted', interruptedAt: at(-2) }),
      row('later', { state: 'interrupted', interruptedAt: at(-1) }),
      row('soon', { scheduledFor: at(0) }),
    ],
    'later',
  ],
  [
    'one began late, one is tomorrow',
    [row('late', { scheduledFor: at(-1) }), row('tomorrow', { scheduledFor: at(24) })],
    'late',
  ],
  ['one was made just now', [row('now', { createdAt: at(0) }), row('old')], 'now'],
  ['only one that is over', [row('over', { state: 'ended' })], undefined],
])('%s', (_, rows, expected) => {
  expect(nextOnAir(rows, NOW)?.id).toBe(expected);
});
