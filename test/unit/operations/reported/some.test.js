// Tests of each outcome, for test-reporter.test.ts.
const { describe, test } = require('node:test');

test('passes', (t) => t.diagnostic('a note'));
test('is skipped by its options', { skip: 'no engine' }, () => {});
test('is skipped while it runs', (t) => t.skip('no provider'));
test('is skipped without a reason', { skip: true }, () => {});
describe('a suite', () => {
  test('passes in a suite', () => {});
  test('fails', () => {
    throw new Error('terraform init failed:\nError: no');
  });
});
test('a parent', async (t) => {
  await t.test('a child fails', () => Promise.reject('not an error'));
});
