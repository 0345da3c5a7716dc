import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { WithoutVariable } from '../../src/conventions';
import type { Emulator } from '../../src/rehearsal/emulator';
import { startEmulator } from '../support/emulator';
import { lacks } from '../support/engines';
import { EMULATOR } from '../support/engines/emulator';
import { TERRAFORM_CLI } from '../support/engines/terraform';
import { EXHAUSTIVE, SEED } from '../support/level';
import { HANG_MS } from '../support/machine.mjs';
import { authOf, claimsOf, hasShim, versionsOf } from './catalogue';
import {
  assertFails,
  CHECKS,
  type Check,
  type Claims,
  endsInTime,
  failureOf,
  markersIn,
  type Parts,
  runProbe,
  type Subject,
  startTask,
  startWithout,
  tryWith,
} from './claims';
import { defectsOf } from './defects';
import { configurationsAsked, EFFECTS, look, UNSEEN } from './effects';
import { prepareServer, type ServerEngine, type ServerVersion, server as serverOf } from './engine';
import { FLIPS, NOT_WRITTEN, WRONG_VALUES } from './facts';
import { credentialsUsed, HARMFUL_VALUES, isHarmedBy, SHARED_CREDENTIALS, UNSHOWN } from './harms';
import { hostsAsked } from './outside';
import { SANDBOX, type ServerProcess } from './process';
import { registryAt } from './quilt';
import { ALLOWED, describeShim } from './shim';
import { type DeployedTask, deployTask, type StoredSecret } from './task';

/** A server that is said to hang at its end is given this long to prove the contrary. */
const HANGS_FOR_MS = 10_000;
/** A server with a wrong setting may wait for ever, and has failed after this long. */
const WRONG_STARTS_MS = 60_000;

const SECRETS: readonly StoredSecret[] = [
  { kind: 'parameter', name: '/quilt/parameter', value: 'from a parameter' },
  { kind: 'secret', name: 'quilt/secret', value: '{"key":"from a secret"}' },
];
/** What makes a server sign tokens for its own tests. */
const TEST_TOKENS = 'QUILT_ALLOW_TEST_JWT';
/** A region that is no default of anything. */
const REGION = 'eu-west-1';
/** Where the secret of a way of authentication is. */
const TOKEN = '/quilt/token';

/**
 * Proves what the catalogue says of a generation: a repository for it is deployed to the emulator, the task definition is
 * read back, and each version of the real server that the catalogue says is run here is run as that task. With the last
 * one, the catalogue is also made wrong fact by fact, to see that the checks notice. Of the older ones, one by the seed is
 * also started otherwise; an exhaustive run takes all of them.
 *
 * @param brief only the last version is run, and only as its task definition says
 */
export async function describeGeneration(id: string, { brief = false } = {}): Promise<void> {
  const versions = brief ? versionsOf(id).slice(-1) : versionsOf(id);
  const claims = claimsOf(id);
  const skip = await lacks(EMULATOR, TERRAFORM_CLI, ...versions.map(serverOf));
  describe.skipIf(skip)(`${id}, as its real server`, () => {
    let emulator: Emulator;
    let task: DeployedTask;

    beforeAll(async () => {
      emulator = await startEmulator();
      const { mode, variable } = authOf(id);
      const stored = variable
        ? [...SECRETS, { kind: 'parameter', name: TOKEN, value: claims.tokenSecret! } as const]
        : SECRETS;
      task = await deployTask(emulator, { id, version: versions.at(-1)! }, stored, (arns) => ({
        auth: { mode, secretArn: variable && arns[TOKEN] },
        cors: { allowedOrigins: [ALLOWED] },
        secrets: { FROM_PARAMETER: arns['/quilt/parameter']!, FROM_SECRET: `${arns['quilt/secret']}:key::` },
      }));
    });
    afterAll(() => emulator?.stop());

    it(`the real server of ${id} resolves the secrets of its task as ECS does`, () => {
      expect(task.environment).toMatchObject({ FROM_PARAMETER: 'from a parameter', FROM_SECRET: 'from a secret' });
    });

    it(`the real server of ${id} is deployed with no permission of its own if the catalogue gives it none`, () => {
      const { conventions, environments } = task.deployment;
      expect(environments[0]!.service.taskRole.statements).toHaveLength(conventions.iam.taskRole.length);
    });

    it(`the real server of ${id} has each variable looked at that may be set, and each that must not be`, () => {
      const { variable } = claims.sessionsOff ?? {};
      const looked = [...Object.keys(EFFECTS), ...Object.keys(UNSEEN), variable];
      expect(claims.optional.filter((name) => !looked.includes(name))).toEqual([]);
      const together = Object.keys(SHARED_CREDENTIALS).flatMap((names) => names.split(/, | and /));
      const shown = [...Object.keys(HARMFUL_VALUES), ...together, ...Object.keys(UNSHOWN)];
      expect(claims.dangerous.filter((name) => !shown.includes(name))).toEqual([]);
    });

    const older = versions.slice(0, -1);
    const sampled = EXHAUSTIVE ? older : older.filter((_, index) => index === SEED % older.length);
    describe.each(versions)('quilt-mcp %s', (version) => {
      const isLast = version === versions.at(-1);
      const depth = brief ? 'brief' : isLast ? 'thorough' : sampled.includes(version) ? 'usual' : 'brief';
      const said = claimsOf(id, version);
      describeVersion(version, said, () => task, depth);
      if (hasShim(id)) describeShim(version, said, () => task, depth === 'thorough');
    });
  });
}

