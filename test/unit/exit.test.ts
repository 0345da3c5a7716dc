import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { UsageError } from '../../src/cli/usage-error';
import { AnswersError } from '../../src/config/problem';
import { EXIT, explain } from '../../src/exit';
import { Cancelled } from '../../src/interview/cancelled';
import { Failed } from '../../src/operations/failed';
import { OtherGenerator } from '../../src/project/package-root';
import { Busy, Unwritable } from '../../src/project/unwritable';

it.each([
  ['wrongInput', new UsageError('x')],
  ['wrongInput', new AnswersError('x', [{ path: 'a', message: 'b' }])],
  ['wrongInput', new OtherGenerator('x')],
  ['failed', new Failed('x')],
  ['failed', new Unwritable('x')],
  ['failed', new Busy('x')],
  ['failed', new Cancelled()],
] as const)('an error carries its exit code, %s: %s', (code, error) => {
  expect(explain(error)).toMatchObject({ message: error.message, exitCode: EXIT[code] });
});

it("an error of the file system's is explained by its message, and a defect is not", () => {
  const error = (() => {
    try {
      return readdirSync('/no/such/folder');
    } catch (reason) {
      return reason;
    }
  })();
  expect(explain(error)).toEqual({ message: (error as Error).message, exitCode: EXIT.failed });
  expect(explain(new TypeError('x is not a function'))).toBeUndefined();
  expect(explain('x')).toBeUndefined();
});
