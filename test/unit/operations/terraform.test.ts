import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { cannotRun, ciSetting } from '../../../src/operations/ci';
import { prepareTerraform } from '../../../src/operations/terraform';

let machine: string;
beforeEach(() => {
  machine = mkdtempSync(join(tmpdir(), 'terraform-'));
  mkdirSync(join(machine, 'bin'));
});
afterEach(() => rmSync(machine, { recursive: true, force: true }));

const DIAGNOSTIC = (detail: string) =>
  JSON.stringify({
    type: 'diagnostic',
    diagnostic: { severity: 'error', summary: 'Failed to query available provider packages', detail },
  });

/** Tests' Terraform on a machine whose only `terraform` is this script of sh; undefined for none. */
function prepare(script: string | undefined) {
  if (script !== undefined) writeFileSync(join(machine, 'bin/terraform'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return prepareTerraform({
    repository: machine,
    oldest: '1.11',
    provider: { source: 'hashicorp/aws', version: '>= 5.77, < 6' },
    surroundings: { env: { PATH: join(machine, 'bin'), XDG_DATA_DIRS: machine }, home: machine, systemFolders: [] },
  });
}

it.each([
  ['is not there', undefined, 'terraform is not on the PATH.'],
  [
    'is a shim without a version',
    'echo "No version is set for command terraform" >&2; exit 126',
    'terraform cannot be started (exit code 126): No version is set for command terraform.',
  ],
  ['is killed', 'kill -KILL $$', 'terraform was ended by SIGKILL, maybe because memory ran out.'],
  ['fails', 'echo "Error: no" >&2; exit 1', 'terraform failed with exit code 1: Error: no.'],
  ['says something else', 'echo hello', 'terraform does not say its version, but "hello".'],
])('a terraform that %s is unusable, and the reason says so', async (_, script, reason) => {
  expect((await prepare(script)).unusable).toBe(`Terraform 1.11 or later is needed: ${reason}`);
});

it.each([
  ['1.10.5', false],
  ['0.15.0', false],
  ['1.11.0', true],
  ['1.12.0-rc1', true],
  ['2.0.0', true],
])('a terraform %s is new enough for 1.11: %s', async (version, enough) => {
  const { unusable } = await prepare(
    `[ "$1" = version ] && echo 'A new version!' && echo '{ "terraform_version": "${version}" }'`,
  );
  expect(unusable).toBe(enough ? undefined : `Terraform ${version} is too old: 1.11 or later is needed.`);
});

it('an error that the registry answers with is named, and what else Terraform says is left out', async () => {
  const said = DIAGNOSTIC(
    'Could not retrieve the list of available versions for provider hashicorp/aws: the request failed: 503 Service Unavailable\n\nTo see which modules …',
  );
  const { noProvider } = await prepare(
    `[ "$1" = version ] && echo '{ "terraform_version": "1.11.0" }' && exit; printf '%s\\n' '${said}'; exit 1`,
  );
  expect(noProvider).toMatch(
    /^Terraform cannot fetch its provider hashicorp\/aws \(>= 5\.77, < 6\): the request failed: 503 Service Unavailable\. Set TF_PLUGIN_MIRROR/,
  );
});

it.each([
  [undefined, undefined],
  ['', undefined],
  ['false', false],
  ['no', false],
  ['0', false],
  ['true', true],
  ['1', true],
])('with CI=%s a CI service runs the tests: %s', (value, expected) => {
  expect(ciSetting({ CI: value })).toBe(expected);
});

it('a test that cannot run is skipped with the reason on a developer machine, and fails with it under CI', () => {
  const before = process.env.CI;
  const skipped: string[] = [];
  const test = { skip: (reason: string) => void skipped.push(reason) };
  try {
    process.env.CI = '';
    cannotRun(test, 'no provider');
    expect(skipped).toEqual(['no provider']);
    process.env.CI = 'true';
    expect(() => cannotRun(test, 'no provider')).toThrow('no provider');
  } finally {
    if (before === undefined) delete process.env.CI;
    else process.env.CI = before;
  }
});
