import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import type { ServerEngine } from './engine';
import { send } from './http';
import { ANONYMOUS, type Caller, callMethod, initialize, listen, signToken } from './mcp';
import { type Exit, SANDBOX, type ServerProcess, startServer } from './process';
import type { DeployedTask } from './task';

/**
 * What the catalogue says of one generation that a running server can confirm or refute. The names are the suite's;
 * `claimsOf` takes every value from the catalogue.
 */
export interface Claims {
  readonly port: number;
  readonly path: string;
  /** Path that answers 200 to anyone: the container's and the target group's probe. */
  readonly healthPath: string;
  /** The same for every value of the catalogue, of which the emitted environment holds each. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Without the variable the server fails so. */
  readonly required: Readonly<Record<string, RequiredClaim>>;
  readonly optional: readonly string[];
  readonly dead: readonly string[];
  readonly dangerous: readonly string[];
  /** Status of a POST on the path without Authorization. */
  readonly anonymous: number;
  /** Status of one with a token that nobody signed. */
  readonly garbage: number;
  /** How a token must be signed to pass the server itself; any will do where the registry is who judges it. */
  readonly tokenSecret?: string;
  readonly stateful: boolean;
  readonly startPeriod: number;
  readonly stopTimeout: number;
  /** What SIGTERM does while a client listens. */
  readonly openStream: 'ends' | 'hangs';
  readonly started: readonly string[];
  readonly refused: readonly string[];
}

export type RequiredClaim =
  | { readonly fails: 'exit'; readonly code: number; readonly log: string }
  | { readonly fails: 'open' };

/** A server that runs, what it was deployed as, and what is said of it. */
export interface Subject {
  readonly claims: Claims;
  readonly task: DeployedTask;
  readonly engine: ServerEngine;
  readonly server: ServerProcess;
}

/** An assertion about a subject: rejects where the claims are wrong. It leaves the server as it was. */
export type Check = (subject: Subject) => Promise<void>;

/** An address that is not the one that a server trusts or binds by default: the load balancer's. */
const OUTSIDE = '127.0.0.2';
const LOAD_BALANCER: { localAddress: string } = { localAddress: '127.0.0.3' };
const EXAMPLE_TOKEN = 'abc.def.ghi';

/** Variables that the image sets itself, in every generation that is run here; QUILT_DEPLOYMENT came with v0.16.0. */
export function bakedEnvironment({ venv }: ServerEngine): Record<string, string> {
  return {
    PATH: `${join(venv, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
    PYTHONUNBUFFERED: '1',
    PYTHONDONTWRITEBYTECODE: '1',
    UV_PROJECT_ENVIRONMENT: '/app/.venv',
  };
}

/** Starts the server as ECS would start the task, with changes to its environment; undefined removes a variable. */
export function startTask(
  engine: ServerEngine,
  task: DeployedTask,
  change: Readonly<Record<string, string | undefined>> = {},
): Promise<ServerProcess> {
  const all = { ...bakedEnvironment(engine), ...task.environment, ...change };
  const environment = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return startServer(engine, { ...task, environment });
}

/** The caller whom the server itself lets in. */
export function welcome({ tokenSecret }: Pick<Claims, 'tokenSecret'>): Caller {
  const token = tokenSecret === undefined ? EXAMPLE_TOKEN : signToken({ sub: '1', exp: 4_000_000_000 }, tokenSecret);
  return { token };
}

/** What must hold of every server that runs, cheap enough to be asked again for each fact that is flipped. */
export const CHECKS: Readonly<Record<string, Check>> = {
  'has in its environment what the task definition carries, and what is fixed': async ({ claims, task, server }) => {
    const { FASTMCP_PORT: _, ...expected } = { ...task.environment, ...claims.fixed };
    assertContains(server.environment(), expected);
    assert.equal(task.environment.FASTMCP_PORT, claims.fixed.FASTMCP_PORT);
  },
  'listens on the port of the target group': async ({ claims, task, server }) => {
    assert.equal(task.port, claims.port);
    assert.equal((await send(server.url(claims.healthPath))).status, 200);
  },
  'is healthy to the load balancer': async ({ claims, task, server }) => {
    assert.equal(task.targetPath, claims.healthPath);
    const { status } = await send(server.url(task.targetPath, OUTSIDE), LOAD_BALANCER);
    assert.equal(String(status), task.targetMatcher);
  },
  'is healthy to the probe of its container': async ({ claims, task, engine, server }) => {
    assert.match(task.probe, new RegExp(`:${claims.port}${claims.healthPath}\\b`));
    assert.equal(await runProbe(task, engine, server.port), 0);
  },
  'answers a caller without a token as it should': async ({ claims, server }) => {
    assert.equal((await initialize(server.url(claims.path), ANONYMOUS)).status, claims.anonymous);
  },
  'answers a caller with a token that nobody signed as it should': async ({ claims, server }) => {
    assert.equal((await initialize(server.url(claims.path), { token: EXAMPLE_TOKEN })).status, claims.garbage);
  },
  'serves MCP on the canonical path': async ({ claims, server }) => {
    const answer = await initialize(server.url(claims.path), welcome(claims));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers['mcp-session-id'] !== undefined, claims.stateful);
    const { tools } = await callMethod(server.url(claims.path), welcome(claims), 'tools/list');
    assert.ok((tools as unknown[]).length > 0);
  },
  'sends who adds a slash back by https, behind a load balancer that ends TLS': async ({ claims, server }) => {
    const { status, headers } = await initialize(server.url(`${claims.path}/`, OUTSIDE), welcome(claims), {
      ...LOAD_BALANCER,
      headers: { 'X-Forwarded-Proto': 'https' },
    });
    assert.equal(status, 307);
    assert.match(headers.location ?? '', new RegExp(`^https://.*${claims.path}$`));
  },
  'writes where it may': async ({ claims, server }) => {
    assert.doesNotMatch(server.output(), /temporary cache directory|No writable cache|Read-only file system/);
    const root = SANDBOX === 'none' ? '/' : `/proc/${server.pid}/root`;
    assert.ok(existsSync(join(root, claims.fixed.MPLCONFIGDIR!)));
  },
  'logs that it started, and whom it refused': async ({ claims, server }) => {
    await initialize(server.url(claims.path), ANONYMOUS);
    await initialize(server.url(claims.path), { token: EXAMPLE_TOKEN });
    for (const marker of claims.started) assert.ok(server.output().includes(marker), marker);
    const seen = claims.refused.some((marker) => server.output().includes(marker));
    assert.ok(claims.refused.length === 0 || seen, claims.refused.join(' or '));
  },
  'is given the time to start and to stop': async ({ claims, task }) => {
    assert.equal(task.startPeriod, claims.startPeriod);
    assert.equal(task.stopTimeout, claims.stopTimeout);
  },
  'is given nothing that is dead or dangerous': async ({ claims, task }) => {
    const named = Object.keys(task.environment);
    assert.deepEqual(
      [...claims.dead, ...claims.dangerous].filter((name) => named.includes(name)),
      [],
    );
  },
};

