import { expect, it, test } from 'vitest';
import {
  hasRoom,
  mustWait,
  nextVideoState,
  overBudget,
  VIDEO_HAPPENINGS,
  VIDEO_STATES,
} from '../../server/videos/rules.ts';
import { openFreeShare } from '../../server/videos/free-share.ts';

test('what can happen to a video in each state', () => {
  const table = VIDEO_STATES.map(
    (state) =>
      `${state}: ${VIDEO_HAPPENINGS.flatMap((happening) => {
        const next = nextVideoState(state, happening);
        return next ? [`${happening} → ${next}`] : [];
      }).join(', ')}`,
  );
  expect(table).toEqual([
    'uploading: upload-complete → uploaded',
    'uploaded: check-began → checking, cancel-asked → cancelled',
    'checking: accepted → queued, refused → refused, failed → failed, cancel-asked → cancelled, hub-stopped → uploaded',
    'queued: transcode-began → transcoding, cancel-asked → cancelled',
    'transcoding: transcoded → ready, failed → failed, cancel-asked → cancelled, hub-stopped → queued',
    'ready: ',
    'refused: ',
    'failed: retry-asked → uploaded',
    'cancelled: retry-asked → uploaded',
  ]);
});

it.each([
  ['nobody is live', { live: false, freeShare: 0, waiting: false }, false],
  ['the broadcast is over', { live: false, freeShare: 0, waiting: true }, false],
  ['someone is live and there is room', { live: true, freeShare: 0.31, waiting: false }, false],
  ['someone is live and there is none', { live: true, freeShare: 0.29, waiting: false }, true],
  ['there is a little room again', { live: true, freeShare: 0.4, waiting: true }, true],
  ['there is enough room again', { live: true, freeShare: 0.46, waiting: true }, false],
])('transcoding while %s', (_, facts, waits) => {
  expect(mustWait(facts)).toBe(waits);
});

it.each([
  [200, true],
  [201, false],
])('an upload of %d with 400 to spend on it: %s', (wantedBytes, taken) => {
  expect(hasRoom({ freeBytes: 1000, reserveBytes: 500, pendingBytes: 100, wantedBytes })).toBe(taken);
});

it.each([
  ['the last that may be begun', { uploads: 4, bytes: 0 }, 100, undefined],
  ['one too many', { uploads: 5, bytes: 0 }, 1, 'too-many'],
  ['what is just left', { uploads: 1, bytes: 900 }, 100, undefined],
  ['a byte too much', { uploads: 1, bytes: 900 }, 101, 'too-much'],
])('an account begins %s', (_, begun, wantedBytes, over) => {
  expect(overBudget(begun, { uploads: 5, bytes: 1000 }, wantedBytes)).toBe(over);
});

test('the free share is of the time since it was asked last', () => {
  const readings = [
    { free: 800, total: 1000 },
    { free: 850, total: 1200 },
  ];
  const freeShare = openFreeShare(() => readings.shift()!);
  expect([freeShare(), freeShare()]).toEqual([0.8, 0.25]);
});
