import { defineConfig } from 'vitest/config';

import { HANG_MS, WORKERS } from './test/support/machine.mjs';
import LongestFirst from './test/support/sequencer.mjs';

/** Suites that only `npm run test:full` runs. */
const LONG = 'test/**/*.long.test.ts';
/** Suites that need nothing but Node.js and the packages of npm. */
const UNIT = ['test/unit/**/*.test.ts', 'test/parity/{resources,impact,drifts}.test.ts'];
const ALL = 'test/**/*.test.ts';

const project = (name: string, include: string[], exclude: string[]) => ({
  extends: true as const,
  test: { name, include, exclude, env: { TEST_PROJECT: name } },
});

export default defineConfig({
  test: {
    projects: [project('unit', UNIT, [LONG]), project('engines', [ALL], [...UNIT, LONG]), project('long', [LONG], [])],
    setupFiles: ['test/support/property-seed.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/closing-line.mts', './test/support/durations.mts'],
    sequence: { sequencer: LongestFirst },
    maxWorkers: WORKERS,
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Terraform and its providers spend a quarter of their time on memory that one command never misses.
      GOGC: '400',
    },
    // These end what hangs: no test depends on how fast a machine is.
    testTimeout: 2 * HANG_MS,
    hookTimeout: 2 * HANG_MS,
    expect: { poll: { timeout: HANG_MS } },
  },
});
