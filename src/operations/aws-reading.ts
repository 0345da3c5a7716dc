import { CALLS, type CallName } from '../discovery/calls';
import { type Ask, CallFailure, type Reason } from '../discovery/reader';
import { childEnvironment } from './child-environment';
import { Failed } from './failed';
import { type Finished, runProgram, whyFailed } from './program';
import { shellWord } from './shell-word';

/** Access of a reading to AWS. */
export interface AwsAccess {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly region: string;
  /** Profile of the AWS CLI; absent, the one of the environment. */
  readonly profile?: string;
  /** Role that is assumed first. */
  readonly roleArn?: string;
  /** Ends the program of a call: a call that reads has nothing to take back. */
  readonly signal: AbortSignal;
  /** Milliseconds until a call is given up; absent, longer than all attempts of the AWS CLI take. */
  readonly patience?: number;
  /** Gets the command line of each call, before it is made. */
  readonly onCall?: (command: string) => void;
}

/** The AWS CLI cannot be asked: without it a person can still answer by hand. Its message is complete. */
export class NoAccess extends Failed {}

/** Oldest versions whose profiles, SSO and output are as needed, by their major number. */
const OLDEST: Readonly<Record<number, number>> = { 1: 29, 2: 13 };
const INSTALL = 'https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html';
/** Seconds. */
const TIMEOUTS = ['--cli-connect-timeout', '10', '--cli-read-timeout', '30'];
/** Attempts of the AWS CLI at a call: it waits longer before each. */
const RETRIES = { AWS_RETRY_MODE: 'standard', AWS_MAX_ATTEMPTS: '5' };

/** The AWS CLI ends by itself before, unless something that it started waits, such as a program for credentials that asks for a password. */
const PATIENCE_MS = 300_000;

/** Texts of the AWS CLI that say why a call has no answer. Source: botocore, exceptions.py; the services' API references, "Common Errors". */
const REASONS: readonly (readonly [Reason, RegExp])[] = [
  ['denied', /AccessDenied|UnauthorizedOperation|not authorized to perform|AuthorizationError/],
  ['throttled', /Throttl|Rate exceeded|TooManyRequests|RequestLimitExceeded|SlowDown/],
  ['timeout', /[Cc]onnect timeout|[Rr]ead timeout|Could not connect to the endpoint URL|Connection was closed before/],
  ['absent', /NotFound|does not exist|NonexistentItem|NoSuchEntity/],
];

/** Texts of the AWS CLI that end a reading: every call would fail so. */
const NO_ACCESS: readonly (readonly [RegExp, (access: AwsAccess, said: string) => string])[] = [
  [
    /ExpiredToken|RequestExpired|[Tt]oken has expired|SSO session .*(expired|invalid)|Error loading SSO Token|Token for .* does not exist|reauthenticate/,
    ({ profile }) =>
      `The session of the AWS credentials has expired: run aws sso login${profile === undefined ? '' : ` --profile ${shellWord(profile)}`}, or get new ones, and try again.`,
  ],
  [
    /Unable to locate credentials|NoCredentials/,
    ({ profile }) =>
      profile === undefined
        ? 'There are no AWS credentials: run aws configure sso (or aws configure), and name the profile with --profile or AWS_PROFILE.'
        : `The profile ${profile} has no credentials: run aws sso login --profile ${shellWord(profile)}, or aws configure for it.`,
  ],
  [
    /config profile \(.*\) could not be found/,
    ({ profile, env }) =>
      `The AWS CLI has no profile ${profile ?? env.AWS_PROFILE ?? 'of that name'}: aws configure list-profiles shows those that there are.`,
  ],
  [
    /InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|AuthFailure|InvalidSignatureException/,
    (_, said) => `AWS does not accept these credentials: ${said}`,
  ],
];

/**
 * Asks AWS by the AWS CLI, so that profiles, SSO and MFA work as they do there.
 *
 * @throws NoAccess if there is no AWS CLI, it is too old, or it has no valid credentials
 */
export async function askByCli(access: AwsAccess): Promise<Ask> {
  await checkVersion(access);
  const credentials = access.roleArn === undefined ? {} : await assume(access, access.roleArn);
  return async (name, input) => {
    const { service, operation } = CALLS[name];
    access.onCall?.(commandLine(access, name, input));
    const ending = await aws(access, credentials, [service, operation, '--cli-input-json', JSON.stringify(input)]);
    access.signal.throwIfAborted();
    if (!ending.ok) throw failureOf(access, name, ending);
    try {
      return JSON.parse(ending.stdout.trim() || '{}');
    } catch {
      throw new CallFailure('unreadable', 'its answer is no JSON: it was cut off');
    }
  };
}

