import { describe, it } from 'vitest';

import { TARGETS } from '../../src/config/repository';
import { checkSequences } from './sequence';

describe('a sequence of edits and upgrades', () => {
  it.each(TARGETS)(
    'a sequence of edits and upgrades loses no edit, overwrites nothing silently, breaks no file, and is done after one sync: %s',
    (target) => checkSequences(target, { numRuns: 40 }),
  );
});
