import fc from 'fast-check';

import { EXHAUSTIVE } from './level';

fc.configureGlobal({
  // A landing must not fail by what somebody else's change left unfound; every run by hand looks for more.
  ...(process.env.CI ? { seed: 20261121 } : {}),
  ...(EXHAUSTIVE ? { numRuns: 1000 } : {}),
});
