import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import type { InlineConfig } from 'vitest/node';

/** Of those below that mostly wait for a real class, stall or recording to go by: two at a time still leave a core idle. */
const WAITING = [
  'tests/e2e/first-class.test.ts',
  'tests/faults/backpressure.test.ts',
  'tests/media/recording.test.ts',
  'tests/media/download.test.ts',
  'tests/media/ingest/rtmp/rtmp.test.ts',
];

/** Real media, browsers, killed processes and stalls: each file has the machine to itself, or their timings prove nothing. */
const ALONE = [
  'tests/e2e/**/*.test.ts',
  'tests/faults/**/*.test.ts',
  'tests/media/**/*.test.ts',
  'tests/platform/database.test.ts',
];

/** Of those, the ones that start no process and measure no time. */
const PURE = [
  'tests/media/rules.test.ts',
  'tests/media/process/ffmpeg-arguments.test.ts',
  'tests/media/compose/parts.test.ts',
  'tests/media/sfu/{place-viewer,layers}.test.ts',
  'tests/media/vod/pure.test.ts',
  'tests/media/ingest/rtmp/{reencoding,encoder-rules}.test.ts',
  'tests/media/ingest/whip/sdp.test.ts',
  'tests/media/hls/{playlist,source}.test.ts',
  'tests/media/tap/tracks.test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['tests/support/fail-on-console-noise.ts'],
    restoreMocks: true,
    projects: [
      project('hub', { include: ['tests/**/*.test.ts'], exclude: ALONE, hookTimeout: 30_000 }, 0),
      project('pure', { include: PURE }, 0),
      project('waiting', { include: WAITING, testTimeout: 120_000, hookTimeout: 60_000 }, 1),
      project(
        'alone',
        {
          include: ALONE,
          exclude: [...PURE, ...WAITING],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
        2,
      ),
    ],
  },
});

/** Projects of one group share the two workers; a later group begins when the one before has ended. */
function project(name: string, test: Partial<InlineConfig>, groupOrder: number): TestProjectConfiguration {
  return {
    extends: true,
    test: { name, maxWorkers: 2, testTimeout: 20_000, ...test, sequence: { groupOrder } },
  };
}
