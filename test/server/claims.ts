import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { vi } from 'vitest';

import type { SeenDefect, WithoutVariable } from '../../src/conventions';
import { PROTOCOL_HEADERS } from '../../src/conventions/common';
import type { ServerEngine } from './engine';
import { send } from './http';
import {
  ANONYMOUS,
  askInSession,
  type Caller,
  callMethod,
  initialize,
  listen,
  listTools,
  negotiate,
  signToken,
} from './mcp';
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
  /** All paths that do. */
  readonly healthPaths: readonly string[];
  /** Variables that the image sets itself. */
  readonly bakes: Readonly<Record<string, string>>;
  /** The same for every value of the catalogue, of which the emitted environment holds each. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Without the variable the server fails so. */
  readonly required: Readonly<Record<string, WithoutVariable>>;
  readonly optional: readonly string[];
  /** Variables that end the server if they are no number. */
  readonly numbers: readonly string[];
  readonly dead: readonly string[];
  readonly dangerous: readonly string[];
  /** Status of a POST on the path without Authorization. */
  readonly anonymous: number;
  /** Status of one with a token that nobody signed. */
  readonly garbage: number;
  /** How a token must be signed to pass the server itself; any will do where the registry is who judges it. */
  readonly tokenSecret?: string;
  readonly stateful: boolean;
  /** What turns sessions off. */
  readonly sessionsOff?: { readonly variable: string; readonly value: string };
  /** Revisions of the protocol, oldest first. */
  readonly revisions: readonly string[];
  /** What a request gets that names another one, if that is said. */
  readonly otherRevision?: string;
  /** Hosts that it asks besides AWS and Quilt, if that is known, each with what stops it. */
  readonly otherHosts?: Readonly<Record<string, { readonly variable: string; readonly value: string } | undefined>>;
  /** Those of its defects that are looked for here. */
  readonly defects: readonly SeenDefect[];
  readonly startPeriod: number;
  readonly stopTimeout: number;
  /** What SIGTERM does while a client listens. */
  readonly openStream: 'ends' | 'hangs';
  readonly started: readonly string[];
  readonly refused: readonly string[];
  readonly misconfigured: readonly string[];
  readonly alarming: readonly string[];
}

/** A server that runs, what it was deployed as, and what is said of it. */
export interface Subject {
  readonly claims: Claims;
  readonly task: DeployedTask;
  readonly engine: ServerEngine;
  readonly server: ServerProcess;
}

/** A subject that is not started yet. */
export type Parts = Omit<Subject, 'server'>;

/** A change to a task's environment; undefined removes a variable. */
export type Change = Readonly<Record<string, string | undefined>>;

/** An assertion about a subject: rejects where the claims are wrong. It leaves the server as it was. */
export type Check = (subject: Subject) => Promise<void>;

/** An address that is not the one that a server trusts or binds by default: the load balancer's. */
const OUTSIDE = '127.0.0.2';
const LOAD_BALANCER: { localAddress: string } = { localAddress: '127.0.0.3' };
const EXAMPLE_TOKEN = 'abc.def.ghi';
/** Where servers of any generation answered a probe. */
const HEALTH_PATHS = ['/', '/health', '/healthz'];
const UNKNOWN_REVISION = '2099-12-31';

