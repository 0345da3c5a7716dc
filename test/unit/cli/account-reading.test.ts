import { describe, expect, it } from 'vitest';

import { counted } from '../../../src/cli/account-reading';
import { CALLS, type CallName } from '../../../src/discovery/calls';
import { widthOf } from '../../../src/interview/layout';

const ALL = Object.keys(CALLS) as CallName[];

/** What a terminal of a width is given for one call of each kind. */
async function shown(columns: number | undefined): Promise<string[]> {
  const rows: string[] = [];
  const stderr = { columns, write: (text: string) => rows.push(text) };
  const ask = counted(async (name) => name, stderr);
  expect(await Promise.all(ALL.map((name) => ask(name, {})))).toEqual(ALL);
  return rows;
}

describe('the row that counts the calls', () => {
  it.each([20, 40, 80])(
    'the row stays within a terminal of %i columns, and takes the place of the one before',
    async (columns) => {
      for (const row of await shown(columns)) {
        expect(row.startsWith('\r\u001b[K  reading the')).toBe(true);
        expect(widthOf(row.replace('\r', ''))).toBeLessThan(columns);
      }
    },
  );

  it.each([undefined, 0, 200])('the row is whole in a terminal of %s columns', async (columns) => {
    const { service, operation } = CALLS[ALL[0]!];
    expect((await shown(columns))[0]).toBe(`\r\u001b[K  reading the account: 1 calls, aws ${service} ${operation}`);
  });
});
