import { defineConfig } from 'vitest/config';

/** Real media, browsers, killed processes and stalls: each file has the machine to itself, or their timings prove nothing. */
const ALONE = [
  'tests/e2e/**/*.test.ts',
  'tests/faults/**/*.test.ts',
  'tests/media/**/*.test.ts',
  'tests/platform/database.test.ts',
];

export default defineConfig({
  test: {
    environment: 'node',
    setupFiles: ['tests/support/fail-on-console-noise.ts'],
    restoreMocks: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'hub',
          include: ['tests/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: ALONE,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
