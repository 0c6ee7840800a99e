import { expect, it } from 'vitest';
import {
  BROADCAST_HAPPENINGS,
  BROADCAST_STATES,
  lastKnownMs,
  nextState,
} from '../../server/broadcasts/rules.ts';

/** Rows: state. Columns in the order of BROADCAST_HAPPENINGS; `.` changes nothing. */
const TABLE = `
              media-began media-lost  hub-stopped grace-over end-asked recording-ready
scheduled     live        .           .           .          ended     .
live          .           interrupted interrupted .          ended     .
interrupted   live        .           .           ended      ended     .
ended         .           .           .           .          .         replay
replay        .           .           .           .          .         .
`
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

it('moves as the table says and no other way', () => {
  const [happenings, ...rows] = TABLE;
  expect(happenings).toEqual([...BROADCAST_HAPPENINGS]);
  expect(rows.map(([state]) => state)).toEqual([...BROADCAST_STATES]);
  const moves = BROADCAST_STATES.map((state) => [
    state,
    ...BROADCAST_HAPPENINGS.map((happening) => nextState(state, happening) ?? '.'),
  ]);
  expect(moves).toEqual(rows);
});

it('closes a window at the last known moment, never before its start', () => {
  expect(lastKnownMs(100, [50, undefined])).toBe(100);
  expect(lastKnownMs(100, [150, 120])).toBe(150);
});
