import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeTests } from '../../../src/cli/repository-tests';
import type { TestEvent } from '../../../src/operations/test-event';

let folder: string;
let events: TestEvent[];

const REPORTED = join(__dirname, 'reported');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'test-reporter-'));
  const source = readFileSync(join(__dirname, '../../../src/operations/test-reporter.ts'), 'utf8');
  writeFileSync(join(folder, 'reporter.cjs'), transformSync(source, { loader: 'ts', format: 'cjs' }).code);
  const { NODE_TEST_CONTEXT: _, VITEST: __, ...env } = process.env;
  const args = ['--test', '--test-reporter=./reporter.cjs', '--test-reporter-destination=events'];
  await new Promise<void>((resolve) => {
    execFile(
      process.execPath,
      [...args, join(REPORTED, 'some.test.js'), join(REPORTED, 'broken.test.js')],
      { cwd: folder, env: { ...env, FORCE_COLOR: '1' } },
      () => resolve(),
    );
  });
  events = readFileSync(join(folder, 'events'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the test reporter says each test once, with why it did not run or failed, and what a test notes', () => {
  const sorted = events.map((event) => Object.values(event).join(' | ')).sort();
  expect(sorted).toEqual(
    [
      expect.stringMatching(/^failed \| .*broken\.test\.js \| /),
      'failed | a child fails | not an error',
      'failed | fails | terraform init failed:\nError: no',
      'note | a note',
      'passed | passes',
      'passed | passes in a suite',
      'skipped | is skipped by its options | no engine',
      'skipped | is skipped while it runs | no provider',
      'skipped | is skipped without a reason | ',
    ].sort((a, b) => (String(a) < String(b) ? -1 : 1)),
  );
});

const ENDED = { command: 'npm', ok: true, exitCode: 0, output: '', stdout: '' };

it('tests that all passed are counted', () => {
  const { status, message } = describeTests([{ kind: 'passed', name: 'a' }], ENDED);
  expect({ status, message }).toEqual({ status: 'done', message: 'its tests: 1 passed' });
});

it('tests that did not run are counted apart, with the reason, and are no failure', () => {
  const some: TestEvent[] = [
    { kind: 'passed', name: 'a' },
    { kind: 'skipped', name: 'b', reason: 'no provider' },
    { kind: 'note', text: 'a note' },
  ];
  expect(describeTests(some, ENDED)).toEqual({
    status: 'skipped',
    message: 'its tests: 1 passed, 1 not run\nb: no provider\na note',
  });
});

it('tests that failed are named with one line each, at most ten, and with where the rest is', () => {
  const failed = Array.from(
    { length: 30 },
    (_, index): TestEvent => ({ kind: 'failed', name: `t${index}`, reason: 'x failed:\nError: no\nmore' }),
  );
  const { status, message } = describeTests(failed, { ...ENDED, ok: false, exitCode: 1, output: 'all of it' });
  const lines = message.split('\n');
  expect(status).toBe('failed');
  expect(lines.slice(0, 2)).toEqual(['its tests: 30 failed', 't0: x failed: Error: no']);
  expect(lines).toHaveLength(12);
  expect(readFileSync(lines.at(-1)!.replace('The whole output: ', ''), 'utf8')).toBe('all of it\n');
});

it('tests that did not begin are a failure with the reason', () => {
  const missing = { command: 'no-npm', ok: false, code: 'ENOENT', output: '', stdout: '' };
  expect(describeTests([], missing)).toEqual({
    status: 'failed',
    message: 'its tests were not run: npm test failed: no-npm is not on the PATH',
  });
  expect(describeTests([], ENDED)).toMatchObject({
    status: 'failed',
    message: 'its tests were not run: npm test ran none',
  });
});
