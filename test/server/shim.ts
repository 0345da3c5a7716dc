import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { generateFiles } from '../../generators';
import { loadTemplates } from '../../generators/templates';
import { LONGEST_IDLE_TIMEOUT } from '../../src/config/environment/network';
import { PROTOCOL_HEADERS } from '../../src/conventions/common';
import type { Deployment } from '../../src/model/deployment';
import { HANG_MS } from '../support/machine.mjs';
import {
  CHECKS,
  type Check,
  type Claims,
  containerEnvironment,
  endsInTime,
  failureOf,
  type Parts,
  runProbe,
  type Subject,
  startTask,
  tryWith,
  welcome,
} from './claims';
import { defectsOf } from './defects';
import { prepareServer, type ServerEngine, type ServerVersion } from './engine';
import { type Answer, send } from './http';
import { ANONYMOUS, initialize } from './mcp';
import { SANDBOX, type ServerProcess } from './process';
import type { DeployedTask } from './task';

/** An origin that the deployment of these suites names. */
export const ALLOWED = 'https://app.example.com';

/** Origins that are none of those that are named, some of them nearly. */
const FOREIGN = [
  'https://elsewhere.example',
  'http://app.example.com',
  'https://app.example.com:8443',
  'https://app.example.com.elsewhere.example',
  'https://not-app.example.com',
  'null',
];

/** What the catalogue says of a server, and its shim mends. */
const MENDED = ['preflight-refused', 'idle-connection-closed'];

/** The part of an emitted Dockerfile that a container of it is run by. */
interface EmittedImage {
  readonly from: string;
  /** Who it runs as, uid:gid. */
  readonly user: string;
  readonly entry: readonly string[];
  readonly command: readonly string[];
  /** The health check's command, as a shell gets it, and its timing. */
  readonly probe: string;
  readonly timing: string;
  /** Where the files of the folder are in a container. */
  readonly copies: Readonly<Record<string, string>>;
}

/**
 * Proves what a generation's shim does: the emitted entry point is run as the emitted Dockerfile and task definition say, on
 * each version of the real server, in place of its own command. No image is built: there is no container engine here.
 */
