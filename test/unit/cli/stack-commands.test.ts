import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Command } from '../../../src/cli/command';
import { cdk } from '../../../src/cli/commands/cdk';
import { stack } from '../../../src/cli/commands/stack';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { UsageError } from '../../../src/cli/usage-error';
import { putAnswers } from '../../support/put-program';

describe('the commands that deploy stacks', () => {
  let root: string;
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'stack-commands-')));
    mkdirSync(join(root, 'docs/inner'), { recursive: true });
    mkdirSync(join(root, 'bin'));
    writeFileSync(join(root, 'mcp-deploy.json'), '{}');
    vi.spyOn(process, 'cwd').mockReturnValue(join(root, 'docs/inner'));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true, force: true });
  });

  async function run(command: Command, ...words: string[]) {
    let said = '';
    const out = { write: (text: string) => (said += text) };
    const env = { PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH}` };
    const console = { stdin: process.stdin, stdout: out, stderr: out, env } as unknown as Console;
    const exitCode = await dispatch(command, words, console, new AbortController().signal);
    return { exitCode, said };
  }

  function deploys(target: 'cloudformation' | 'cdk'): void {
    if (target === 'cloudformation') {
      mkdirSync(join(root, 'deploy/cloudformation'), { recursive: true });
      const dev = { account: '111122223333', region: 'us-east-1', template: 'a.yaml', parameters: 'a.json' };
      writeFileSync(join(root, 'deploy/cloudformation/stacks.json'), JSON.stringify({ 'mcp-dev': dev }));
      return;
    }
    mkdirSync(join(root, 'deploy/cdk/config'), { recursive: true });
    const dev = { region: 'us-east-1', registry: { stackName: 'mcp-registry' } };
    writeFileSync(join(root, 'deploy/cdk/config/dev.json'), JSON.stringify(dev));
  }

  it('the commands that deploy stacks find the repository from a folder inside it', async () => {
    deploys('cloudformation');
    putAnswers(join(root, 'bin/aws'), {
      '*get-caller-identity*': { says: { Account: '111122223333' } },
      '*': { error: 'Stack with id mcp-dev does not exist', exitCode: 254 },
    });
    expect(await run(stack, 'destroy', 'mcp-dev')).toEqual({ exitCode: 0, said: 'mcp-dev does not exist.\n' });
  });

  it.each<[string, Command, readonly string[], 'cloudformation' | 'cdk', RegExp]>([
    ['another repository', stack, ['plan', 'mcp-dev'], 'cdk', /stacks\.json here, nor in a folder above/],
    ['another repository', cdk, ['plan', 'mcp-registry'], 'cloudformation', /deploy\/cdk\/config here, nor/],
    ['nothing', stack, [], 'cloudformation', /takes plan, deploy, destroy, and the name of a stack/],
    ['an operation that there is not', stack, ['constructor', 'mcp-dev'], 'cloudformation', /^stack takes plan/],
    ['no stack', stack, ['plan'], 'cloudformation', /^stack plan takes one stack of mcp-dev$/],
    ['a stack that there is not', stack, ['plan', 'constructor'], 'cloudformation', /takes one stack of mcp-dev$/],
    ['two stacks', stack, ['plan', 'mcp-dev', 'mcp-dev'], 'cloudformation', /takes one stack of mcp-dev$/],
    [
      'an option of another program',
      stack,
      ['plan', 'mcp-dev', '--force'],
      'cloudformation',
      /--force is not an option/,
    ],
    ['nothing', cdk, [], 'cdk', /takes plan, deploy, destroy, parameters, and the name of a stack/],
    ['an operation that there is not', cdk, ['toString', 'mcp-registry'], 'cdk', /^cdk takes plan/],
    ['no stack', cdk, ['deploy', '--require-approval', 'never'], 'cdk', /^cdk deploy takes a stack of mcp-registry$/],
  ])('the commands that deploy stacks refuse %s as wrong input: %#', async (_, command, words, target, message) => {
    deploys(target);
    const refused = run(command, ...words);
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
  });
});