/** How much is tried: as the task definition says; also started otherwise; and with the catalogue made wrong, too. */
type Depth = 'brief' | 'usual' | 'thorough';

function describeVersion(version: ServerVersion, claims: Claims, deployed: () => DeployedTask, depth: Depth): void {
  const thorough = depth === 'thorough';
  let engine: ServerEngine;
  let server: ServerProcess;
  const parts = (): Parts => ({ claims, task: deployed(), engine });
  const subject = (): Subject => ({ ...parts(), server });

  const effects = Object.keys(EFFECTS).filter((name) => claims.optional.includes(name));
  const harmful = claims.dangerous.filter((name) => name in HARMFUL_VALUES);
  const asksQuilt = 'QUILT_CATALOG_URL' in claims.required;
  // What several tests look at is run once.
  const plain = once(() =>
    look(parts(), asksQuilt ? [...effects, 'QUILT_SERVICE_TIMEOUT'] : effects, undefined, HANG_MS),
  );
  const without = once((name: string) => startWithout(name, parts(), HANG_MS));
  const harmedBy = once((name: string) => isHarmedBy(name, parts(), HANG_MS));
  const defects = once(() => defectsOf(subject()));

  beforeAll(async () => {
    engine = await prepareServer(version);
    server = await startTask(parts());
    expect(await server.settled(HANG_MS), server.output()).toBe('up');
  });
  afterAll(() => server?.stop());

  it.each(Object.keys(CHECKS))(`quilt-mcp ${version} %s`, (name) => CHECKS[name]!(subject()));

  if (SANDBOX === 'root')
    it(`quilt-mcp ${version} runs as the user of its task`, () => {
      expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(/^Uid:\t10001\t/m);
    });

  it.each(thorough ? [...FLIPS] : [])(
    `a wrong catalogue of quilt-mcp ${version} would be found out: $fact`,
    async ({ claims: flip }) => {
      const flipped = { ...subject(), claims: { ...claims, ...flip(claims) } };
      expect(await failureOf(flipped, CHECKS)).toBeDefined();
    },
  );

  const startedOtherwise = () => {
    it.concurrent(`quilt-mcp ${version} ends in time while a client listens, or hangs, as it is said to`, async () => {
      const listening = await startTask(parts());
      await listening.settled(HANG_MS);
      const limit = claims.openStream === 'ends' ? deployed().stopTimeout * 1000 : HANGS_FOR_MS;
      const ended = await endsInTime({ claims, server: listening }, true, limit);
      assert.equal(ended ? 'ends' : 'hangs', claims.openStream);
    });

    const wrong = Object.keys(claims.fixed).filter((name) => name in WRONG_VALUES);
    // Outside of a sandbox a user may have a home that needs no HOME.
    const wrongHere = wrong.filter((name) => SANDBOX !== 'none' || name !== 'HOME');
    it.concurrent.each(thorough ? wrongHere : [])(
      `a wrong catalogue of quilt-mcp ${version} would be found out: the value of %s`,
      async (name) => {
        const { failure } = await tryWith(withValue(parts(), name, WRONG_VALUES[name]), {}, BEHAVIOUR, WRONG_STARTS_MS);
        expect(failure).toBeDefined();
      },
    );

    it.concurrent(`quilt-mcp ${version} has the defects that it is said to have`, async () => {
      expect((await defects()).sort()).toEqual([...claims.defects].sort());
    });

    it.concurrent.each(Object.keys(claims.required))(`quilt-mcp ${version} fails as said without %s`, async (name) => {
      assertFails(claims.required[name]!, claims, await without(name));
    });

    it.concurrent(`quilt-mcp ${version} is no worse for all variables that are dead`, async () => {
      const set = Object.fromEntries(claims.dead.map((name) => [name, 'anything']));
      expect((await tryWith(parts(), set, CHECKS, HANG_MS)).failure).toBeUndefined();
    });

    it.concurrent.each(effects)(`quilt-mcp ${version} is changed by %s`, async (name) => {
      const [seen, usual] = await Promise.all([look(parts(), [name], name, HANG_MS), plain()]);
      expect(seen.effects[name]).not.toEqual(usual.effects[name]);
    });

    if (asksQuilt)
      it.concurrent(`quilt-mcp ${version} waits for the registry, whatever QUILT_SERVICE_TIMEOUT says`, async () => {
        const name = 'QUILT_SERVICE_TIMEOUT';
        const [seen, usual] = await Promise.all([look(parts(), [name], name, HANG_MS), plain()]);
        expect([usual.effects[name], seen.effects[name]]).toEqual(['it waits', 'it waits']);
      });

    if (claims.sessionsOff)
      it.concurrent(`quilt-mcp ${version} has no sessions if they are turned off`, async () => {
        const { variable, value } = claims.sessionsOff!;
        const stateless = { ...parts(), claims: { ...claims, stateful: false } };
        expect((await tryWith(stateless, { [variable]: value }, CHECKS, HANG_MS)).failure).toBeUndefined();
      });

    it.concurrent.each(harmful)(`quilt-mcp ${version} is harmed by %s`, async (name) => {
      await harmedBy(name);
    });

    it.concurrent.each(Object.keys(SHARED_CREDENTIALS))(
      `quilt-mcp ${version} uses %s for a caller who has none`,
      async (kind) => {
        const { carries } = SHARED_CREDENTIALS[kind]!;
        expect(await credentialsUsed(kind, parts(), HANG_MS)).toEqual(carries);
      },
    );

    it.concurrent(`quilt-mcp ${version} logs what is misconfigured or alarming when it is`, async () => {
      const logs = await Promise.all([
        ...Object.keys(claims.required).map(async (name) => (await without(name)).log),
        ...harmful.map(harmedBy),
      ]);
      const markers = [...claims.misconfigured, ...claims.alarming];
      expect(markersIn(markers, logs)).toEqual(markers);
      expect(markersIn([NOT_WRITTEN], logs)).toEqual([]);
    });

    if (asksQuilt)
      it.concurrent(`quilt-mcp ${version} never asks the catalog for its configuration`, async () => {
        expect((await plain()).configurations).toBe(0);
      });

    // What the variable is emitted for where it is optional; it also shows that such requests are seen.
    const optional = asksQuilt && !Object.keys(registryAt('')).some((name) => name in claims.required);
    if (optional)
      it.concurrent(`quilt-mcp ${version} asks the catalog at each tool call without the URL of its registry`, async () => {
        const [first, second] = await configurationsAsked(parts(), HANG_MS);
        expect(second).toBeGreaterThan(first);
        expect(first).toBeGreaterThan(0);
      });

    it.concurrent.each(claims.numbers)(`quilt-mcp ${version} exits with 1 for a word in %s`, async (name) => {
      const server = await startTask(parts(), { [name]: 'word' });
      try {
        expect(await server.settled(HANG_MS)).toEqual({ code: 1, signal: null });
      } finally {
        await server.stop();
      }
    });

    if (claims.dangerous.includes(TEST_TOKENS))
      it.concurrent(`quilt-mcp ${version} lets nobody else in for ${TEST_TOKENS}`, async () => {
        expect((await tryWith(parts(), { [TEST_TOKENS]: 'true' }, CHECKS, HANG_MS)).failure).toBeUndefined();
      });

    const { otherHosts } = claims;
    if (thorough && otherHosts)
      it.concurrent(`quilt-mcp ${version} asks nobody but AWS, Quilt and the hosts that it is said to ask`, async () => {
        const hosts = await hostsAsked(parts(), { AWS_DEFAULT_REGION: REGION }, HANG_MS);
        const others = Object.keys(otherHosts).sort();
        expect(hosts.filter((host) => !host.endsWith('.amazonaws.com'))).toEqual(others);
        if (claims.optional.includes('AWS_DEFAULT_REGION')) expect(hosts).toContain(`athena.${REGION}.amazonaws.com`);
      });

    const stops = Object.entries(otherHosts ?? {}).filter(([, off]) => off !== undefined);
    it.concurrent.each(thorough ? stops : [])(
      `quilt-mcp ${version} does not ask %s if that is turned off`,
      async (host, off) => {
        const hosts = await hostsAsked(parts(), { [off!.variable]: off!.value }, HANG_MS);
        expect(hosts).not.toContain(host);
      },
    );

    if (thorough)
      it.concurrent(`a wrong catalogue of quilt-mcp ${version} would be found out: what is required`, async () => {
        const needless = await without('MPLCONFIGDIR');
        const failures = [{ fails: 'exit', code: 1, log: 'MPLCONFIGDIR' }, { fails: 'open' }] as const;
        for (const failure of failures) expect(() => assertFails(failure, claims, needless)).toThrow();
      });

    it.concurrent.each(thorough ? Object.keys(claims.required) : [])(
      `a wrong catalogue of quilt-mcp ${version} would be found out: how it fails if %s is missing`,
      async (name) => {
        const bereft = await without(name);
        for (const failure of otherFailures(claims.required[name]!)) {
          expect(() => assertFails(failure, claims, bereft)).toThrow();
        }
      },
    );
  };
  if (depth !== 'brief') describe('started otherwise', startedOtherwise);

  it(`quilt-mcp ${version} ends in time when idle, and its container is no longer healthy`, async () => {
    expect(await endsInTime({ claims, server }, false, deployed().stopTimeout * 1000)).toBe(true);
    expect(await runProbe(parts(), server.port)).not.toBe(0);
  });
}