export function describeShim(
  version: ServerVersion,
  claims: Claims,
  deployed: () => DeployedTask,
  thorough: boolean,
): void {
  describe('with the shim', () => {
    let own: ServerEngine;
    let folder: string;
    let image: EmittedImage;
    let server: ServerProcess;
    const parts = (): Parts => ({ claims, task: deployed(), engine: withEntry(own, image, folder) });
    const subject = (): Subject => ({ ...parts(), server });

    beforeAll(async () => {
      own = await prepareServer(version);
      folder = mkdtempSync(join(tmpdir(), 'shim-'));
      image = placeFiles(deployed().deployment, folder);
      server = await startTask(parts());
      expect(await server.settled(HANG_MS), server.output()).toBe('up');
    });
    afterAll(async () => {
      await server?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it(`quilt-mcp ${version} with the shim is built from upstream by what the command names, and runs nothing but itself`, () => {
      expect(image.from).toBe('${UPSTREAM}');
      expect(image.command).toEqual([]);
      expect(image.entry).toEqual(['python3', Object.values(image.copies)[0]]);
    });

    it(`quilt-mcp ${version} with the shim has the user and the probe of the task definition`, () => {
      const { user, probe } = deployed();
      const { interval, timeout, startPeriod, retries } = deployed().deployment.contract.container.probe;
      expect({ user: image.user, probe: image.probe }).toEqual({ user, probe });
      expect(image.user).not.toMatch(/^(0|root)(:|$)/);
      expect(image.timing).toBe(
        `--interval=${interval}s --timeout=${timeout}s --start-period=${startPeriod}s --retries=${retries}`,
      );
    });

    it.each(Object.keys(CHECKS))(`quilt-mcp ${version} with the shim still %s`, (name) => CHECKS[name]!(subject()));

    if (SANDBOX === 'root')
      it(`quilt-mcp ${version} with the shim runs as its user, with a root that it cannot write`, () => {
        const [uid] = image.user.split(':');
        expect(readFileSync(`/proc/${server.pid}/status`, 'utf8')).toMatch(new RegExp(`^Uid:\\t${uid}\\t`, 'm'));
        expect(readFileSync(`/proc/${server.pid}/mounts`, 'utf8')).toMatch(/^container \/ tmpfs ro[,\s]/m);
      });

    it.each(Object.keys(SHIM_CHECKS))(`quilt-mcp ${version} with the shim %s`, (name) => SHIM_CHECKS[name]!(subject()));

    it(`quilt-mcp ${version} with the shim has the defects of the server but for those that it mends`, async () => {
      const left = claims.defects.filter((defect) => !MENDED.includes(defect));
      expect((await defectsOf(subject())).sort()).toEqual([...left].sort());
    });

    it(`quilt-mcp ${version} with the shim has uvicorn keep connections for longer than any load balancer, and end before ECS kills it`, async () => {
      const options = await uvicornOptions(parts());
      expect(options.timeout_keep_alive).toBeGreaterThan(LONGEST_IDLE_TIMEOUT);
      expect(options.timeout_graceful_shutdown).toBeLessThan(deployed().stopTimeout);
      expect(options).toMatchObject({ proxy_headers: true, host: '0.0.0.0', port: claims.port });
    });

    it(`quilt-mcp ${version} with the shim ends in time while a client listens`, async () => {
      expect(await endsInTime({ claims, server }, true, deployed().stopTimeout * 1000)).toBe(true);
      expect(await runProbe(parts(), server.port)).not.toBe(0);
    });

    if (!thorough) return;

    it.concurrent(`quilt-mcp ${version} without the shim would be found out`, async () => {
      const unshimmed = await startTask({ ...parts(), engine: own });
      try {
        expect(await unshimmed.settled(HANG_MS)).toBe('up');
        const holds = async (name: string) =>
          (await failureOf({ ...parts(), server: unshimmed }, { [name]: SHIM_CHECKS[name]! })) === undefined;
        const names = Object.keys(SHIM_CHECKS);
        const held = await Promise.all(names.map(holds));
        expect(names.filter((_, index) => held[index])).toEqual([]);
      } finally {
        await unshimmed.stop();
      }
    });

    it.concurrent(`the shim of quilt-mcp ${version} lets in pages of no other host if no origin is named`, async () => {
      const { variable } = deployed().deployment.image.shim!.cors;
      for (const value of [undefined, ' , ']) {
        const { failure } = await tryWith(parts(), { [variable]: value }, NO_PAGE, HANG_MS);
        expect(failure, String(value)).toBeUndefined();
      }
    });

    it.concurrent(`the shim of quilt-mcp ${version} says so, and ends, if a server starts in another way`, async () => {
      const script = join(folder, 'other.py');
      const [, shim] = withEntry(own, image, folder).entry!;
      writeFileSync(
        script,
        `import runpy, ${deployed().deployment.image.shim!.module} as server\nserver.main = lambda: None\nrunpy.run_path(${JSON.stringify(shim)}, run_name="__main__")\n`,
      );
      const engine = { ...parts().engine, entry: ['python3', script] };
      const stray = await startTask({ ...parts(), engine });
      expect(await stray.settled(HANG_MS)).toEqual({ code: 1, signal: null });
      expect(stray.output()).toContain('Shim: the server did not call uvicorn.run');
    });
  });
}

const HEADERS = [...new Set(Object.values(PROTOCOL_HEADERS).flat())];

/** What a page of an origin is answered before it may send a request of MCP. */
function preflight({ claims, server }: Subject, origin: string): Promise<Answer> {
  return send(server.url(claims.path), {
    method: 'OPTIONS',
    headers: {
      Origin: origin,
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': HEADERS.map((name) => name.toLowerCase()).join(','),
    },
  });
}

/** Answers to a page of an origin: to a caller whom the server lets in, to one without a token, and to anyone. */
function answersTo({ claims, server }: Subject, origin: string): Promise<Answer[]> {
  const headers = { Origin: origin };
  return Promise.all([
    initialize(server.url(claims.path), welcome(claims), { headers }),
    initialize(server.url(claims.path), ANONYMOUS, { headers }),
    send(server.url(claims.healthPath), { headers }),
  ]);
}

/** The origin whose pages may read an answer; undefined where none may. */
const readableBy = ({ headers }: Answer) => headers['access-control-allow-origin'];
const listed = (value: unknown) =>
  String(value ?? '')
    .toLowerCase()
    .split(/,\s*/);

function originsOf({ task }: Pick<Subject, 'task'>): string[] {
  const { image } = task.deployment;
  return task.environment[image.shim!.cors.variable]!.split(',');
}

/** What holds of a server behind its shim, and of none without. */
const SHIM_CHECKS: Readonly<Record<string, Check>> = {
  'answers the preflight of each origin that is allowed': async (subject) => {
    const origins = originsOf(subject);
    assert.deepEqual(origins, [new URL(subject.task.deployment.environments[0]!.url).origin, ALLOWED]);
    for (const origin of origins) {
      const answer = await preflight(subject, origin);
      assert.equal(answer.status, 200, origin);
      assert.equal(readableBy(answer), origin);
      assert.ok(listed(answer.headers.vary).includes('origin'));
      assert.ok(
        ['get', 'post', 'delete'].every((name) =>
          listed(answer.headers['access-control-allow-methods']).includes(name),
        ),
      );
    }
  },
  'refuses the preflight of any other': async (subject) => {
    for (const origin of FOREIGN) {
      const answer = await preflight(subject, origin);
      assert.equal(answer.status, 400, origin);
      assert.equal(readableBy(answer), undefined);
    }
  },
  'lets pages of an allowed origin read each answer, a refusal too': async (subject) => {
    const answers = await answersTo(subject, ALLOWED);
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, subject.claims.anonymous, 200],
    );
    for (const answer of answers) {
      assert.equal(readableBy(answer), ALLOWED);
      assert.deepEqual(listed(answer.headers['access-control-expose-headers']), ['mcp-session-id', 'www-authenticate']);
      assert.equal(answer.headers['access-control-allow-credentials'], undefined);
    }
  },
  'lets pages of any other origin read none': async (subject) => {
    for (const origin of FOREIGN)
      assert.deepEqual((await answersTo(subject, origin)).map(readableBy), [undefined, undefined, undefined]);
  },
};

