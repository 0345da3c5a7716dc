import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { deploy } from '../../../src/cli/commands/deploy';
import { workflow } from '../../../src/cli/commands/workflow';
import type { Console } from '../../../src/cli/console';
import { dispatch } from '../../../src/cli/dispatch';
import { exampleAnswers } from '../../../src/config/example';
import { type ProgramAnswer, putAnswers } from '../../support/put-program';
import { type EmittedRepository, emitRepository } from '../../support/repository';

const VERSION = { '*--version': { says: 'aws-cli/2.15.30 Python/3.11.8 Linux/6.1' } };
const DENIED = { '*': { error: 'An error occurred (AccessDenied) when calling an operation', exitCode: 254 } };
const WORDS = ['-auto-approve', '-var', 'a=b; touch made', '--input=false'];

describe('the command deploy', () => {
  let repository: EmittedRepository;
  let terraform: () => string[];
  const bin = () => join(repository.directory, '../bin');
  const account = () => repository.deployment.environments[0]!.account;
  const identity = (Account = account()) => ({
    '*get-caller-identity*': { says: { Account, Arn: `arn:aws:iam::${Account}:user/me` } },
  });
  const aws = (answers: Readonly<Record<string, ProgramAnswer>>) => putAnswers(join(bin(), 'aws'), answers);

  beforeEach(() => {
    const answers = exampleAnswers();
    const { account } = Object.values(answers.environments)[0]!;
    repository = emitRepository({
      ...answers,
      repository: { ...answers.repository, ownerId: 12, repositoryId: 345 },
      oidcProviders: { [account]: { create: true } },
    });
    terraform = putAnswers(join(bin(), 'terraform'), { '*': {} });
    vi.spyOn(process, 'cwd').mockReturnValue(repository.directory);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    repository.remove();
  });

  async function run(command: typeof deploy, words: readonly string[], env: NodeJS.ProcessEnv = {}) {
    let said = '';
    const out = { write: (text: string) => (said += text) };
    // Without the machine's own AWS CLI; a shell and its programs are elsewhere.
    const PATH = `${bin()}:/usr/bin:/bin`;
    const console = { stdin: process.stdin, stdout: out, stderr: out, env: { PATH, ...env } } as unknown as Console;
    try {
      const exitCode = await dispatch(command, words, console, new AbortController().signal);
      return { exitCode, said };
    } catch (error) {
      return { exitCode: (error as { exitCode?: number }).exitCode, said: `${said}${(error as Error).message}` };
    }
  }
  const root = '-chdir=deploy/terraform/environments/dev/service';
  const DEPLOYED = [
    `${root} init -input=false -backend-config=backend.config.json`,
    `${root} apply ${WORDS.join(' ')}`,
  ];

  it.each<[string, RegExp, (() => Readonly<Record<string, ProgramAnswer>>) | undefined]>([
    ['without an AWS CLI', /^! The account was not looked at .*, which goes on: The AWS CLI is needed.*\n$/, undefined],
    ['with an old AWS CLI', /^! .*goes on: The AWS CLI is 1\.18.*\n$/, () => ({ '*': { says: 'aws-cli/1.18.1' } })],
    [
      'without credentials',
      /^! .*goes on: There are no AWS credentials.*\n$/,
      () => ({ ...VERSION, '*': { error: 'Unable to locate credentials', exitCode: 253 } }),
    ],
    [
      'with credentials of another account, which its tool refuses or does not use',
      /^! .*goes on: the credentials are for the account 999900001111, and dev is in \d+\n$/,
      () => ({ ...VERSION, ...identity('999900001111'), ...DENIED }),
    ],
    [
      'with permissions for nothing',
      /^Before the deployment: 1 check, nothing found; 12 without a result\n\? 12 checks have no result: needs acm:ListCertificates, ec2:[^\n]*\n {2}If the role of a workflow lacks it: npm run registry:dev, once, by hand\.\n$/,
      () => ({ ...VERSION, ...identity(), ...DENIED }),
    ],
  ])('the command deploy goes on %s, and says so in a line', async (_, said, answers) => {
    if (answers) aws(answers());
    expect(await run(deploy, ['dev', ...WORDS])).toEqual({ exitCode: 0, said: expect.stringMatching(said) });
    expect(terraform()).toEqual(DEPLOYED);
  });

  const withoutCluster = () =>
    aws({ ...VERSION, ...identity(), '*describe-clusters*': { says: { clusters: [], failures: [] } }, ...DENIED });

  it('the command deploy ends before anything is changed if an error is found, and names the way past it', async () => {
    withoutCluster();
    const { exitCode, said } = await run(deploy, ['dev', ...WORDS]);
    expect([exitCode, terraform()]).toEqual([1, []]);
    expect(said).toContain('✗ there is no active cluster');
    expect(said).toMatch(/Nothing was deployed\.\nTo deploy nevertheless: npm run deploy:dev -- --no-check$/);
  });

  it.each([[['dev', ...WORDS, '--no-check']], [['dev', '--no-check', ...WORDS]]])(
    'the command deploy asks AWS nothing with --no-check, which its tool does not get: %j',
    async (words) => {
      const asked = withoutCluster();
      expect(await run(deploy, words)).toEqual({ exitCode: 0, said: '' });
      expect([asked(), terraform()]).toEqual([[], DEPLOYED]);
    },
  );

  it('the command deploy ends with the exit code of what fails, and applies nothing after a failed init', async () => {
    terraform = putAnswers(join(bin(), 'terraform'), { '*init*': { exitCode: 3 } });
    expect(await run(deploy, ['dev', '--no-check'])).toEqual({ exitCode: 3, said: '' });
    expect(terraform()).toHaveLength(1);
  });

  it('the command deploy refuses an environment that there is not', async () => {
    expect(await run(deploy, ['prod'])).toEqual({
      exitCode: 1,
      said: expect.stringContaining('There is no environment "prod"'),
    });
  });

  it('a job of the workflow that finds an error ends with it, and names the way past it in the workflow', async () => {
    withoutCluster();
    const { exitCode, said } = await run(workflow, ['check'], { ENVIRONMENT: 'dev' });
    expect(exitCode).toBe(1);
    expect(said).toContain('To deploy nevertheless: gh workflow run deploy -f environment=dev -f no-check=true');
  });

  it('a job of the workflow that has nothing to deploy looks at nothing', async () => {
    const asked = withoutCluster();
    writeFileSync(join(repository.directory, 'dev.json'), '[]');
    expect(await run(workflow, ['check', '.'], { ENVIRONMENT: 'dev' })).toEqual({ exitCode: 0, said: '' });
    expect(asked()).toEqual([]);
  });
});
