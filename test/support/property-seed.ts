import fc from 'fast-check';

import { runs, SEED } from './level';

fc.configureGlobal({
  // A landing must not fail by what somebody else's change left unfound; every run by hand looks for more, by its own seed.
  seed: process.env.CI ? 20261121 : SEED,
  numRuns: runs(100),
});