/** The same function, which does its work once for each argument. */
function once<T, A extends string | undefined = undefined>(work: (name: A) => Promise<T>): (name?: A) => Promise<T> {
  const done = new Map<A | undefined, Promise<T>>();
  return (name) => {
    const known = done.get(name);
    if (known) return known;
    const result = work(name as A);
    done.set(name, result);
    return result;
  };
}

/** Ways to fail that are not this one. */
function otherFailures(failure: WithoutVariable): WithoutVariable[] {
  return [
    failure.fails === 'exit' ? { ...failure, code: failure.code + 1 } : { fails: 'exit', code: 1, log: '' },
    failure.fails === 'exit'
      ? { ...failure, log: NOT_WRITTEN }
      : { fails: 'forgeable', publicSecret: 'x', log: NOT_WRITTEN },
    ...(failure.fails === 'open' ? [] : [{ fails: 'open' } as const]),
  ];
}

/** What shows in how a server behaves, not in what it was given. */
const BEHAVIOUR: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.entries(CHECKS).filter(([name]) => !/is given|in its environment/.test(name)),
);

/** The same deployment, had the catalogue that value for a variable, or none. */
function withValue(parts: Parts, name: string, value: string | undefined): Parts {
  const change = (variables: Readonly<Record<string, string>>) => {
    const { [name]: _, ...rest } = variables;
    return value === undefined ? rest : { ...rest, [name]: value };
  };
  return {
    ...parts,
    claims: { ...parts.claims, fixed: change(parts.claims.fixed), bakes: change(parts.claims.bakes) },
    task: { ...parts.task, environment: change(parts.task.environment) },
  };
}
