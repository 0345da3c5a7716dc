import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AwsAccess, askByCli } from '../../../src/operations/aws-reading';
import { type ProgramAnswer, putAnswers } from '../../support/put-program';

const VERSION = { '--version': { says: 'aws-cli/2.31.0 Python/3.13.7 Linux/6.1 exe/x86_64.debian.12' } };

describe('a question to AWS by the AWS CLI', () => {
  let folder: string;
  let calls: () => string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'aws-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const access = (change: Partial<AwsAccess> = {}): AwsAccess => ({
    cwd: folder,
    env: { PATH: folder },
    region: 'eu-west-1',
    signal: new AbortController().signal,
    ...change,
  });
  const ask = async (answers: Readonly<Record<string, ProgramAnswer>>, change: Partial<AwsAccess> = {}) => {
    calls = putAnswers(join(folder, 'aws'), { ...VERSION, ...answers });
    return askByCli(access({ env: { PATH: `${folder}:/usr/bin:/bin` }, ...change }));
  };

  it('a question is a call of the AWS CLI with its input as JSON, in a region, by a profile', async () => {
    const shown: string[] = [];
    const asking = await ask(
      { 'ec2 describe-subnets*': { says: { Subnets: [1] } } },
      { profile: 'acme', onCall: (command) => shown.push(command) },
    );
    expect(await asking('subnets', { Filters: [] })).toEqual({ Subnets: [1] });
    expect(calls()[1]).toMatch(
      /^ec2 describe-subnets --cli-input-json \{"Filters":\[\]\} --region eu-west-1 --profile acme --output json/,
    );
    expect(shown).toEqual([
      `aws ec2 describe-subnets --cli-input-json '{"Filters":[]}' --region eu-west-1 --profile acme`,
    ]);
  });

  it('a question that the AWS CLI never answers ends, and says what it may wait for', async () => {
    const asking = await ask({ 'ec2 *': { hangs: true } }, { patience: 100 });
    await expect(asking('subnets', {})).rejects.toThrow(
      /^aws ec2 describe-subnets does not end\. Does it wait for a password or a code/,
    );
  });

  it('a question is asked as a role, if one is named; its credentials are nowhere to be seen', async () => {
    const Credentials = { AccessKeyId: 'ASIA', SecretAccessKey: 'very-secret', SessionToken: 'token' };
    const shown: string[] = [];
    const asking = await ask(
      { 'sts assume-role --role-arn arn:x*': { says: { Credentials } }, 'ec2 *': { says: {} } },
      { profile: 'acme', roleArn: 'arn:x', onCall: (command) => shown.push(command) },
    );
    await asking('subnets', {});
    expect(calls()[2]).not.toContain('--profile');
    expect([...calls(), ...shown].join()).not.toContain('very-secret');
  });

  it.each<[string, string, string]>([
    [
      'denied',
      'An error occurred (UnauthorizedOperation) when calling the DescribeSubnets operation: You are not',
      'denied',
    ],
    [
      'denied',
      'An error occurred (AccessDeniedException) when calling the ListClusters operation: User: x is not',
      'denied',
    ],
    [
      'throttled',
      'An error occurred (Throttling) when calling the X operation (reached max retries: 4): Rate exceeded',
      'throttled',
    ],
    ['timeout', 'Read timeout on endpoint URL: "https://ec2.eu-west-1.amazonaws.com/"', 'timeout'],
    [
      'absent',
      'An error occurred (WAFNonexistentItemException) when calling the X operation: AWS WAF could not',
      'absent',
    ],
    ['failed', 'An error occurred (InternalError) when calling the X operation: oops', 'failed'],
  ])('a question that is %s has no answer: %s', async (_, error, reason) => {
    const asking = await ask({ '*': { error: `\n${error}`, exitCode: 254 } });
    await expect(asking('subnets', {})).rejects.toMatchObject({ reason, message: error });
  });

  it('a question whose answer is cut off has none', async () => {
    const asking = await ask({ '*': { says: '{"Subnets": [' } });
    await expect(asking('subnets', {})).rejects.toMatchObject({ reason: 'unreadable' });
  });

  it.each<[string, string, string]>([
    [
      'an expired session',
      'An error occurred (ExpiredToken) when calling the X operation: The security token included in the request is expired',
      'run aws sso login --profile acme',
    ],
    [
      'an expired session of SSO',
      'Error loading SSO Token: Token for acme does not exist',
      'run aws sso login --profile acme',
    ],
    [
      'no credentials',
      'Unable to locate credentials. You can configure credentials by running "aws configure".',
      'The profile acme has no credentials: run aws sso login --profile acme',
    ],
    ['an unknown profile', 'The config profile (acme) could not be found', 'The AWS CLI has no profile acme'],
    [
      'wrong credentials',
      'An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: The security token is invalid',
      'AWS does not accept these credentials',
    ],
  ])('a question with %s ends the reading, with one message and a remedy', async (_, error, message) => {
    const asking = await ask({ '*': { error, exitCode: 255 } }, { profile: 'acme' });
    const asked = asking('subnets', {});
    await expect(asked).rejects.toThrow(message);
    await expect(asked).rejects.toMatchObject({ exitCode: 1 });
  });

  it('a first question without an answer ends the reading: no other gets one, either', async () => {
    const asking = await ask({
      '*': { error: 'Could not connect to the endpoint URL: "https://sts/"', exitCode: 255 },
    });
    await expect(asking('identity', {})).rejects.toThrow('AWS gives no answer: Could not connect');
  });

  it.each([
    ['aws-cli/1.28.9 Python/3.8', 'is 1.28, and 1.29 or 2.13 is needed'],
    ['aws-cli/2.12.3 Python/3.11', 'is 2.12, and 1.29 or 2.13 is needed'],
    ['something else', 'of an unknown version'],
  ])('a question needs a new AWS CLI: %s', async (says, message) => {
    await expect(ask({ '--version': { says } })).rejects.toThrow(message);
  });

  it('a question needs an AWS CLI, and says how to get one', async () => {
    await expect(askByCli(access())).rejects.toThrow('aws is not on the PATH. https://docs.aws.amazon.com/cli');
  });
});
