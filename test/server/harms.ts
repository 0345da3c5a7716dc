import assert from 'node:assert/strict';

import { CHECKS, type Parts, startTask, tryWith, welcome } from './claims';
import { callMethod } from './mcp';
import { AGENT, type FakeQuilt, quiltAt, startQuilt } from './quilt';

/** A value that makes a variable do the harm that it is said to do, and what then shows. */
interface HarmfulValue {
  readonly value: string;
  /** Begins what the first check that fails says. */
  readonly shows: string;
}

/** Variables that harm by themselves. */
export const HARMFUL_VALUES: Readonly<Record<string, HarmfulValue>> = {
  FASTMCP_ADDR: { value: '127.0.0.1', shows: 'is healthy to the load balancer' },
  QUILT_FALLBACK_JWT: { value: 'abc.def.ghi', shows: 'answers a caller without a token as it should' },
  WEB_CONCURRENCY: { value: '2', shows: 'does not start' },
};

/** Credentials that a server then uses for a caller who has none. */
interface SharedCredentials {
  readonly variables: (quilt: FakeQuilt) => Readonly<Record<string, string>>;
  /** What a request of such a caller then carries, in part. */
  readonly carries: readonly string[];
}

/** Variables that harm together, by what they are. */
export const SHARED_CREDENTIALS: Readonly<Record<string, SharedCredentials>> = {
  'AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN': {
    variables: () => ({
      AWS_ACCESS_KEY_ID: 'AKIDSHARED',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token-of-everybody',
    }),
    carries: ['Credential=AKIDSHARED/', 'token-of-everybody'],
  },
  'AWS_CONTAINER_CREDENTIALS_FULL_URI and AWS_CONTAINER_AUTHORIZATION_TOKEN': {
    variables: ({ url }) => ({
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'token-for-the-agent',
    }),
    carries: ['token-for-the-agent', `Credential=${AGENT.AccessKeyId}/`, AGENT.Token],
  },
};

const BY_FILE = 'leads to the same credentials by a file, and a task has none';
const BY_STS = 'leads to the same credentials by AWS STS';

/** Dangerous variables whose harm is not shown here, and why. */
export const UNSHOWN: Readonly<Record<string, string>> = {
  AWS_CONFIG_FILE: BY_FILE,
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: BY_FILE,
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: 'leads to an address that only tasks of ECS have',
  AWS_PROFILE: BY_FILE,
  AWS_ROLE_ARN: BY_STS,
  AWS_SECURITY_TOKEN: 'is the old name of AWS_SESSION_TOKEN',
  AWS_SHARED_CREDENTIALS_FILE: BY_FILE,
  AWS_WEB_IDENTITY_TOKEN_FILE: BY_STS,
  QUILT_ALLOW_TEST_JWT: 'is looked at if a call has no token, and none gets so far, which is tried by itself',
};

/** Starts the task with a variable that harms, sees the harm, and returns the log. */
export async function isHarmedBy(name: string, parts: Parts, limitMs: number): Promise<string> {
  const { value, shows } = HARMFUL_VALUES[name]!;
  const { failure, log } = await tryWith(parts, { [name]: value }, CHECKS, limitMs);
  assert.ok(failure?.startsWith(shows), failure);
  return log;
}

/** What a call of a tool that reads from S3 carries of these credentials, by a caller whom the registry refuses. */
export async function credentialsUsed(kind: string, parts: Parts, limitMs: number): Promise<string[]> {
  const { variables, carries } = SHARED_CREDENTIALS[kind]!;
  const quilt = await startQuilt();
  const server = await startTask(parts, {
    ...quiltAt(quilt.url),
    AWS_ENDPOINT_URL_S3: quilt.url,
    ...variables(quilt),
  });
  try {
    assert.equal(await server.settled(limitMs), 'up', server.output());
    const table = { data: 's3://bucket/table.csv', plot_type: 'bar', x_column: 'x', y_column: 'y' };
    await callMethod(server.url(parts.claims.path), welcome(parts.claims), 'tools/call', {
      name: 'create_data_visualization',
      arguments: table,
    });
    return carries.filter((part) => quilt.credentials.some((value) => value.includes(part)));
  } finally {
    await Promise.all([server.stop(), quilt.stop()]);
  }
}
