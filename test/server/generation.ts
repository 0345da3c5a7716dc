import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findConventions } from '../../src/conventions';
import { type Emulator, startEmulator } from '../support/emulator';
import { skipWithoutEngines } from '../support/engines';
import { claimsOf } from './catalogue';
import {
  CHECKS,
  type Check,
  type Claims,
  endsInTime,
  failsWithout,
  failureOf,
  firstFailure,
  runProbe,
  type Subject,
  startTask,
  welcome,
} from './claims';
import { EFFECTS, seeEffect, UNSEEN } from './effects';
import { ensureServer, type ServerEngine, type ServerVersion, skipWithoutServers } from './engine';
import { FLIPS, HARMFUL_VALUES, WRONG_VALUES } from './facts';
import { callMethod } from './mcp';
import { SANDBOX, type ServerProcess } from './process';
import { startQuilt } from './quilt';
import { type DeployedTask, deployTask, type StoredSecret } from './task';

/** A server that is said to hang is given this long to prove the contrary. */
const HANG_MS = 10_000;
/** One that is to fail in a way that leaves its port silent is given this long. */
const SILENT_MS = 20_000;
/** For tests that start servers, which wait for one another. */
const TIMEOUT_MS = 300_000;

const SECRETS: readonly StoredSecret[] = [
  { kind: 'parameter', name: '/quilt/parameter', value: 'from a parameter' },
  { kind: 'secret', name: 'quilt/secret', value: '{"key":"from a secret"}' },
];

/**
 * Proves what the catalogue says of a generation: a repository for it is deployed to the emulator, the task definition is
 * read back, and each version of the real server is run as that task. With the last version, the catalogue is also made
 * wrong fact by fact, to see that the checks notice.
 */
export function describeGeneration(id: string, versions: readonly ServerVersion[]): void {
  if (!findConventions(id)) {
    describe.skip(`${id}, which the catalogue does not have yet`, () => it('is not run'));
    return;
  }
  const skip = skipWithoutEngines() || skipWithoutServers(versions);
  describe.skipIf(skip)(`${id}, as its real server`, { timeout: TIMEOUT_MS }, () => {
    let emulator: Emulator;
    let task: DeployedTask;
    const claims = claimsOf(id);

    beforeAll(async () => {
      emulator = await startEmulator();
      task = await deployTask(
        emulator,
        { id, version: versions.at(-1)! },
        [...SECRETS, ...secretsOf(claims)],
        (arns) => ({
          secrets: {
            FROM_PARAMETER: arns['/quilt/parameter']!,
            FROM_SECRET: `${arns['quilt/secret']}:key::`,
            ...(claims.tokenSecret && { [TOKEN_SECRET]: arns[TOKEN_SECRET_NAME]! }),
          },
        }),
      );
    });
    afterAll(() => emulator?.stop());

    it('resolves the secrets of its task as ECS does', () => {
      expect(task.environment).toMatchObject({ FROM_PARAMETER: 'from a parameter', FROM_SECRET: 'from a secret' });
    });

    describe.each(versions)('quilt-mcp %s', (version) =>
      describeVersion(version, claims, () => task, version === versions.at(-1)),
    );
  });
}

const TOKEN_SECRET = 'MCP_ENHANCED_JWT_SECRET';
const TOKEN_SECRET_NAME = '/quilt/token';

function secretsOf({ tokenSecret }: Claims): StoredSecret[] {
  return tokenSecret === undefined ? [] : [{ kind: 'parameter', name: TOKEN_SECRET_NAME, value: tokenSecret }];
}