function commandLine({ region, profile }: AwsAccess, name: CallName, input: object): string {
  const { service, operation } = CALLS[name];
  const words = Object.keys(input).length === 0 ? [] : ['--cli-input-json', shellWord(JSON.stringify(input))];
  const where = ['--region', region, ...(profile === undefined ? [] : ['--profile', shellWord(profile)])];
  return ['aws', service, operation, ...words, ...where].join(' ');
}

/** @throws NoAccess if it does not end: no other call would */
async function aws(
  { cwd, env, region, profile, signal, patience = PATIENCE_MS }: AwsAccess,
  credentials: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<Finished> {
  const chosen = profile === undefined || Object.keys(credentials).length > 0 ? [] : ['--profile', profile];
  const limit = AbortSignal.timeout(patience);
  const ending = await runProgram('aws', [...words, '--region', region, ...chosen, '--output', 'json', ...TIMEOUTS], {
    cwd,
    env: { ...RETRIES, ...childEnvironment(env), AWS_PAGER: '', ...credentials },
    signal: AbortSignal.any([signal, limit]),
  });
  if (limit.aborted && !ending.ok && !signal.aborted) {
    throw new NoAccess(
      `aws ${words.slice(0, 2).join(' ')} does not end. Does it wait for a password or a code, as credential_process or MFA may? Get credentials first (aws sts get-caller-identity), and try again.`,
    );
  }
  return ending;
}

async function checkVersion(access: AwsAccess): Promise<void> {
  const { cwd, env, signal } = access;
  const ending = await runProgram('aws', ['--version'], { cwd, env: childEnvironment(env), signal });
  access.signal.throwIfAborted();
  if (!ending.ok) {
    throw new NoAccess(
      `The AWS CLI is needed to read the account: ${whyFailed(ending, env)}. ${INSTALL} says how to install it.`,
    );
  }
  const [, major, minor] = /aws-cli\/(\d+)\.(\d+)/.exec(ending.output) ?? [];
  const least = OLDEST[Number(major)];
  if (major === undefined || (least === undefined ? Number(major) < 2 : Number(minor) < least)) {
    const found = major === undefined ? 'of an unknown version' : `${major}.${minor}`;
    throw new NoAccess(`The AWS CLI is ${found}, and 1.29 or 2.13 is needed, or later: ${INSTALL}`);
  }
}

/** Variables with the credentials of a role. */
async function assume(access: AwsAccess, roleArn: string): Promise<Readonly<Record<string, string>>> {
  const words = ['sts', 'assume-role', '--role-arn', roleArn, '--role-session-name', 'create-quilt-mcp-deploy'];
  access.onCall?.(`aws ${words.map(shellWord).join(' ')}`);
  const ending = await aws(access, {}, words);
  access.signal.throwIfAborted();
  if (!ending.ok) {
    const failure = failureOf(access, 'identity', ending);
    throw failure instanceof NoAccess
      ? failure
      : new NoAccess(`The role ${roleArn} cannot be assumed: ${saidBy(ending)}`);
  }
  const { Credentials } = JSON.parse(ending.stdout) as {
    Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
  };
  return {
    AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials.SessionToken,
  };
}

function failureOf(access: AwsAccess, name: CallName, ending: Finished): CallFailure | NoAccess {
  const said = saidBy(ending);
  const known = NO_ACCESS.find(([pattern]) => pattern.test(ending.output));
  if (known) return new NoAccess(known[1](access, said));
  const reason = reasonOf(ending.output);
  // The first call of all: no other gets an answer, either.
  if (name === 'identity' && reason !== 'denied') return new NoAccess(`AWS gives no answer: ${said}`);
  return new CallFailure(reason, said);
}

/** Reason why a call has no answer, by the text of the AWS CLI. */
export function reasonOf(output: string): Reason {
  return REASONS.find(([, pattern]) => pattern.test(output))?.[0] ?? 'failed';
}

/** The line of the AWS CLI that says what failed. */
function saidBy(ending: Finished): string {
  const lines = ending.output.split('\n').map((line) => line.trim());
  return lines.find((line) => /error/i.test(line)) ?? lines.find(Boolean) ?? whyFailed(ending);
}
