import { describe, it } from 'vitest';

import { TARGETS } from '../../src/config/repository';
import { EXHAUSTIVE, SEED } from '../support/level';
import { checkSequences } from './sequence';

/** With the 40 that every run makes: 2,100 in all three targets. */
const numRuns = EXHAUSTIVE ? 660 : 160;

describe('a sequence of edits and upgrades', () => {
  it.each(TARGETS)(
    'a sequence of edits and upgrades loses no edit, overwrites nothing silently, breaks no file, and is done after one sync: %s',
    (target) => checkSequences(target, { numRuns, seed: SEED }),
  );
});
