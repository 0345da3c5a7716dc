import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { failureOf, runProgram, whyFailed } from '../../../src/operations/program';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'program-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a program of this content that is alone on the PATH. */
async function why(content: string | Buffer | undefined, mode = 0o755): Promise<string> {
  const file = join(folder, 'tool');
  if (content !== undefined) {
    writeFileSync(file, content);
    chmodSync(file, mode);
  }
  const env = { PATH: folder };
  return whyFailed(await runProgram('tool', [], { cwd: folder, env }), env);
}

const SCRIPT = '#!/bin/sh\n';

it.each([
  ['is not there', undefined, /^tool is not on the PATH$/],
  ['ends with an exit code', `${SCRIPT}exit 3`, /^tool failed with exit code 3$/],
  ['says what is wrong', `${SCRIPT}echo begun; echo "Error: no" >&2; exit 1`, /exit code 1: (begun|Error: no)$/],
  [
    'is the shim of a version manager without a version',
    `${SCRIPT}echo "No version is set for command tool" >&2; exit 126`,
    /^tool cannot be started \(exit code 126\): No version is set for command tool$/,
  ],
  ['is ended by a signal', `${SCRIPT}kill -TERM $$`, /^tool was ended by SIGTERM$/],
  ['is killed', `${SCRIPT}kill -KILL $$`, /^tool was ended by SIGKILL, maybe because memory ran out$/],
  ['has an interpreter that is not there', '#!/nowhere/sh\n', /^tool cannot be started: .*\/tool names .* is missing$/],
  [
    'is for another machine',
    Buffer.from('7f454c4602010100000000000000000002009900\n(', 'hex'),
    /^tool is not a program for this machine \(\w+ \w+\): .*\/tool$/,
  ],
] as const)('a program that %s: the reason is named', async (_, content, expected) => {
  expect(await why(content)).toMatch(expected);
});

it('a program that may not be executed: the reason is named', async () => {
  expect(await why(`${SCRIPT}exit 0`, 0o644)).toMatch(/^tool may not be executed: check the permissions of .*\/tool$/);
});

it('what a program says is read without colours, whatever forces them', async () => {
  const env = {
    ...process.env,
    FORCE_COLOR: '1',
    CLICOLOR_FORCE: '1',
    npm_config_color: 'always',
    NPM_CONFIG_COLOR: 'always',
  };
  const script = 'console.log(`\u001B[31mred\u001B[0m`, process.stdout.getColorDepth?.() ?? 1, process.env)';
  const { stdout } = await runProgram(process.execPath, ['-e', script], { cwd: folder, env });
  expect(stdout).toMatch(/^red /);
  expect(stdout).not.toMatch(/FORCE_COLOR|CLICOLOR_FORCE|always/);
});

it('a failure has what the program said, or else why it was not started', async () => {
  const env = { PATH: folder };
  expect(failureOf('npm install', await runProgram('npm', [], { cwd: folder, env }), env)).toBe(
    'npm install failed: npm is not on the PATH',
  );
  writeFileSync(join(folder, 'npm'), `${SCRIPT}echo "npm error code E404"; exit 1`, { mode: 0o755 });
  expect(failureOf('npm install', await runProgram('npm', [], { cwd: folder, env }), env)).toBe(
    'npm install failed:\nnpm error code E404',
  );
});
