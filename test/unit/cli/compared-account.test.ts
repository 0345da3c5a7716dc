import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { drift } from '../../../src/cli/commands/drift';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { exampleAnswers } from '../../../src/config/example';
import { putAnswers } from '../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../support/repository';
import { quiltStackAsAnswered, standIn } from '../../support/stand-in';

describe('an account compared with the answers, by the command drift', () => {
  let repository: EmittedRepository;
  const folder = () => join(repository.directory, '..');
  beforeEach(() => {
    repository = emitRepository(exampleAnswers());
    vi.spyOn(process, 'cwd').mockReturnValue(repository.directory);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    repository.remove();
  });

  /** Text of drift where AWS answers as the answers name the Quilt stack, and refuses all else but these calls. */
  async function look(rulePriority: string, change: Readonly<Record<string, unknown>> = {}, Account?: string) {
    const { quiltStack, account } = repository.deployment.environments[0]!;
    const other = { RuleArn: 'arn:other', Priority: rulePriority, Conditions: [], Actions: [] };
    standIn(folder(), 'aws', {
      '--version': 'aws-cli/2.15.30 Python/3.11.8 Linux/6.1',
      'sts get-caller-identity': { Account: Account ?? account, Arn: 'arn:aws:iam::1:user/me' },
      'elbv2 describe-rules': { Rules: [other] },
      'elbv2 describe-target-groups': { TargetGroups: [] },
      ...quiltStackAsAnswered(quiltStack),
      ...change,
      '': { error: 'An error occurred (AccessDenied) when calling an operation' },
    });
    putAnswers(join(folder(), 'bin/terraform'), { '*': {} });
    let said = '';
    const out = { write: (text: string) => (said += text) };
    const env = { PATH: `${join(folder(), 'bin')}:/usr/bin:/bin` };
    const console = { stdin: process.stdin, stdout: out, stderr: out, env } as unknown as Console;
    await dispatch(drift, ['dev'], console, new AbortController().signal);
    return said;
  }
  const planned = () => String(repository.deployment.environments[0]!.service.listenerRules[0]!.priority);

  it('the account is said to have what check finds, beside the answers that it contradicts', async () => {
    const said = await look(planned());
    expect(said).toContain(
      `In the account, npm run check:dev finds:\n✗ the listener has other rules at ${planned()} (arn:other)\n  The deployment fails with PriorityInUse.\n`,
    );
    expect(await look('40000')).toContain('dev: nothing differs.');
  });

  it('the account of somebody else is said to have nothing', async () => {
    expect(await look(planned(), {}, '999900001111')).toContain('dev: nothing differs.');
  });

  it('the account is said to have nothing more where answers about the Quilt stack are out of date', async () => {
    const said = await look(planned(), {
      'elbv2 describe-load-balancer-attributes': { Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '7' }] },
    });
    expect(said).toContain('environments.dev.network.albIdleTimeout');
    expect(said).not.toContain('npm run check:dev finds');
  });
});
