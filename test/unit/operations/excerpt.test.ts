import { readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { excerpt, LINES_SHOWN, linesThatMatter } from '../../../src/operations/excerpt';

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `line ${index + 1}`);

it('an excerpt of a short output is all of it, without colours, rules and empty lines', () => {
  expect(excerpt('x', '\u001B[31m╷\u001B[0m\n\n\u001B[31m│ Error: no\u001B[0m\n╵\n')).toBe('│ Error: no');
  expect(excerpt('x', '')).toBe('');
});

it('an excerpt of a long output begins with the first line that says what went wrong, and names a file with all of it', () => {
  const output = [...numbered(20), 'npm error code E404', ...numbered(20)].join('\n');
  const lines = excerpt('npm-install', output).split('\n');
  expect(lines).toHaveLength(LINES_SHOWN + 1);
  expect(lines[0]).toBe('npm error code E404');
  const log = /^The whole output: (\/.*npm-install\.log)$/.exec(lines.at(-1)!)![1]!;
  expect(readFileSync(log, 'utf8')).toBe(`${output}\n`);
  rmSync(dirname(log), { recursive: true });
});

it('an excerpt of a long output in which nothing is called wrong is its end', () => {
  expect(linesThatMatter(numbered(30).join('\n'))).toEqual(numbered(30).slice(-LINES_SHOWN));
});

it('an excerpt of a report of tests begins with the first that failed', () => {
  const passed = [
    '# Subtest: is refused if it cannot be read',
    'ok 1 - is refused if it cannot be read',
    ...numbered(20),
  ];
  const output = [...passed, 'Every environment exists', 'not ok 2 - has a name', ...numbered(20)];
  expect(linesThatMatter(output.join('\n'))[0]).toBe('not ok 2 - has a name');
});

it('an excerpt has no more lines than are shown, and none that the output has not', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      const output = lines.join('\n');
      const shown = linesThatMatter(output);
      expect(shown.length).toBeLessThanOrEqual(LINES_SHOWN);
    }),
  );
});
