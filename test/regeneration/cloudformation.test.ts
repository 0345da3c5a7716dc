import { describe, it } from 'vitest';

import { checkSequences } from './sequence';

describe('any sequence of edits and upgrades, with target cloudformation,', () => {
  it('loses no edit, overwrites nothing silently, breaks no file, and is done after one sync', async () => {
    await checkSequences('cloudformation', 1 / 3);
  }, 600_000);
});