function describeVersion(
  version: ServerVersion,
  claims: Claims,
  deployed: () => DeployedTask,
  thorough: boolean,
): void {
  let engine: ServerEngine;
  let server: ServerProcess;
  const parts = () => ({ claims, task: deployed(), engine });
  const subject = (): Subject => ({ ...parts(), server });
  const startLimit = claims.startPeriod * 1000;

  beforeAll(async () => {
    engine = await ensureServer(version);
    server = await startTask(engine, deployed());
    // The start period is a limit of the contract: ECS kills a task that is not healthy by then.
    expect(await server.settled(startLimit), server.output()).toBe('up');
  });
  afterAll(() => server?.stop());

  it.each(Object.keys(CHECKS))('%s', (name) => CHECKS[name]!(subject()));

  it.runIf(SANDBOX === 'root')('runs as the user of its task', () => {
    expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Uid:\t10001\t/m);
  });

  it.concurrent.each(Object.keys(claims.required))('fails without %s as it is said to', (name) =>
    failsWithout(name, parts(), startLimit),
  );

  it('is no worse for all variables that are dead', async () => {
    const set = Object.fromEntries(claims.dead.map((name) => [name, 'anything']));
    expect(await firstFailure(parts(), set, CHECKS, startLimit)).toBeUndefined();
  });

  it.concurrent.each(claims.optional.filter((name) => !(name in UNSEEN)))('is changed by %s', async (name) => {
    expect(Object.keys(EFFECTS)).toContain(name);
    const seen = await seeEffect(name, parts(), startLimit);
    expect(seen.with).not.toEqual(seen.without);
  });

  it.concurrent.each(claims.dangerous.filter((name) => name in HARMFUL_VALUES))('is harmed by %s', async (name) => {
    expect(await firstFailure(parts(), { [name]: HARMFUL_VALUES[name] }, CHECKS, startLimit)).toBeDefined();
  });

  it.runIf(claims.tokenSecret === undefined)('never asks the catalog for its configuration', async () => {
    expect(await configurationsAsked(parts(), true, startLimit)).toEqual([0, 0]);
  });

  // What the variable is emitted for where it is optional; it also shows that such requests are seen.
  const optional = claims.tokenSecret === undefined && !('QUILT_REGISTRY_URL' in claims.required);
  it.runIf(optional)('asks for it at each call of a tool where QUILT_REGISTRY_URL is not set', async () => {
    const [first, second] = await configurationsAsked(parts(), false, startLimit);
    expect(second).toBeGreaterThan(first);
    expect(first).toBeGreaterThan(0);
  });

  describe.runIf(thorough)('a wrong catalogue is found out:', () => {
    it.each([...FLIPS])('$fact', async ({ claims: flip }) => {
      const flipped = { ...subject(), claims: { ...claims, ...flip(claims) } };
      expect(await failureOf(flipped, CHECKS)).toBeDefined();
    });

    const wrong = Object.keys(claims.fixed).filter((name) => name in WRONG_VALUES);
    // Outside of a sandbox a user may have a home that needs no HOME.
    it.concurrent.each(wrong.filter((name) => SANDBOX !== 'none' || name !== 'HOME'))(
      'the value of %s',
      async (name) => {
        const value = WRONG_VALUES[name];
        expect(await firstFailure(withValue(parts(), name, value), {}, BEHAVIOUR, SILENT_MS)).toBeDefined();
      },
    );

    it.concurrent('what is required', async () => {
      const required = { QUILT_SERVICE_TIMEOUT: { fails: 'exit', code: 1, log: 'QUILT_SERVICE_TIMEOUT' } } as const;
      const flipped = { ...parts(), claims: { ...claims, required } };
      await expect(failsWithout('QUILT_SERVICE_TIMEOUT', flipped, startLimit)).rejects.toThrow();
    });

    it.concurrent('how a missing variable fails', async () => {
      const [[name, claim]] = Object.entries(claims.required) as [[string, Claims['required'][string]]];
      const other =
        claim.fails === 'open'
          ? ({ fails: 'exit', code: 1, log: '' } as const)
          : ({ ...claim, log: 'a line that no server writes' } as const);
      const flipped = { ...parts(), claims: { ...claims, required: { [name]: other } } };
      await expect(failsWithout(name, flipped, startLimit)).rejects.toThrow();
    });
  });

  it.runIf(HARD_CODED_TIMEOUT.test(version))(
    'waits for the registry, whatever QUILT_SERVICE_TIMEOUT says',
    async () => {
      const seen = await seeEffect('QUILT_SERVICE_TIMEOUT', parts(), startLimit);
      expect(seen).toEqual({ without: 'it waits', with: 'it waits' });
    },
  );

  describe('on SIGTERM', () => {
    it('ends in time while a client listens, or hangs, as it is said to', async () => {
      const listening = await startTask(engine, deployed());
      await listening.settled(startLimit);
      const limit = claims.openStream === 'ends' ? deployed().stopTimeout * 1000 : HANG_MS;
      const ended = await endsInTime({ claims, server: listening }, true, limit);
      assert.equal(ended ? 'ends' : 'hangs', claims.openStream);
    });

    it('ends in time when idle, and its container is no longer healthy', async () => {
      expect(await endsInTime({ claims, server }, false, deployed().stopTimeout * 1000)).toBe(true);
      expect(await runProbe(deployed(), engine, server.port)).not.toBe(0);
    });
  });
}

/** Versions whose client of the registry has a timeout of its own: 60 seconds. */
const HARD_CODED_TIMEOUT = /^0\.(1[79]|2[012])\./;

/** How often a server had asked its catalog for config.json after one call of a tool, and after two. */
async function configurationsAsked(
  { claims, task, engine }: Omit<Subject, 'server'>,
  registry: boolean,
  limitMs: number,
): Promise<[number, number]> {
  const quilt = await startQuilt();
  const server = await startTask(engine, task, {
    QUILT_CATALOG_URL: quilt.url,
    QUILT_REGISTRY_URL: registry ? quilt.url : undefined,
  });
  const call = async () => {
    const search = { name: 'search_catalog', arguments: { query: 'x' } };
    await callMethod(server.url(claims.path), welcome(claims), 'tools/call', search);
    return quilt.requests.filter((path) => path === '/config.json').length;
  };
  try {
    expect(await server.settled(limitMs)).toBe('up');
    await callMethod(server.url(claims.path), welcome(claims), 'tools/list');
    return [await call(), await call()];
  } finally {
    await Promise.all([server.stop(), quilt.stop()]);
  }
}

/** What shows in how a server behaves, not in what it was given. */
const BEHAVIOUR: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.entries(CHECKS).filter(([name]) => !/is given|in its environment/.test(name)),
);

/** The same deployment, had the catalogue that value for a variable, or none. */
function withValue<T extends Omit<Subject, 'server'>>(parts: T, name: string, value: string | undefined): T {
  const change = (variables: Readonly<Record<string, string>>) => {
    const { [name]: _, ...rest } = variables;
    return value === undefined ? rest : { ...rest, [name]: value };
  };
  return {
    ...parts,
    claims: { ...parts.claims, fixed: change(parts.claims.fixed) },
    task: { ...parts.task, environment: change(parts.task.environment) },
  };
}
