import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { CATALOGUE } from '../../src/conventions';
import { SERVER_VERSIONS } from './engine';

const proved = CATALOGUE.filter(({ ranHere }) => ranHere.length > 0).map(({ id }) => id);

it.each(proved)('%s, of which the catalogue says that it is run here, has a suite', (id) => {
  expect(existsSync(join(__dirname, `${id}.long.test.ts`))).toBe(true);
});

it('the versions that the catalogue says are run here are those that are installed', () => {
  const said = CATALOGUE.flatMap(({ ranHere }) => ranHere);
  expect([...said].sort()).toEqual(Object.keys(SERVER_VERSIONS).sort());
});
