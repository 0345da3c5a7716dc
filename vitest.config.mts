import { defineConfig } from 'vitest/config';

import LongSuitesFirst from './test/support/sequencer.mjs';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default', './test/support/closing-line.mts'],
    sequence: { sequencer: LongSuitesFirst },
    // Two cores: more at once only makes Terraform's providers wait for one another.
    maxWorkers: 2,
    env: {
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      // Terraform and its providers spend a quarter of their time on memory that one command never misses.
      GOGC: '400',
    },
    testTimeout: 60_000,
    hookTimeout: 180_000,
  },
});