/** All of the container's environment: what its image sets, and over that what its task definition does. */
export function containerEnvironment({ claims, task, engine }: Parts): Record<string, string> {
  const path = `${join(engine.venv, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { PATH: path, ...claims.bakes, ...task.environment };
}

/** Starts the server as ECS would start the task, with changes to its environment. */
export function startTask(parts: Parts, change: Change = {}): Promise<ServerProcess> {
  const { task, engine } = parts;
  const all = { ...containerEnvironment(parts), ...change };
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
  'is healthy to the probe of its container': async ({ server, ...parts }) => {
    const { claims, task } = parts;
    assert.match(task.probe, new RegExp(`:${claims.port}${claims.healthPath}\\b`));
    assert.equal(await runProbe(parts, server.port), 0);
  },
  'is healthy on the paths that it should, and no other': async ({ claims, server }) => {
    const paths = [...new Set([...HEALTH_PATHS, ...claims.healthPaths])].sort();
    const answers = await Promise.all(paths.map((path) => send(server.url(path))));
    assert.deepEqual(
      paths.filter((_, index) => answers[index]!.status === 200),
      [...claims.healthPaths].sort(),
    );
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
  'needs no session, or knows only its own, as it should': async ({ claims, server }) => {
    const { status } = await askInSession(server.url(claims.path), welcome(claims), 'of-another-task');
    assert.equal(status >= 400, claims.stateful, String(status));
  },
  'speaks the revisions of the protocol that it should, and offers the newest': async ({ claims, server }) => {
    const url = server.url(claims.path);
    const known = Object.keys(PROTOCOL_HEADERS);
    const answers = await Promise.all(known.map((revision) => negotiate(url, welcome(claims), revision)));
    assert.deepEqual(
      known.filter((revision, index) => answers[index] === revision),
      claims.revisions,
    );
    assert.equal(await negotiate(url, welcome(claims), UNKNOWN_REVISION), claims.revisions.at(-1));
  },
  'answers who names a revision that it does not speak with 400 and a list, if that is said of it': async (subject) => {
    const { claims, server } = subject;
    if (claims.otherRevision === undefined) return;
    const newest = Object.keys(PROTOCOL_HEADERS).at(-1)!;
    const answer = await listTools(server.url(claims.path), welcome(claims), newest);
    assert.match(claims.otherRevision, new RegExp(`^${answer.status}, and a list`));
    assert.ok(!claims.revisions.includes(newest) && claims.otherRevision.includes(newest), newest);
    assert.deepEqual(
      claims.revisions.filter((revision) => !answer.body.includes(revision)),
      [],
    );
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
    // An answer may come sooner than what was logged before it.
    await vi.waitFor(() => {
      for (const marker of claims.started) assert.ok(server.output().includes(marker), marker);
      const seen = claims.refused.some((marker) => server.output().includes(marker));
      assert.ok(claims.refused.length === 0 || seen, claims.refused.join(' or '));
    });
  },
  'logs nothing of what a wrong setting writes': async ({ claims, server }) => {
    const markers = [...claims.misconfigured, ...claims.alarming];
    assert.deepEqual(markersIn(markers, [server.output()]), []);
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

/** Those of these markers that are in a log. */
export function markersIn(markers: readonly string[], logs: readonly string[]): string[] {
  return markers.filter((marker) => logs.some((log) => log.includes(marker)));
}

/** All that a server wrote until now, after which it runs no more: an answer may come sooner than what was logged before it. */
async function wholeLog(server: ServerProcess): Promise<string> {
  await server.stop();
  return server.output();
}

/** The container's health check, as ECS runs it: by a shell, in the container's environment. Returns its exit code. */
export async function runProbe(parts: Parts, port: number): Promise<number> {
  const { task } = parts;
  // Its port is the server's here; nothing else of the command changes.
  const command = task.probe.replaceAll(`:${task.port}/`, `:${port}/`);
  try {
    await promisify(execFile)('/bin/sh', ['-c', command], { env: containerEnvironment(parts) });
    return 0;
  } catch (error) {
    return (error as { code: number }).code;
  }
}

/** What became of a task that was started without a variable. */
export interface Bereft {
  readonly state: 'up' | Exit;
  /** Whom it lets in, where it is up, by the status that each gets. */
  readonly anonymous?: number;
  readonly signed?: number;
  readonly publiclySigned?: number;
  readonly log: string;
}

/** Starts the task without a variable, and looks at what becomes of it. */
export async function startWithout(name: string, parts: Parts, limitMs: number): Promise<Bereft> {
  const { claims } = parts;
  const failure = claims.required[name];
  const publicSecret = failure?.fails === 'forgeable' ? failure.publicSecret : undefined;
  const server = await startTask(parts, { [name]: undefined });
  try {
    const state = await server.settled(limitMs);
    const enter = async (caller: Caller) =>
      state === 'up' ? (await initialize(server.url(claims.path), caller)).status : undefined;
    const anonymous = await enter(ANONYMOUS);
    const signed = await enter(welcome(claims));
    const publiclySigned = publicSecret === undefined ? undefined : await enter(welcome({ tokenSecret: publicSecret }));
    return { state, anonymous, signed, publiclySigned, log: await wholeLog(server) };
  } finally {
    await server.stop();
  }
}

/** Asserts that a server without a variable failed as the catalogue says. */
export function assertFails(failure: WithoutVariable, { garbage }: Pick<Claims, 'garbage'>, bereft: Bereft): void {
  const { state, anonymous, signed, publiclySigned, log } = bereft;
  if (failure.fails === 'exit') assert.deepEqual(state, { code: failure.code, signal: null } satisfies Exit);
  else assert.equal(state, 'up');
  if (failure.fails === 'open') assert.equal(anonymous, 200);
  // What the public secret lets in is not just anything: the deployment's own tokens are strangers now.
  if (failure.fails === 'forgeable')
    assert.deepEqual({ publiclySigned, signed }, { publiclySigned: 200, signed: garbage });
  if (failure.fails !== 'open') assert.ok(log.includes(failure.log), `${failure.log}\n${log}`);
}

/** A task that was started with changes to its environment, and looked at. */
export interface Outcome {
  /** What the first check that failed says; undefined where all hold. */
  readonly failure?: string;
  readonly log: string;
}

/** Starts the task with changes to its environment, and makes every check until one fails. */
export async function tryWith(
  parts: Parts,
  change: Change,
  checks: Readonly<Record<string, Check>>,
  limitMs: number,
): Promise<Outcome> {
  const server = await startTask(parts, change);
  try {
    const state = await server.settled(limitMs).catch((error: Error) => error.message);
    const failure =
      state === 'up'
        ? await failureOf({ ...parts, server }, checks)
        : `does not start: ${typeof state === 'string' ? state : JSON.stringify(state)}`;
    return { failure, log: await wholeLog(server) };
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