/** The container's health check, as ECS runs it: by a shell, in the container's environment. Returns its exit code. */
export async function runProbe(task: DeployedTask, engine: ServerEngine, port: number): Promise<number> {
  // Its port is the server's here; nothing else of the command changes.
  const command = task.probe.replaceAll(`:${task.port}/`, `:${port}/`);
  const env = { ...bakedEnvironment(engine), ...task.environment };
  try {
    await promisify(execFile)('/bin/sh', ['-c', command], { env });
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

/** Starts the task without a variable that it requires, and sees it fail as it is said to. */
export async function failsWithout(
  name: string,
  { claims, task, engine }: Omit<Subject, 'server'>,
  limitMs: number,
): Promise<void> {
  const claim = claims.required[name]!;
  const server = await startTask(engine, task, { [name]: undefined });
  try {
    const state = await server.settled(limitMs);
    if (claim.fails === 'exit') {
      assert.deepEqual(state, { code: claim.code, signal: null } satisfies Exit);
      assert.ok(server.output().includes(claim.log), `${claim.log}\n${server.output()}`);
    } else {
      assert.equal(state, 'up');
      assert.equal((await initialize(server.url(claims.path), ANONYMOUS)).status, 200);
    }
  } finally {
    await server.stop();
  }
}

/** Starts the task with changes to its environment, makes every check, and returns what the first that failed says. */
export async function firstFailure(
  { claims, task, engine }: Omit<Subject, 'server'>,
  change: Readonly<Record<string, string | undefined>>,
  checks: Readonly<Record<string, Check>>,
  limitMs: number,
): Promise<string | undefined> {
  const server = await startTask(engine, task, change);
  try {
    const state = await server.settled(limitMs).catch((error: Error) => error.message);
    if (state !== 'up') return `did not start: ${JSON.stringify(state)}`;
    return await failureOf({ claims, task, engine, server }, checks);
  } finally {
    await server.stop();
  }
}

/** What the first check that fails says, or undefined where all hold. */
export async function failureOf(
  subject: Subject,
  checks: Readonly<Record<string, Check>>,
): Promise<string | undefined> {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check(subject);
    } catch (error) {
      return `${name}: ${(error as Error).message}`;
    }
  }
  return undefined;
}

/** Sends SIGTERM while nobody is connected, or while a client listens, and says whether the server ended in time. */
export async function endsInTime(
  { claims, server }: Pick<Subject, 'claims' | 'server'>,
  listening: boolean,
  limitMs: number,
): Promise<boolean> {
  const stream = listening ? await listen(server.url(claims.path), welcome(claims)) : undefined;
  if (stream) assert.equal(stream.status, 200);
  server.signal('SIGTERM');
  const timer = new Promise<false>((resolve) => setTimeout(resolve, limitMs, false).unref());
  const ended = await Promise.race([server.exited.then(() => true as const), timer]);
  stream?.close();
  await server.stop();
  return ended;
}

function assertContains(actual: Readonly<Record<string, string>>, expected: Readonly<Record<string, string>>): void {
  const named = Object.keys(expected);
  assert.deepEqual(Object.fromEntries(named.map((name) => [name, actual[name]])), expected);
}
