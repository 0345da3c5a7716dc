import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import { PARTITIONS, partitionOf } from '../../src/config/partitions';
import { lacks } from '../support/engines';
import { EMULATOR, sitePackages } from '../support/engines/emulator';

interface Listed {
  readonly id: string;
  readonly regions: Readonly<Record<string, unknown>>;
  readonly outputs: { readonly dnsSuffix: string };
}

/** The list of the botocore that the emulator is installed with: a newer one than the list of the unit tests, at times. */
describe.skipIf(await lacks(EMULATOR))('partitions of an installed botocore', () => {
  it('partitions of an installed botocore are all known, with regions and domains', () => {
    const file = sitePackages('botocore/data/partitions.json');
    const { partitions } = JSON.parse(readFileSync(file, 'utf8')) as { partitions: Listed[] };
    expect(partitions.map(({ id }) => id).sort()).toEqual(PARTITIONS.map(({ id }) => id).sort());
    for (const { id, regions, outputs } of partitions) {
      for (const region of Object.keys(regions).filter((name) => !name.endsWith('-global'))) {
        expect(partitionOf(region), region).toMatchObject({ id, dnsSuffix: outputs.dnsSuffix });
      }
    }
  });
});
