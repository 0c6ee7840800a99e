import { describe, expect, it } from 'vitest';
import { HubError } from '../../server/platform/errors.ts';
import { fitTrim, spanOfReplay, trimQuery } from '../../server/broadcasts/trim.ts';

const RECORDED_MS = 60_000;

/** What the verb makes of it, or the field and the rule that it refuses. */
function outcome(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    return error.fields.map(({ path, rule }) => `${path} ${rule}`).join();
  }
}

describe('what of a recording is shown', () => {
  it.each([
    ['both ends off', 2_000, 50_000, { startMs: 2_000, endMs: 50_000 }],
    ['nothing off', 0, 60_000, null],
    ['the shortest', 59_000, 60_000, { startMs: 59_000, endMs: 60_000 }],
    ['a little too short', 59_001, 60_000, 'trim.endMs too_short'],
    ['an end beyond the recording', 0, 60_001, 'trim.endMs beyond_end'],
    ['all of it beyond the recording', 70_000, 80_000, 'trim.endMs beyond_end'],
    ['an end before the start', 5_000, 4_000, 'trim.endMs before_start'],
    ['an end at the start', 5_000, 5_000, 'trim.endMs before_start'],
    ['a start below nought', -1, 5_000, 'trim.startMs too_small'],
  ])('%s', (_, startMs, endMs, kept) => {
    expect(outcome(() => fitTrim({ startMs, endMs }, RECORDED_MS))).toEqual(kept);
  });

  it('is all of a recording shorter than the shortest', () => {
    expect(fitTrim({ startMs: 0, endMs: 400 }, 400)).toBeNull();
  });
});

describe('a span of a trimmed replay', () => {
  const row = { trimStartMs: 10_000, trimEndMs: 50_000, recordedMs: RECORDED_MS };
  it.each([
    ['all of it', {}, { startMs: 10_000, endMs: 50_000 }],
    ['a part of it', { fromMs: 1_000, toMs: 3_000 }, { startMs: 11_000, endMs: 13_000 }],
    ['to its end at most', { fromMs: 1_000, toMs: 90_000 }, { startMs: 11_000, endMs: 50_000 }],
    ['what lies behind it', { fromMs: 40_000 }, 'from beyond_end'],
    ['an end before its start', { fromMs: 2_000, toMs: 1_000 }, 'to before_start'],
  ])('%s', (_, asked, span) => {
    expect(outcome(() => spanOfReplay(asked, row))).toEqual(span);
  });
});

it('has addresses of its own for caches', () => {
  expect(trimQuery({ trimStartMs: 10, trimEndMs: 2_000 })).toBe('?trim=10-2000');
  expect(trimQuery({ trimStartMs: null, trimEndMs: null })).toBe('');
});