/** What holds where no origin is named. */
const NO_PAGE: Readonly<Record<string, Check>> = {
  'answers no preflight, and lets no page read': async (subject) => {
    assert.equal((await preflight(subject, ALLOWED)).status, 400);
    assert.deepEqual((await answersTo(subject, ALLOWED)).map(readableBy), [undefined, undefined, undefined]);
  },
};

/** Puts what the emitted Dockerfile copies where it copies it to, below a folder, and says what else it says. */
function placeFiles(deployment: Deployment, root: string): EmittedImage {
  const files = generateFiles(deployment, loadTemplates(join(__dirname, '../../templates')));
  const contentOf = (name: string) => files.find(({ path }) => path === `docker/${name}`)!.content;
  const image = readDockerfile(contentOf('Dockerfile'));
  for (const [name, path] of Object.entries(image.copies)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), contentOf(name), { mode: 0o555 });
  }
  // As in an image: anyone may look in.
  chmodSync(root, 0o755);
  return image;
}

/** @throws Error at an instruction that is not expected */
function readDockerfile(text: string): EmittedImage {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter(Boolean);
  const image = {
    from: '',
    user: '',
    entry: [],
    command: [],
    probe: '',
    timing: '',
    copies: {} as Record<string, string>,
  };
  const read: Record<string, (rest: string) => object> = {
    ARG: () => ({}),
    FROM: (from) => ({ from }),
    USER: (user) => ({ user }),
    ENTRYPOINT: (entry) => ({ entry: JSON.parse(entry) }),
    CMD: (command) => ({ command: JSON.parse(command) }),
    HEALTHCHECK: (rest) => {
      const [, timing, probe] = /^(.*?) CMD (.*)$/.exec(rest)!;
      return { timing, probe };
    },
    COPY: (rest) => {
      const [, name, path] = /^--chmod=0555 (\S+) (\S+)$/.exec(rest)!;
      return { copies: { ...image.copies, [name!]: path } };
    },
  };
  for (const line of lines) {
    const [instruction, rest] = [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1)];
    if (!read[instruction]) throw new Error(`Not read: ${line}`);
    Object.assign(image, read[instruction](rest));
  }
  return image;
}

/** The engine with the image's entry point in place of the server's own command. */
function withEntry(engine: ServerEngine, { entry, copies }: EmittedImage, root: string): ServerEngine {
  const placed = new Set(Object.values(copies));
  return {
    ...engine,
    entry: entry.map((word) => (placed.has(word) ? join(root, word) : word)),
    folders: [...engine.folders, root],
  };
}

/** What the entry point hands to uvicorn beside the app: it is run as far as that. */
async function uvicornOptions({ engine, ...parts }: Parts): Promise<Record<string, unknown>> {
  const [, script] = engine.entry!;
  const program = join(__dirname, 'uvicorn-options.py');
  const env = { ...containerEnvironment({ engine, ...parts }), PYTHONPATH: engine.packages };
  const { stdout } = await promisify(execFile)(join(engine.venv, 'bin/python'), [program, script!], { env });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}
