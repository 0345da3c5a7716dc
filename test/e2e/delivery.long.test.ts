import { execFileSync, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { digestFile } from '../../generators/digest';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { LATEST } from '../../src/conventions';
import { BUILDER } from '../support/buildah';
import { lacks } from '../support/engines';
import { OCI, type OciRegistry, startOciRegistry } from '../support/oci';
import { PUBLISHING_RUN, signWithKey } from '../support/oci/signing';
import { OWN_COMMAND } from '../support/own-command';
import { putProgram } from '../support/put-program';
import { type EmittedRepository, emitRepository } from '../support/repository';
import { quiltStackAsAnswered, standIn } from '../support/stand-in';
import { type Job, type JobResult, type Runner, readJobs, resolvedAll, runJob, type Values } from '../support/workflow';

const DATA = 'deploy/environments.json';
const NOWHERE = `sha256:${'0'.repeat(64)}`;
const IDENTITY = ['-c', 'user.name=A', '-c', 'user.email=a@example.com'];

function answers(image: Partial<Answers['image']>): Answers {
  const environments = {
    dev: exampleEnvironment('dev', 1),
    test: exampleEnvironment('test', 2),
    prod: exampleEnvironment('prod', 3),
  };
  const example = exampleAnswers();
  const accounts = Object.values(environments).map(({ account }) => account);
  return {
    ...example,
    environments,
    image: { ...example.image, ...image },
    repository: { name: 'acme/mcp', ownerId: 12, repositoryId: 345 },
    oidcProviders: Object.fromEntries(accounts.map((account) => [account, { create: true }])),
    // Most images here are signed by nobody.
    delivery: { verifySignature: false },
  };
}

/** What stands in for GitHub's command line. */
function writeGh(bin: string): void {
  const gh = join(__dirname, '../support/gh.mjs');
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\nexec '${process.execPath}' '${gh}' "$@"\n`);
  chmodSync(join(bin, 'gh'), 0o755);
}

/** Whether a job runs, of conditions that ask what another job told. */
function isMet(condition: string | undefined, contexts: Values): boolean {
  const [, entry, wanted] = /^(needs\.\S+) == '(.*)'$/.exec(condition ?? '') ?? [];
  return entry === undefined || contexts[entry] === wanted;
}

const LACKS_BUILDER = await lacks(BUILDER);

describe.skipIf(await lacks(OCI))('the delivery of an image', () => {
  let registry: OciRegistry;
  let repository: EmittedRepository;
  let folder: string;

  beforeAll(async () => {
    registry = await startOciRegistry();
  });
  afterAll(() => registry.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'delivery-'));
    return () => {
      repository?.remove();
      rmSync(folder, { recursive: true, force: true });
    };
  });

  /** Where an environment's images are: each test has repositories of its own. */
  const uri = (name: string) => `${registry.host}/${folder.split('-').at(-1)!.toLowerCase()}/${name}`;
  const at = (path: string) => join(repository.directory, path);
  const digestOf = (name: string) => JSON.parse(readFileSync(at(digestFile(name)), 'utf8')).digest as string | null;
  const tagsOf = (name: string) => registry.regctl('tag', 'ls', uri(name)).split('\n');
  /** What refers to an image, in no order of the registry's. */
  const refersTo = (name: string, digest: string) =>
    (
      JSON.parse(registry.regctl('artifact', 'list', `${uri(name)}@${digest}`, '--format', '{{json .}}'))
        .descriptors as { readonly artifactType: string; readonly digest: string }[]
    ).toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  const git = (...args: string[]) =>
    execFileSync('git', [...IDENTITY, ...args], { cwd: repository.directory, encoding: 'utf8' });
  const commit = (message: string) => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  /** A task; what it tells a workflow, too. */
  const run = async (task: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const told = join(folder, 'told');
    writeFileSync(told, '');
    const PATH = [join(folder, 'bin'), registry.env.PATH].join(delimiter);
    const result = await repository.run(task, args, { ...registry.env, PATH, GITHUB_OUTPUT: told, ...env });
    const lines = readFileSync(told, 'utf8').split('\n').filter(Boolean);
    return { ...result, told: Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2))) };
  };

  /** @param sharing environments that share a registry */
  function emit(image: Partial<Answers['image']> = { mode: 'mirror' }, sharing: readonly string[] = []): void {
    const given = answers(image);
    for (const name of sharing) {
      const { account, region } = given.environments[name]!;
      given.environments[name]!.registry = { scope: 'shared', account, region };
    }
    repository = emitRepository(given);
    const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
    for (const one of data.environments) one.registry.uri = uri(sharing.includes(one.name) ? 'shared' : one.name);
    writeFileSync(at(DATA), JSON.stringify(data));
    git('init', '--quiet');
    commit('Emit');
  }

  /** Names what the image is made from. */
  function pin(source: string): void {
    const image = JSON.parse(readFileSync(at('docker/image.json'), 'utf8'));
    writeFileSync(at('docker/image.json'), JSON.stringify({ ...image, source }));
  }

  /** A signature, an SBOM: something that refers to an image. */
  function attach(name: string, digest: string, type: string): void {
    const file = join(folder, 'artifact');
    writeFileSync(file, type);
    registry.regctl('artifact', 'put', '--subject', `${uri(name)}@${digest}`, '--artifact-type', type, '--file', file);
  }

  it('the delivery of an image promotes by digest, with all that refers to the image, and moves the digest file', async () => {
    emit();
    const digest = registry.push(`${uri('dev')}:1`);
    attach('dev', digest, 'application/spdx+json');
    attach('dev', digest, 'application/vnd.example.signature');
    repository.setDigest('dev', digest);

    const promoted = await run('promote:test');
    expect(promoted).toMatchObject({ exitCode: 0, told: { digest, environment: 'test' } });
    expect(readFileSync(at(digestFile('test')), 'utf8')).toBe(`{ "digest": "${digest}" }\n`);
    expect(tagsOf('test')).toEqual([`promoted-${digest.slice(7, 19)}`]);
    expect(refersTo('test', digest)).toEqual(refersTo('dev', digest));
    expect(refersTo('test', digest)).toHaveLength(2);

    // Again: nothing to do, but for what refers to it since.
    attach('dev', digest, 'application/vnd.example.later');
    const again = await run('promote:test');
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining('already') });
    expect(refersTo('test', digest)).toHaveLength(3);
    expect(tagsOf('test')).toHaveLength(1);
    expect(digestOf('prod')).toBe(null);
  });

  it('the delivery of an image promotes by the tag that says the version, and if that is another image there, by one of its own', async () => {
    emit();
    const hash = '0123456789ab';
    const older = registry.push(`${uri('dev')}:0.21.0-${hash}`, { content: 'older' });
    const digest = registry.push(`${uri('dev')}:0.22.0-${hash}`);
    // Of no such form, or of another image.
    for (const tag of ['0.22.0', `promoted-${hash}`, `0.22.0-${hash}0`]) {
      registry.regctl('image', 'copy', `${uri('dev')}@${digest}`, `${uri('dev')}:${tag}`);
    }
    registry.push(`${uri('dev')}:0.23.0-${hash}`, { content: 'newer' });
    const version = `0.22.0-${hash}`;
    attach('dev', digest, 'application/spdx+json');
    repository.setDigest('dev', digest);
    const promoted = { exitCode: 0, told: { digest, environment: 'test', tag: version, from: 'dev' } };
    expect(await run('promote:test')).toMatchObject({ ...promoted, output: expect.stringContaining(`(${version})`) });
    expect(tagsOf('test')).toEqual([version]);
    expect(refersTo('test', digest)).toHaveLength(1);
    expect(await run('promote:test')).toMatchObject({ ...promoted, output: expect.stringContaining('already') });
    expect(tagsOf('test')).toEqual([version]);

    // By way of a folder, and from where it was promoted to.
    const image = join(folder, 'image');
    expect(await run('promote:prod', ['--pull', image])).toMatchObject({ exitCode: 0, told: {} });
    expect(await run('promote:prod', ['--push', image])).toMatchObject({
      exitCode: 0,
      told: { digest, environment: 'prod', tag: version, from: 'test' },
    });
    expect(tagsOf('prod')).toEqual([version]);
    expect(refersTo('prod', digest)).toHaveLength(1);

    // Tags are immutable.
    const taken = `0.21.0-${hash}`;
    const other = registry.push(`${uri('test')}:${taken}`, { content: 'other' });
    repository.setDigest('dev', older);
    const own = `promoted-${older.slice(7, 19)}`;
    expect(await run('promote:test')).toMatchObject({ exitCode: 0, told: { digest: older, tag: own } });
    expect(tagsOf('test').sort()).toEqual([taken, version, own]);
    expect(registry.regctl('manifest', 'head', `${uri('test')}:${taken}`)).toBe(other);

    // Going back says which version that is.
    commit('Promote');
    repository.setDigest('test', digest);
    commit('Another');
    repository.setDigest('test', older);
    commit('Back');
    const back = await run('rollback:test', [digest]);
    expect(back).toMatchObject({ exitCode: 0, told: { digest, tag: version } });
    expect(back.output).toContain(`now names ${digest} (${version})`);
  });

  it('the delivery of an image promotes within a registry that environments share without a copy, if the image is there', async () => {
    emit({ mode: 'mirror' }, ['dev', 'test']);
    const version = '0.22.0-0123456789ab';
    const digest = registry.push(`${uri('shared')}:${version}`);
    repository.setDigest('dev', digest);
    const image = join(folder, 'image');
    const pulled = await run('promote:test', ['--pull', image]);
    expect(pulled).toMatchObject({ exitCode: 0, told: {}, output: expect.stringContaining('nothing is copied') });
    expect(existsSync(image)).toBe(false);
    for (const args of [[], ['--push', image]]) {
      const told = { digest, environment: 'test', tag: version, from: 'dev' };
      expect(await run('promote:test', args)).toMatchObject({ exitCode: 0, told });
    }
    expect(digestOf('test')).toBe(digest);
    expect(tagsOf('shared')).toEqual([version]);

    // Out of it, there is a copy.
    expect(await run('promote:prod')).toMatchObject({ exitCode: 0, told: { digest, from: 'test' } });
    expect(tagsOf('prod')).toEqual([version]);

    repository.setDigest('dev', NOWHERE);
    const gone = await run('promote:test');
    expect(gone).toMatchObject({ exitCode: 1, output: expect.stringContaining(`@${NOWHERE} any more`) });
    expect(digestOf('test')).toBe(digest);
  });

  it('the delivery of an image says which file is broken, and mends it by the name of an image', async () => {
    emit();
    const broken = {
      latest: /not "latest"\. To mend deploy\/images\/dev\.json: npm run set-image:dev/,
      '{': /dev\.json is not JSON\. /,
    };
    for (const [what, said] of Object.entries(broken)) {
      writeFileSync(at(digestFile('dev')), what === '{' ? what : JSON.stringify({ digest: what }));
      for (const task of ['promote:test', 'verify:dev', 'report-plan:dev']) {
        expect(await run(task)).toMatchObject({ exitCode: 1, output: expect.stringMatching(said) });
      }
      expect(await run('set-image:dev', [NOWHERE])).toMatchObject({ exitCode: 0 });
      expect(digestOf('dev')).toBe(NOWHERE);
    }
    const both = await run('promote:test', ['--pull', folder, '--push', folder]);
    expect(both).toMatchObject({ exitCode: 1, output: expect.stringContaining('--pull and --push are two steps') });
  });

  it('the delivery of an image promotes by way of a folder, if no credentials are for both registries', async () => {
    emit();
    const digest = registry.push(`${uri('dev')}:1`);
    attach('dev', digest, 'application/spdx+json');
    repository.setDigest('dev', digest);
    const image = join(folder, 'image');
    expect(await run('promote:test', ['--pull', image])).toMatchObject({ exitCode: 0, told: {} });
    expect(digestOf('test')).toBe(null);
    // Something else in the meantime.
    repository.setDigest('dev', NOWHERE);
    expect(await run('promote:test', ['--push', image])).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('does not hold'),
    });
    repository.setDigest('dev', digest);
    expect(await run('promote:test', ['--push', image])).toMatchObject({ exitCode: 0, told: { digest } });
    expect(refersTo('test', digest)).toHaveLength(1);
  });

  it('the delivery of an image promotes nothing that is not there, nor what cannot run', async () => {
    emit();
    const refuses = async (task: string, message: RegExp) => {
      const { exitCode, output, told } = await run(task);
      expect({ exitCode, told }).toEqual({ exitCode: 1, told: {} });
      expect(output).toMatch(message);
      expect([digestOf('test'), digestOf('prod')]).toEqual([null, null]);
    };
    await refuses('promote:test', /dev has no image to promote/);
    repository.setDigest('dev', NOWHERE);
    await refuses('promote:test', /There is no .*@sha256:0+: was it published/);
    repository.setDigest('dev', registry.push(`${uri('dev')}:arm`, { architecture: 'arm64' }));
    await refuses('promote:test', /is an image for linux\/arm64, and tasks run on linux\/amd64/);
    registry.push(`${uri('dev')}:amd`);
    registry.regctl(
      'index',
      'create',
      `${uri('dev')}:both`,
      '--ref',
      `${uri('dev')}:amd`,
      '--ref',
      `${uri('dev')}:arm`,
    );
    repository.setDigest('dev', registry.regctl('image', 'digest', `${uri('dev')}:both`));
    await refuses('promote:test', /is an index of images/);
    writeFileSync(at(digestFile('dev')), '{ "digest": "latest" }');
    await refuses('promote:test', /A digest is sha256: and 64 hexadecimal digits, not "latest"/);
    expect(await run('promote:dev')).toMatchObject({ exitCode: expect.not.stringMatching('0') });
  });

  it('the delivery of an image rolls back to what was named before, and to nothing else', async () => {
    emit();
    const digests = ['1', '2', '3'].map((content) => registry.push(`${uri('test')}:${content}`, { content }));
    const [first, second, never] = digests as [string, string, string];
    for (const digest of [first, NOWHERE, second]) {
      repository.setDigest('test', digest);
      commit(digest);
    }
    expect((await run('rollback:dev')).output).toMatch(/A digest is .*, not ""\. There is none to go back to\./);
    const refuses = async (args: string[], message: RegExp, env = {}) => {
      const { exitCode, output } = await run('rollback:test', args, env);
      expect(exitCode).not.toBe(0);
      expect(output).toMatch(message);
      expect(digestOf('test')).toBe(second);
    };
    await refuses([never], new RegExp(`is no image that .* named before. There are:\n  ${NOWHERE}\n  ${first}\n`));
    await refuses([second], /is no image that/);
    await refuses([NOWHERE], /There is no .* any more/);
    for (const hostile of ['', 'latest', `${first}\n`, `${first};id`, '$(id)', `${first.toUpperCase()}`]) {
      const message = `A digest is sha256: and 64 hexadecimal digits, not .* There are:\n  ${NOWHERE}\n  ${first}\n`;
      await refuses([], new RegExp(message), { DIGEST: hostile });
    }
    expect(await run('rollback:test', [], { DIGEST: first })).toMatchObject({ exitCode: 0, told: { digest: first } });
    expect(digestOf('test')).toBe(first);

    commit('Roll back');

    // What a merged branch named on its way was never that of this one.
    git('checkout', '--quiet', '-b', 'feature');
    for (const digest of [never, second]) {
      repository.setDigest('test', digest);
      commit(digest);
    }
    git('checkout', '--quiet', '-');
    git('merge', '--quiet', '--no-ff', 'feature', '--message', 'Merge');
    await refuses([never], /is no image that/);

    // Another contract has other variables.
    const answersPath = at('mcp-deploy.json');
    const later = readFileSync(answersPath, 'utf8');
    writeFileSync(answersPath, later.replace(`"conventions": "${LATEST.id}"`, '"conventions": "g4"'));
    await refuses([first], new RegExp(`ran with conventions ${LATEST.id}, and this repository has g4[^]*git revert`));
    writeFileSync(answersPath, later);

    const shallow = join(folder, 'shallow');
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${repository.directory}`, shallow]);
    const script = [OWN_COMMAND, 'rollback', 'test', second];
    const env = { ...process.env, ...registry.env };
    const options = { cwd: shallow, encoding: 'utf8', stdio: 'pipe', env } as const;
    expect(() => execFileSync(process.execPath, script, options)).toThrow(/only a part of the history/);

    // Why nobody looks for its signature comes back with it.
    await run('set-image:test', [never, '--unsigned', 'by hand']);
    commit('Unsigned');
    repository.setDigest('test', first);
    commit('Signed');
    expect((await run('rollback:test', [never])).told).toMatchObject({ digest: never, unsigned: 'by hand' });
    expect(JSON.parse(readFileSync(at('deploy/images/test.json'), 'utf8'))).toEqual({
      digest: never,
      unsigned: 'by hand',
    });
  });

  it('the delivery of an image publishes a copy of the pinned image of upstream, once', async () => {
    const upstream = `${registry.host}/${folder.split('-').at(-1)!.toLowerCase()}/upstream`;
    const amd64 = registry.push(`${upstream}:amd`);
    registry.push(`${upstream}:arm`, { architecture: 'arm64' });
    registry.regctl('index', 'create', `${upstream}:1`, '--ref', `${upstream}:amd`, '--ref', `${upstream}:arm`);
    const source = (tag: string) => `${upstream}@${registry.regctl('image', 'digest', `${upstream}:${tag}`)}`;
    emit();
    expect(await run('publish-image')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('image.digest in mcp-deploy.json is not known yet'),
    });

    pin(source('1'));
    const made = join(folder, 'made/image.json');
    expect(await run('publish-image', ['--made', made])).toMatchObject({
      exitCode: 0,
      told: { digest: amd64, environment: 'dev', made: 'true' },
    });
    expect(digestOf('dev')).toBe(amd64);
    // Run again after a failure, it is still the run that made it: what it noted says so, and nothing in the registry does.
    expect(await run('publish-image', ['--made', made])).toMatchObject({ exitCode: 0, told: { made: 'true' } });
    attach('dev', amd64, 'application/vnd.create-quilt-mcp-deploy.run');
    for (const args of [[], ['--made', join(folder, 'another.json')]]) {
      expect(await run('publish-image', args)).toMatchObject({ exitCode: 0, told: { made: 'false' } });
    }
    expect(existsSync(join(folder, 'another.json'))).toBe(false);
    writeFileSync(made, JSON.stringify({ digest: NOWHERE }));
    expect(await run('publish-image', ['--made', made])).toMatchObject({ exitCode: 0, told: { made: 'false' } });
    expect(tagsOf('dev')).toEqual([expect.stringMatching(/^0\.22\.0-[0-9a-f]{12}$/)]);
    expect(await run('publish-image')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/is there already[\s\S]*already/),
    });
    expect(tagsOf('dev')).toHaveLength(1);

    pin(source('arm'));
    expect(await run('publish-image')).toMatchObject({
      exitCode: 1,
      output: expect.stringMatching(/linux\/arm64|not found/),
    });
    expect(digestOf('dev')).toBe(amd64);
    expect(tagsOf('dev')).toHaveLength(1);
  });

  it("the delivery of an image says what to do if upstream's registry refuses the pull, and of no other failure", async () => {
    let answer: readonly [number, Record<string, string>] = [403, {}];
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(...answer).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const closed = `localhost:${(server.address() as AddressInfo).port}`;
      const hosts = Object.fromEntries([registry.host, closed].map((host) => [host, { tls: 'disabled' }]));
      const REGCTL_CONFIG = join(folder, 'regctl.json');
      writeFileSync(REGCTL_CONFIG, JSON.stringify({ hosts }));
      const publishFrom = async (source: string) => {
        pin(source);
        const { exitCode, output, told } = await run('publish-image', [], { REGCTL_CONFIG });
        expect({ exitCode, told }).toEqual({ exitCode: 1, told: {} });
        return output;
      };
      const source = `${closed}/quilt/mcp@${NOWHERE}`;
      const refused = [
        `✗ Upstream's registry ${closed} refused the pull of ${source}.`,
        `docs/image.md says what to do: "When upstream's registry refuses". The way out is mode build, .*`,
        '.*set image.mode to build and image.commit in mcp-deploy.json, run npx projen, and publish again.',
        '',
        'regctl image digest failed:\\n.*unauthorized',
      ].join('\\n');
      for (const mode of ['mirror', 'shim'] as const) {
        emit({ mode, digest: NOWHERE });
        expect(readFileSync(at('docs/image.md'), 'utf8')).toContain("\n## When upstream's registry refuses\n");
        const asked = answering('docker', {
          'buildx build': { error: 'ERROR: failed to solve: dockerfile parse error: unauthorized instruction' },
        });
        for (answer of [
          [403, {}],
          [401, { 'WWW-Authenticate': 'Basic realm="x"' }],
          [401, { 'WWW-Authenticate': `Bearer realm="http://${closed}/token",service="x"` }],
        ] as const) {
          expect(await publishFrom(source)).toMatch(new RegExp(refused));
        }
        answer = [404, {}];
        expect(await publishFrom(source)).toMatch(/regctl image digest failed:\n.*not found/);
        expect(await publishFrom(source)).not.toContain('refused the pull');
        expect(asked()).toEqual([]);
        if (mode === 'mirror') repository.remove();
      }
      const open = `${uri('upstream')}@${registry.push(`${uri('upstream')}:1`)}`;
      const failed = await publishFrom(open);
      expect(failed).toContain('docker buildx build failed');
      expect(failed).not.toContain('refused the pull');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.skipIf(LACKS_BUILDER)('the delivery of an image publishes what it builds, and equal content once', async () => {
    const upstream = `${registry.host}/${folder.split('-').at(-1)!.toLowerCase()}/upstream`;
    const base = join(folder, 'base');
    mkdirSync(base);
    writeFileSync(join(base, 'Dockerfile'), 'FROM scratch\nCOPY Dockerfile /app/\nCMD ["quilt-mcp"]\n');
    const log = join(folder, 'builds');
    writeFileSync(log, '');
    putProgram(join(folder, 'bin/docker'), 'docker-by-buildah.bash', { CALLS: log, STORE: folder });
    const docker = (...args: string[]) =>
      execFileSync(join(folder, 'bin/docker'), ['buildx', 'build', ...args], { stdio: 'pipe' });
    docker('--platform', 'linux/amd64', '--tag', `${upstream}:1`, '--push', base);
    docker('--platform', 'linux/arm64', '--tag', `${upstream}:arm`, '--push', base);
    const digest = (tag: string) => registry.regctl('image', 'digest', `${upstream}:${tag}`);

    emit({ mode: 'shim', digest: digest('1') });
    const from = (tag: string) => {
      pin(`${upstream}@${digest(tag)}`);
    };
    from('1');
    writeFileSync(log, '');
    const published = await run('publish-image');
    expect(published).toMatchObject({ exitCode: 0, told: { environment: 'dev' } });
    expect(digestOf('dev')).toBe(published.told.digest);
    const [tag] = tagsOf('dev');
    expect(tag).toMatch(/^0\.22\.0-[0-9a-f]{12}$/);
    const config = JSON.parse(registry.regctl('image', 'config', `${uri('dev')}:${tag}`, '--format', '{{json .}}'));
    expect(config).toMatchObject({ architecture: 'amd64', config: { Entrypoint: ['python3', '/opt/shim/shim.py'] } });
    expect(readFileSync(log, 'utf8')).toContain('--no-cache --pull --provenance=false --sbom=false');

    expect(await run('publish-image')).toMatchObject({ exitCode: 0, told: { digest: published.told.digest } });
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(tagsOf('dev')).toEqual([tag]);

    writeFileSync(at('docker/shim.py'), `${readFileSync(at('docker/shim.py'), 'utf8')}\n# mine\n`);
    const changed = await run('publish-image');
    expect(changed.exitCode, changed.output).toBe(0);
    expect(changed.told.digest).not.toBe(published.told.digest);
    expect(tagsOf('dev')).toHaveLength(2);
  });

  it('the delivery of an image names an image by hand, and refuses what is no digest', async () => {
    emit();
    expect(await run('set-image:prod', [NOWHERE])).toMatchObject({ exitCode: 0, told: { digest: NOWHERE } });
    expect(git('status', '--porcelain').trim()).toBe(`M ${digestFile('prod')}`);
    for (const hostile of ['', 'x', '$(id)', `${NOWHERE}'`]) {
      expect((await run('set-image:prod', [], { DIGEST: hostile })).exitCode).toBe(1);
    }
    expect(digestOf('prod')).toBe(NOWHERE);
  });

  it('the delivery of an image tells workflows the role of a duty, and what changed', async () => {
    emit();
    const ask = (args: string[], env: NodeJS.ProcessEnv = {}) => {
      const told = join(folder, 'told');
      writeFileSync(told, '');
      const script = [OWN_COMMAND, 'workflow', ...args];
      const options = { cwd: repository.directory, encoding: 'utf8', stdio: 'pipe' } as const;
      execFileSync(process.execPath, script, { ...options, env: { ...process.env, GITHUB_OUTPUT: told, ...env } });
      return Object.fromEntries(
        readFileSync(told, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      );
    };
    const { account, region, service } = repository.deployment.environments[1]!;
    expect(ask(['context', 'deploy'], { ENVIRONMENT: 'test' })).toMatchObject({
      region,
      role: `arn:aws:iam::${account}:role/${service.serviceName}-deploy`,
    });
    for (const [ENVIRONMENT, ...args] of [
      ['test', 'context', 'toString'],
      ['__proto__', 'context', 'deploy'],
      ['a b', 'context', 'plan'],
      ['--help', 'context', 'plan'],
      [undefined, 'context', 'plan'],
      [undefined, 'toString'],
    ] as [string | undefined, ...string[]][]) {
      expect(() => ask(args, { ENVIRONMENT })).toThrow(/✗/);
    }
    const places = { before: 'test', puller: 'test', publisher: 'prod', copies: 'true' };
    expect(ask(['list'], { ENVIRONMENT: 'prod' })).toEqual({ first: 'dev', named: '[]', ...places });

    const BEFORE = git('rev-parse', 'HEAD').trim();
    repository.setDigest('test', NOWHERE);
    repository.setDigest('prod', null);
    writeFileSync(at('README.md'), 'mine\n');
    commit('Change');
    expect(ask(['changed'], { BEFORE })).toEqual({ environments: '["test"]' });
    expect(ask(['changed'], { ENVIRONMENT: 'test' })).toEqual({ environments: '["test"]' });
    expect(ask(['list'])).toEqual({ first: 'dev', named: '["test"]', publisher: 'dev' });
    expect(() => ask(['changed'], { ENVIRONMENT: 'prod' })).toThrow(/names no image yet: there is nothing to deploy/);
    for (const hostile of ['0'.repeat(40), '', '--output=x', 'main']) {
      expect(ask(['changed'], { BEFORE: hostile })).toEqual({ environments: '[]' });
    }
    expect(() => ask(['changed'], { ENVIRONMENT: 'x$(id)' })).toThrow(/There is no environment/);

    // A run that was approved late, or is run again, does not take an environment back.
    const newest = join(folder, 'newest');
    git('clone', '--quiet', repository.directory, newest);
    const pull = () => execFileSync('git', ['pull', '--quiet'], { cwd: newest });
    const old = /changed on the default branch since/;
    ask(['current', newest], { ENVIRONMENT: 'test' });
    repository.setDigest('test', `sha256:${'1'.repeat(64)}`);
    commit('Name a newer image');
    pull();
    ask(['current', newest], { ENVIRONMENT: 'test' });
    git('checkout', '--quiet', 'HEAD^');
    expect(() => ask(['current', newest], { ENVIRONMENT: 'test' })).toThrow(old);
    expect(() => ask(['current', folder], { ENVIRONMENT: 'test' })).toThrow(/✗/);
    expect(() => ask(['current', newest])).toThrow(/There is no environment/);
    expect(() => ask(['current'], { ENVIRONMENT: 'test' })).toThrow(/A folder is needed/);
    // What another environment is to run takes nothing back here, and a run for that one deploys nothing here.
    ask(['current', newest], { ENVIRONMENT: 'prod' });
    git('checkout', '--quiet', '-');
    // What all deployments read counts for each, what that of one reads for it alone: no later run would deploy the other.
    const both = ['test', 'prod'];
    const read: [path: string, by: string[]][] = [
      ['deploy/terraform/modules/mcp_server/main.tf', both],
      ['package-lock.json', both],
      ['.projen/tasks.json', both],
      ['deploy/terraform/environments/prod/service/terraform.tfvars.json', ['prod']],
      ['deploy/terraform/environments/test/registry/terraform.tfvars.json', []],
    ];
    for (const [path, readers] of read) {
      appendFileSync(at(path), '\n');
      commit('Change something else');
      pull();
      git('checkout', '--quiet', 'HEAD^');
      const refusing = both.filter((name) => {
        try {
          ask(['current', newest], { ENVIRONMENT: name });
          return false;
        } catch (error) {
          expect(String(error)).toMatch(old);
          return true;
        }
      });
      expect(refusing, path).toEqual(readers);
      git('checkout', '--quiet', '-');
    }
    writeFileSync(at('README.md'), 'mine, too\n');
    commit('Change what is not deployed');
    pull();
    git('checkout', '--quiet', 'HEAD^');
    ask(['current', newest], { ENVIRONMENT: 'test' });
    git('checkout', '--quiet', '-');

    // Where nobody made any roles, workflows that start by themselves do nothing, and those that somebody starts say so.
    const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
    for (const one of data.environments) one.roles = null;
    writeFileSync(at(DATA), JSON.stringify(data));
    expect(ask(['changed'], { BEFORE })).toEqual({ environments: '[]' });
    expect(ask(['list'])).toEqual({ first: '', named: '[]', publisher: 'dev' });
    for (const args of [['changed'], ['context', 'publish'], ['list']]) {
      expect(() => ask(args, { ENVIRONMENT: 'test' })).toThrow(/There are no roles for workflows/);
    }
  });

  /** Commands that answer what a test says, by the words that they begin with; the words that they were given. */
  const answering = (command: string, answers: Record<string, unknown>) => standIn(folder, command, answers);

  it('the delivery of an image stops at what the scan finds, and at what cannot be scanned', async () => {
    emit();
    expect(await run('scan-image')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('names no image yet'),
    });
    repository.setDigest('dev', NOWHERE);
    const scanned = (status: string, findingSeverityCounts = {}) =>
      answering('aws', {
        'ecr describe-image-scan-findings': {
          imageScanStatus: { status },
          imageScanFindings: { findingSeverityCounts },
        },
      });
    const asked = scanned('COMPLETE', { HIGH: 3 });
    expect(await run('scan-image')).toMatchObject({ exitCode: 0, output: expect.stringContaining('found 3 HIGH') });
    const { account, region } = repository.deployment.environments[0]!;
    expect(asked()).toEqual([
      `ecr describe-image-scan-findings --registry-id ${account} --region ${region} --repository-name ${uri('dev').split(/\/(.*)/s)[1]} --image-id imageDigest=${NOWHERE} --max-items 1 --output json`,
    ]);
    scanned('COMPLETE', { HIGH: 3, CRITICAL: 1 });
    expect(await run('scan-image')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('found 3 HIGH, 1 CRITICAL'),
    });
    scanned('UNSUPPORTED_IMAGE');
    expect(await run('scan-image')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('UNSUPPORTED_IMAGE'),
    });
    answering('aws', { 'ecr describe-image-scan-findings': { error: 'AccessDeniedException' } });
    expect(await run('scan-image')).toMatchObject({ exitCode: 1, output: expect.stringContaining('AccessDenied') });
  });

  it('the delivery of an image says of an image what is in it, who made it, and signs it, each once and by itself', async () => {
    emit();
    const digest = registry.push(`${uri('dev')}:1`);
    const source = `${uri('upstream')}@${NOWHERE}`;
    pin(source);
    repository.setDigest('dev', digest);
    const verify = signWithKey(folder);
    const typeOf = (one: string): string =>
      JSON.parse(registry.regctl('manifest', 'get', '--format', 'raw-body', `${uri('dev')}@${one}`)).annotations[
        'dev.sigstore.bundle.predicateType'
      ];
    const said = () =>
      refersTo('dev', digest)
        .map((one) => typeOf(one.digest))
        .sort();
    const byHand = await run('attest-image', [], { MADE: undefined });
    expect(byHand).toMatchObject({ exitCode: 0, output: expect.stringContaining('No provenance of') });
    expect(said()).toEqual(['https://sigstore.dev/cosign/sign/v1', 'https://spdx.dev/Document']);

    // A run that found the image there made nothing.
    expect(await run('attest-image', [], { ...PUBLISHING_RUN, MADE: 'false' })).toMatchObject({ exitCode: 0 });
    expect(said()).toHaveLength(2);
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    expect(said()).toEqual([
      'https://sigstore.dev/cosign/sign/v1',
      'https://slsa.dev/provenance/v1',
      'https://spdx.dev/Document',
    ]);
    const attested = (name: string, type: string, of = digest) => {
      const said = verify('verify-attestation', '--type', type, `${uri(name)}@${of}`);
      const { payload } = JSON.parse(said.trim().split('\n').at(-1)!);
      return JSON.parse(Buffer.from(payload, 'base64').toString('utf8'));
    };
    const { predicate: made, subject } = attested('dev', 'slsaprovenance1');
    expect(subject).toMatchObject([{ digest: { sha256: digest.slice('sha256:'.length) } }]);
    expect(made).toMatchObject({
      buildDefinition: {
        externalParameters: {
          workflow: { repository: 'https://github.com/acme/mcp', path: '.github/workflows/publish-image.yml' },
        },
        resolvedDependencies: [
          { digest: { gitCommit: PUBLISHING_RUN.GITHUB_SHA } },
          { uri: `oci://${source}`, digest: { sha256: source.split('@sha256:')[1] } },
        ],
      },
      runDetails: { metadata: { invocationId: 'https://github.com/acme/mcp/actions/runs/7/attempts/1' } },
    });
    expect(attested('dev', 'spdxjson').predicate).toMatchObject({ spdxVersion: 'SPDX-2.3' });

    // All of it goes with the image, and is still true there; and has a tag, without which the registry would expire it.
    const tags = ['bom', 'provenance', 'signature'].map((name) => `${digest.replace(':', '-')}.${name}`);
    expect(tagsOf('dev').sort()).toEqual(['1', ...tags]);
    expect(await run('promote:test')).toMatchObject({ exitCode: 0 });
    expect(tagsOf('test').sort()).toEqual([`promoted-${digest.slice(7, 19)}`, ...tags]);
    const tagged = tags.map((tag) => registry.regctl('manifest', 'head', `${uri('test')}:${tag}`));
    expect(tagged.sort()).toEqual(refersTo('test', digest).map((one) => one.digest));
    expect(refersTo('test', digest)).toHaveLength(3);
    expect(verify('verify', `${uri('test')}@${digest}`)).toContain(digest);
    expect(attested('test', 'slsaprovenance1').predicate).toEqual(made);
    const other = registry.push(`${uri('dev')}:2`, { content: 'other' });
    expect(() => verify('verify', `${uri('dev')}@${other}`)).toThrow(/no signatures found/);

    // Made of upstream's source.
    const gitCommit = 'a'.repeat(40);
    pin(`https://github.com/quiltdata/quilt-mcp-server.git#${gitCommit}`);
    repository.setDigest('dev', other);
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    expect(attested('dev', 'slsaprovenance1', other).predicate.buildDefinition.resolvedDependencies[1]).toEqual({
      uri: `git+https://github.com/quiltdata/quilt-mcp-server.git@${gitCommit}`,
      digest: { gitCommit },
    });
  });

  it('the delivery of an image is of what its publisher signed, if the answers say so, or has the reason why not in its digest file', async () => {
    emit();
    const demand = (...names: string[]) => {
      const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
      for (const one of data.environments) one.verifySignature = names.includes(one.name);
      writeFileSync(at(DATA), JSON.stringify(data));
    };
    pin(`${uri('upstream')}@${NOWHERE}`);
    const digest = registry.push(`${uri('dev')}:1`);
    repository.setDigest('dev', digest);
    // Somebody else's key.
    signWithKey(folder);
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    for (const name of ['cosign.key', 'cosign.pub', 'no-services.json']) rmSync(join(folder, name));
    signWithKey(folder);
    demand('test');
    const refused = {
      exitCode: 1,
      told: {},
      output: expect.stringMatching(
        /is not signed as test demands .*\. Its signature must be by https:\/\/github\.com\/acme\/mcp\//,
      ),
    };
    expect(await run('promote:test')).toMatchObject(refused);
    expect(digestOf('test')).toBe(null);

    const reason = 'signed by a key that is not known there';
    expect(await run('promote:test', ['--unsigned', reason])).toMatchObject({ exitCode: 0, told: { digest } });
    expect(JSON.parse(readFileSync(at(digestFile('test')), 'utf8'))).toEqual({ digest, unsigned: reason });
    expect(await run('check-signature:test')).toMatchObject({ exitCode: 0, output: expect.stringContaining(reason) });

    // By the publisher; all of it is looked for, and the reason goes.
    const signed = registry.push(`${uri('dev')}:2`, { content: 'signed' });
    repository.setDigest('dev', signed);
    expect(await run('attest-image', [], { ...PUBLISHING_RUN, MADE: 'false' })).toMatchObject({ exitCode: 0 });
    expect((await run('promote:test')).output).toContain('Its provenance must be by');
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    expect(await run('promote:test')).toMatchObject({ exitCode: 0, told: { digest: signed } });
    expect(readFileSync(at(digestFile('test')), 'utf8')).toBe(`{ "digest": "${signed}" }\n`);
    const there = await run('check-signature:test');
    expect(there).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining(`${uri('test')}@${signed} is signed by`),
    });
  });

  it('the delivery of an image signs it, whatever others put beside it: what comes from upstream, or of somebody who may push', async () => {
    emit();
    pin(`${uri('upstream')}@${NOWHERE}`);
    const digest = registry.push(`${uri('dev')}:1`);
    repository.setDigest('dev', digest);
    // By a key that nobody here trusts; and one that only says that it is a signature.
    signWithKey(folder);
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    const kind = 'dev.sigstore.bundle.predicateType=https://sigstore.dev/cosign/sign/v1';
    const file = join(folder, 'artifact');
    writeFileSync(file, 'x');
    const words = ['--artifact-type', 'application/x', '--annotation', kind, '--file', file];
    registry.regctl('artifact', 'put', '--subject', `${uri('dev')}@${digest}`, ...words);
    const before = refersTo('dev', digest).length;
    const foreign = tagsOf('dev').length;

    for (const name of ['cosign.key', 'cosign.pub', 'no-services.json']) rmSync(join(folder, name));
    const verify = signWithKey(folder);
    expect(() => verify('verify', `${uri('dev')}@${digest}`)).toThrow();
    expect(await run('attest-image', [], PUBLISHING_RUN)).toMatchObject({ exitCode: 0 });
    expect(verify('verify', `${uri('dev')}@${digest}`)).toContain(digest);
    for (const type of ['spdxjson', 'slsaprovenance1']) {
      verify('verify-attestation', '--type', type, `${uri('dev')}@${digest}`);
    }
    expect(refersTo('dev', digest)).toHaveLength(before + 3);
    // Each has a tag of its own, so the registry expires none, and it is promoted with the image.
    expect(tagsOf('dev')).toHaveLength(foreign + 4);
    expect(await run('promote:test')).toMatchObject({ exitCode: 0 });
    expect(verify('verify', `${uri('test')}@${digest}`)).toContain(digest);

    const again = await run('attest-image', [], PUBLISHING_RUN);
    expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining('has a signature already') });
    expect(refersTo('dev', digest)).toHaveLength(before + 3);
  });

  it('the delivery of an image is verified: at rest, with the image that is named, healthy, and closed to who has no token', async () => {
    emit();
    let status = 401;
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(status).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
      data.environments[0].smoke.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
      writeFileSync(at(DATA), JSON.stringify(data));
      const service = {
        status: 'ACTIVE',
        deployments: [{ status: 'PRIMARY', rolloutState: 'COMPLETED' }],
        runningCount: 2,
        desiredCount: 2,
        taskDefinition: 'arn:task',
        loadBalancers: [{ targetGroupArn: 'arn:a', advancedConfiguration: { alternateTargetGroupArn: 'arn:b' } }],
      };
      const healthy = { TargetHealth: { State: 'healthy' } };
      const verify = async ({ services = [service as object], image = `x@${NOWHERE}`, targets = [healthy] } = {}) => {
        answering('aws', {
          'ecs describe-services': { services },
          'ecs describe-task-definition': { taskDefinition: { containerDefinitions: [{ image }] } },
          'elbv2 describe-target-health': { TargetHealthDescriptions: targets },
        });
        const { exitCode, output } = await run('verify:dev');
        return `${exitCode}: ${output}`;
      };
      expect(await verify()).toMatch(/^1: [\s\S]*No image is named for dev yet/);
      repository.setDigest('dev', NOWHERE);
      expect(await verify()).toMatch(/^0: [\s\S]*dev runs sha256:0+\./);
      expect(await verify({ services: [] })).toMatch(/^1: [\s\S]*dev is not deployed/);
      const failed = {
        ...service,
        deployments: [{ status: 'PRIMARY', rolloutState: 'FAILED', rolloutStateReason: 'circuit breaker' }],
      };
      expect(await verify({ services: [failed] })).toMatch(/^1: [\s\S]*The deployment failed: circuit breaker/);
      expect(await verify({ image: 'x@sha256:1' })).toMatch(/^1: [\s\S]*taken back, or not made/);
      expect(await verify({ targets: [] })).toMatch(/^1: [\s\S]*0 of 2 targets are healthy/);
      status = 503;
      const none = { ...service, runningCount: 0, desiredCount: 0 };
      expect(await verify({ services: [none], targets: [] })).toMatch(/^0: [\s\S]*dev runs no task/);
      status = 200;
      expect(await verify()).toMatch(/^1: [\s\S]*answers 200 to a request without a token, and should answer 401/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('what is deployed is compared with what it is to be, by the drift of the stacks', async () => {
    const { state: _, ...given } = answers({ mode: 'mirror' });
    repository = emitRepository({ ...given, target: 'cloudformation' });
    const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
    data.environments[0].drift = { stacks: [{ name: 'a-stack', region: 'us-east-1' }] };
    writeFileSync(at(DATA), JSON.stringify(data));
    const report = join(folder, 'reports/dev.txt');
    const look = async (
      StackResourceDrifts: object[],
      { DetectionStatus = 'DETECTION_COMPLETE', Changes = [] as object[] } = {},
    ) => {
      answering('aws', {
        ...quiltStackAsAnswered(data.environments[0].quiltStack.network),
        'sts get-caller-identity': { Account: data.environments[0].account },
        'cloudformation describe-stacks': { Stacks: [{ StackName: 'a-stack', StackStatus: 'UPDATE_COMPLETE' }] },
        'cloudformation create-change-set': { Id: 'arn:aws:cloudformation:us-east-1:1:changeSet/plan-1/1' },
        'cloudformation describe-change-set': { Status: 'CREATE_COMPLETE', Changes },
        'cloudformation delete-change-set': {},
        'cloudformation detect-stack-drift': { StackDriftDetectionId: 'id' },
        'cloudformation describe-stack-drift-detection-status': { DetectionStatus, DetectionStatusReason: 'why' },
        'cloudformation describe-stack-resource-drifts': { StackResourceDrifts },
      });
      return run('drift:dev', ['--report', report]);
    };
    expect(await look([])).toMatchObject({ exitCode: 0, output: expect.stringContaining('nothing to compare') });
    repository.setDigest('dev', NOWHERE);
    const changed = (PropertyPath: string) => ({
      LogicalResourceId: 'Rule',
      ResourceType: 'AWS::X',
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [{ PropertyPath, ExpectedValue: '1', ActualValue: '2' }],
    });
    expect(await look([changed('/Actions/0/ForwardConfig/TargetGroups/1/Weight')])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(report, 'utf8')).toBe('');
    expect(await look([changed('/Priority')])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(report, 'utf8')).toBe('a-stack\n  Rule (AWS::X): MODIFIED\n    /Priority: 2, and not 1\n');
    const merged = { Action: 'Modify', LogicalResourceId: 'Service', ResourceType: 'AWS::ECS::Service' };
    expect(await look([], { Changes: [{ ResourceChange: merged }] })).toMatchObject({ exitCode: 0 });
    expect(readFileSync(report, 'utf8')).toBe(
      'Not deployed yet: npm run deploy:dev would\n  Modify: Service (AWS::ECS::Service)\n',
    );
    const failed = await look([], { DetectionStatus: 'DETECTION_FAILED' });
    expect(failed).toMatchObject({ exitCode: 1, output: expect.stringContaining('why') });
  });

  describe('by the steps of a workflow', () => {
    const runner = (): Runner => ({ directory: repository.directory, folder, env: registry.env });

    /** Runs the commands of every job but the last, which proposes, and returns what that is given. */
    const runWorkflow = async (name: string, inputs: Values) => {
      let contexts: Values = Object.fromEntries(Object.entries(inputs).map(([key, value]) => [`inputs.${key}`, value]));
      contexts = { ...contexts, 'github.event.repository.default_branch': 'main' };
      let said = '';
      /** Environments of GitHub. */
      const ranIn: string[] = [];
      for (const [id, job] of Object.entries(readJobs(repository.directory, name))) {
        if (id === 'propose') return { given: resolvedAll(job.env, contexts), output: said, ranIn };
        if (!isMet(job.if, contexts)) continue;
        if (job.environment) ranIn.push(resolvedAll({ name: job.environment }, contexts).name!);
        const { exitCode, output, outputs } = await runJob(job, contexts, runner());
        said += output;
        if (exitCode !== 0) return { given: undefined, output: said, ranIn };
        for (const [key, value] of Object.entries(outputs)) {
          contexts = { ...contexts, [`needs.${id}.outputs.${key}`]: value };
        }
        // Each job has a checkout of its own.
        git('checkout', '--quiet', '--', 'deploy/images');
      }
      throw new Error(`${name} does not propose`);
    };

    it('a workflow publishes, promotes and rolls back by its steps, and gives what it did to the job that proposes it', async () => {
      emit();
      const upstream = uri('upstream');
      const digest = registry.push(`${upstream}:1`);
      pin(`${upstream}@${digest}`);
      answering('aws', {
        'ecr describe-image-scan-findings': {
          imageScanStatus: { status: 'COMPLETE' },
          imageScanFindings: { findingSeverityCounts: {} },
        },
      });
      answering('syft', { scan: {} });
      const signed = answering('cosign', { attest: {}, sign: {} });
      commit('Pin');
      const given = (name: string, KIND: string) => ({
        BASE: 'main',
        ENVIRONMENT: name,
        DIGEST: digest,
        KIND,
        TAG: expect.stringMatching(/^0\.22\.0-[0-9a-f]{12}$/),
        ...(KIND === 'rollback' && { UNSIGNED: '' }),
      });
      const published = await runWorkflow('publish-image', {});
      expect(published.given, published.output).toEqual(given('dev', 'publish'));
      expect(signed()).toHaveLength(2);

      repository.setDigest('dev', digest);
      commit('Merge');
      const promoted = await runWorkflow('promote', { environment: 'test' });
      expect(promoted.given, promoted.output).toEqual({ ...given('test', 'promote'), PROMOTED_FROM: 'dev' });
      expect(registry.regctl('manifest', 'head', `${uri('test')}@${digest}`)).toBe(digest);

      repository.setDigest('test', digest);
      commit('Merge');
      repository.setDigest('test', NOWHERE);
      commit('Another');
      const back = await runWorkflow('rollback', { environment: 'test', digest });
      expect(back.given, back.output).toEqual(given('test', 'rollback'));

      for (const environment of ['nowhere', '$(touch hacked)', 'dev; touch hacked', '--help', '']) {
        expect((await runWorkflow('promote', { environment })).given).toBeUndefined();
        expect((await runWorkflow('rollback', { environment, digest })).given).toBeUndefined();
      }
      expect(
        (await runWorkflow('rollback', { environment: 'test', digest: `${digest}; touch hacked` })).given,
      ).toBeUndefined();
      expect(git('status', '--porcelain')).toBe('');
    });

    it('a workflow promotes within a registry that environments share in one job, in the environment of GitHub that publishes there', async () => {
      emit({ mode: 'mirror' }, ['dev', 'test']);
      const digest = registry.push(`${uri('shared')}:0.22.0-0123456789ab`);
      repository.setDigest('dev', digest);
      commit('Publish');
      const within = await runWorkflow('promote', { environment: 'test' });
      expect(within.given, within.output).toMatchObject({ DIGEST: digest, PROMOTED_FROM: 'dev' });
      expect(within.ranIn).toEqual(['shared-publish']);
      repository.setDigest('test', digest);
      commit('Promote');
      const out = await runWorkflow('promote', { environment: 'prod' });
      expect(out.given, out.output).toMatchObject({ DIGEST: digest, PROMOTED_FROM: 'test' });
      expect(out.ranIn).toEqual(['shared-publish', 'prod-publish']);
      expect(registry.regctl('manifest', 'head', `${uri('prod')}@${digest}`)).toBe(digest);
    });

    it('a workflow stops before it proposes what the scan refuses', async () => {
      emit();
      const upstream = uri('upstream');
      const data = JSON.parse(readFileSync(at('docker/image.json'), 'utf8'));
      const source = `${upstream}@${registry.push(`${upstream}:1`)}`;
      writeFileSync(at('docker/image.json'), JSON.stringify({ ...data, source }));
      answering('aws', {
        'ecr describe-image-scan-findings': {
          imageScanStatus: { status: 'COMPLETE' },
          imageScanFindings: { findingSeverityCounts: { CRITICAL: 1 } },
        },
      });
      const { given, output } = await runWorkflow('publish-image', {});
      expect(given).toBeUndefined();
      expect(output).toContain('found 1 CRITICAL');
    });
  });

  describe('is planned', () => {
    const COMMIT = 'c'.repeat(40);
    const state = () => join(folder, 'github.json');
    type Comment = { readonly id: number; readonly number: number; readonly author: string; readonly body: string };
    const comments = () => (JSON.parse(readFileSync(state(), 'utf8')) as { comments: Comment[] }).comments;

    /** What Terraform says of an environment; undefined, that it fails. */
    const planning = (plans: Record<string, string | undefined>) => {
      mkdirSync(join(folder, 'plans'), { recursive: true });
      mkdirSync(join(folder, 'bin'), { recursive: true });
      for (const [name, plan] of Object.entries(plans)) {
        if (plan === undefined) rmSync(join(folder, 'plans', name), { force: true });
        else writeFileSync(join(folder, 'plans', name), plan);
      }
      putProgram(join(folder, 'bin/terraform'), 'terraform-validates.bash', { PLANS: join(folder, 'plans') });
    };

    /** What a run of the workflow does for a pull request: how each plan ends, and the comment. */
    const validate = async (given: Values = {}) => {
      const { which, plan, comment } = readJobs(repository.directory, 'validate') as Record<string, Job>;
      const runner: Runner = {
        directory: repository.directory,
        folder,
        env: { ...registry.env, GH_STATE: state() },
      };
      const { environments } = (await runJob(which!, {}, runner)).outputs;
      const plans: Record<string, JobResult> = {};
      rmSync(join(folder, 'temp'), { recursive: true, force: true });
      for (const name of JSON.parse(environments!) as string[]) {
        plans[name] = await runJob(plan!, { 'matrix.environment': name, 'runner.temp': '' }, runner);
      }
      const contexts = {
        'github.event.pull_request.number': '7',
        'github.event.pull_request.head.sha': COMMIT,
        'needs.which.outputs.environments': environments!,
        'github.token': 't',
        ...given,
      };
      return { plans, comment: await runJob(comment!, contexts, runner) };
    };

    beforeEach(() => {
      emit();
      mkdirSync(join(folder, 'bin'));
      writeGh(join(folder, 'bin'));
      writeFileSync(state(), JSON.stringify({ calls: [], labels: [], pulls: [], issues: [], comments: [] }));
      for (const name of ['dev', 'test']) repository.setDigest(name, NOWHERE);
    });

    it('the delivery of an image is planned for a pull request, in one comment, which is kept up to date', async () => {
      // Whoever can comment can write what looks like it.
      const others = [
        { id: 1, number: 7, author: 'mallory', body: '<!-- create-quilt-mcp-deploy: plan -->\n' },
        { id: 2, number: 7, author: 'github-actions[bot]', body: 'of another workflow' },
        { id: 3, number: 8, author: 'github-actions[bot]', body: '<!-- create-quilt-mcp-deploy: plan -->\n' },
      ];
      writeFileSync(state(), JSON.stringify({ calls: [], comments: others }));
      planning({ dev: '  ~ x = "```\r# A heading\r\n</details> @everyone\u001b[1m\u0007"\n\n# B\n', test: undefined });
      const first = await validate();
      expect(Object.entries(first.plans).map(([name, { exitCode }]) => [name, exitCode])).toEqual([
        ['dev', 0],
        ['test', 1],
      ]);
      expect(first.plans.test!.output).toContain('plans/test');
      expect(first.comment).toMatchObject({ exitCode: 0 });
      expect(comments().slice(0, 3)).toEqual(others);
      expect(comments().slice(3)).toEqual([
        {
          id: 1003,
          number: 7,
          author: 'github-actions[bot]',
          body: `<!-- create-quilt-mcp-deploy: plan -->
What deploying would change once ${COMMIT} is merged:

## dev

    ~ x = "\`\`\`# A heading
    </details> @everyone"
    
    # B

## test

It could not be planned: the log of the job plan (test) says why. By hand: npm run plan:test
`,
        },
      ]);

      planning({ dev: `${'a line\n'.repeat(20_000)}`, test: 'No changes.\n' });
      const later = 'd'.repeat(40);
      const second = await validate({ 'github.event.pull_request.head.sha': later });
      expect(Object.values(second.plans).map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(second.comment).toMatchObject({ exitCode: 0 });
      expect(comments()).toHaveLength(4);
      const { id, body } = comments()[3]!;
      expect(id).toBe(1003);
      expect(body).toContain(`${later} is merged:\n\n## dev\n\n    a line\n`);
      // What is too long takes nothing from the others.
      expect(body).toContain(
        '    a line\n\n… and more: the log of the workflow has all of it.\n\n## test\n\n    No changes.\n',
      );
    });

    it('the delivery of an image is not planned if a number, a commit or a name is none', async () => {
      planning({ dev: 'No changes.\n', test: 'No changes.\n' });
      const hostile = [
        '',
        ' ',
        '0',
        '-7',
        '7; touch hacked',
        '$(touch hacked)',
        '../../o/r/issues/7',
        '7\n8',
        '--help',
      ];
      const refused = async (given: Values) => {
        const { comment } = await validate(given);
        expect(comment).toMatchObject({ exitCode: 2, output: expect.stringMatching(/^(PR|PLANNED|ENVIRONMENTS) /) });
      };
      await refused({ 'github.event.pull_request.number': hostile[0]! });
      // Without planning anew.
      const { comment } = readJobs(repository.directory, 'validate') as Record<string, Job>;
      const runner: Runner = { directory: repository.directory, folder, env: { ...registry.env, GH_STATE: state() } };
      const good = {
        'github.event.pull_request.number': '7',
        'github.event.pull_request.head.sha': COMMIT,
        'needs.which.outputs.environments': '["dev","test"]',
        'github.token': 't',
      };
      for (const key of Object.keys(good).slice(0, 3)) {
        for (const value of [...hostile, '["../x"]', '["dev"', '[]']) {
          const { exitCode } = await runJob(comment!, { ...good, [key]: value }, runner);
          expect({ key, value, exitCode }).toEqual({ key, value, exitCode: 2 });
        }
      }
      expect(comments()).toEqual([]);
      expect(JSON.parse(readFileSync(state(), 'utf8')).calls).toEqual([]);
      expect(git('status', '--porcelain', '--', '.', ':!deploy/images')).toBe('');
      expect(await runJob(comment!, good, runner)).toMatchObject({ exitCode: 0 });
    });

    it('the delivery of an image is not planned if there are no roles', async () => {
      const data = JSON.parse(readFileSync(at(DATA), 'utf8'));
      for (const one of data.environments) one.roles = null;
      writeFileSync(at(DATA), JSON.stringify(data));
      const { which } = readJobs(repository.directory, 'validate') as Record<string, Job>;
      const { output, outputs } = await runJob(
        which!,
        {},
        {
          directory: repository.directory,
          folder,
          env: registry.env,
        },
      );
      expect(outputs).toEqual({ environments: '[]', attempt: '1' });
      expect(output).toContain('There are no roles for workflows');
    });
  });

  describe('is proposed', () => {
    let origin: string;
    const state = () => join(folder, 'github.json');
    const github = () =>
      JSON.parse(readFileSync(state(), 'utf8')) as {
        readonly pulls: { state: string; title: string; body: string; head: string }[];
      };

    /** The last step of a workflow, in a checkout of its own. */
    const step = (command: string, env: NodeJS.ProcessEnv) => {
      const checkout = mkdtempSync(join(folder, 'checkout-'));
      execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${origin}`, checkout]);
      const summary = join(folder, 'summary');
      writeFileSync(summary, '');
      const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
      const { status, stdout, stderr } = spawnSync(process.execPath, ['.github/scripts/image.mjs', command], {
        cwd: checkout,
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH,
          GH_STATE: state(),
          GH_TOKEN: 't',
          BASE: 'main',
          GITHUB_STEP_SUMMARY: summary,
          GITHUB_SERVER_URL: 'https://github.com',
          GITHUB_REPOSITORY: 'acme/mcp',
          GITHUB_RUN_ID: '7',
          GIT_CONFIG_GLOBAL: '/dev/null',
          ...env,
        },
      });
      expect(execFileSync('git', ['status', '--porcelain'], { cwd: checkout, encoding: 'utf8' })).toBe('');
      return { exitCode: status, output: `${stdout}${stderr}`, summary: readFileSync(summary, 'utf8') };
    };
    const onOrigin = (...args: string[]) => execFileSync('git', args, { cwd: origin, encoding: 'utf8' }).trim();

    beforeEach(() => {
      emit();
      origin = join(folder, 'origin.git');
      execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', origin]);
      git('push', '--quiet', origin, 'HEAD:refs/heads/main');
      writeFileSync(state(), JSON.stringify({ calls: [], labels: [], pulls: [], issues: [] }));
      mkdirSync(join(folder, 'bin'));
      writeGh(join(folder, 'bin'));
    });

    it('the delivery of an image is proposed by a pull request that changes one file, and by one only', () => {
      const first = { ENVIRONMENT: 'test', DIGEST: NOWHERE };
      expect(step('propose', first)).toMatchObject({ exitCode: 0 });
      const branch = 'image-of-test/main';
      expect(github().pulls).toMatchObject([{ state: 'open', title: 'Name the image of test', head: branch }]);
      expect(github().pulls[0]!.body).toContain(`    npm run set-image:test -- ${NOWHERE}\n`);
      expect(onOrigin('diff', '--name-only', 'main', branch)).toBe('deploy/images/test.json');
      expect(onOrigin('show', `${branch}:deploy/images/test.json`)).toBe(`{ "digest": "${NOWHERE}" }`);
      expect(step('propose', first).output).toContain('Pull request 1 has it already');

      const second = NOWHERE.replace(/0/g, '1');
      expect(step('propose', { ENVIRONMENT: 'test', DIGEST: second })).toMatchObject({ exitCode: 0 });
      expect(onOrigin('rev-list', '--count', `main..${branch}`)).toBe('1');
      expect(onOrigin('show', `${branch}:deploy/images/test.json`)).toContain(second);
      expect(github().pulls).toHaveLength(1);
      expect(github().pulls[0]!.body).toContain(second);

      // Somebody else's commit that looks like this one, and changes more.
      const forged = mkdtempSync(join(folder, 'forged-'));
      const inForged = (...args: string[]) => execFileSync('git', args, { cwd: forged, stdio: 'pipe' });
      execFileSync('git', ['clone', '--quiet', '--branch', branch, `file://${origin}`, forged]);
      writeFileSync(join(forged, '.github/scripts/image.mjs'), 'process.exit(0);\n');
      const [email, name] = ['41898282+github-actions[bot]@users.noreply.github.com', 'create-quilt-mcp-deploy'];
      const as = ['-c', `user.name=${name}`, '-c', `user.email=${email}`];
      inForged(...as, 'commit', '--quiet', '--all', '--amend', '--no-edit', '--reset-author');
      inForged('push', '--quiet', '--force', 'origin', branch);
      expect(onOrigin('diff', '--name-only', 'main', branch)).toContain('image.mjs');
      expect(step('propose', { ENVIRONMENT: 'test', DIGEST: second }).output).not.toContain('has it already');
      expect(onOrigin('diff', '--name-only', 'main', branch)).toBe('deploy/images/test.json');

      onOrigin('update-ref', 'refs/heads/main', branch);
      expect(step('propose', { ENVIRONMENT: 'test', DIGEST: second })).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('already'),
      });
    });

    it('the delivery of an image is proposed with what its approver wants to know', () => {
      const run = 'https://github.com/acme/mcp/actions/runs/7';
      const [first, second] = ['1', '2'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
      const tag = '0.22.0-0123456789ab';
      const proposed = (env: Record<string, string>) => {
        const { exitCode, output } = step('propose', { ENVIRONMENT: 'test', ...env });
        expect(exitCode, output).toBe(0);
        const { title, body } = github().pulls.at(-1)!;
        return [title, body.match(/^- .*$/gm)];
      };
      expect(proposed({ DIGEST: first, KIND: 'promote', TAG: tag, PROMOTED_FROM: 'dev' })).toEqual([
        `Promote ${tag} to test`,
        [
          '- kind: `promote`',
          '- from: `no image`',
          `- to: \`${first}\``,
          `- tag: \`${tag}\``,
          '- promoted from: `dev`',
          `- run: ${run}`,
        ],
      ]);
      // It takes the place of the one before, whatever kind that was.
      expect(proposed({ DIGEST: second, KIND: 'publish', TAG: tag })[0]).toBe(`Publish ${tag} to test`);
      expect(github().pulls).toHaveLength(1);
      expect(onOrigin('rev-list', '--count', 'main..image-of-test/main')).toBe('1');

      onOrigin('update-ref', 'refs/heads/main', 'image-of-test/main');
      expect(proposed({ DIGEST: first, KIND: 'rollback', GITHUB_RUN_ID: '' })).toEqual([
        'Roll back test to sha256:111111111111',
        ['- kind: `rollback`', `- from: \`${second}\``, `- to: \`${first}\``],
      ]);
      proposed({ DIGEST: first, KIND: 'rollback', UNSIGNED: 'by `hand`' });
      expect(github().pulls.at(-1)!.body).toMatch(/signature of this image\..*\n\n {4}by `hand`\n/);
      const own = `promoted-${first.slice(7, 19)}`;
      const again = { DIGEST: NOWHERE, KIND: 'promote', TAG: own, PROMOTED_FROM: 'dev' };
      expect(proposed(again)).toEqual([
        'Promote sha256:000000000000 to test',
        expect.arrayContaining([`- from: \`${second}\``, `- tag: \`${own}\``]),
      ]);
      // By hand, the commit says it, and with it the pull request.
      expect(step('print', { ...again, ENVIRONMENT: 'test' }).summary).toContain(
        `    git commit --message 'Promote sha256:000000000000 to test' --message 'From ${second} to ${NOWHERE}, promoted from dev, by ${run}' -- deploy/images/test.json\n`,
      );
      expect(github().pulls).toHaveLength(1);
    });

    it('the delivery of an image is proposed with nothing that is not what it is to be', () => {
      const good = { ENVIRONMENT: 'test', DIGEST: NOWHERE, KIND: 'promote', TAG: '1', PROMOTED_FROM: 'dev' };
      const names = ['KIND', 'TAG', 'PROMOTED_FROM', 'GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID'];
      for (const name of names) {
        for (const hostile of ["x'; touch hacked; '", 'x\n# y', '`x`', '@everyone $(touch hacked)', 'é']) {
          for (const command of ['propose', 'print']) {
            const { exitCode, output } = step(command, { ...good, [name]: hostile });
            expect({ name, hostile, exitCode }).toEqual({ name, hostile, exitCode: 2 });
            expect(output).toMatch(new RegExp(`^${name} must be [\\w, /]+\\.\n$`));
          }
        }
      }
      expect(github().pulls).toEqual([]);
      for (const missing of ['ENVIRONMENT', 'DIGEST']) {
        for (const command of ['propose', 'print', '']) {
          expect(step(command, { ...good, [missing]: undefined })).toMatchObject({
            exitCode: 2,
            output: 'Usage: ENVIRONMENT=… DIGEST=… node .github/scripts/image.mjs propose|print\n',
          });
        }
      }
    });

    it('the delivery of an image is proposed by the commands that do the same, if there is no App', () => {
      const { exitCode, output, summary } = step('print', { ENVIRONMENT: 'prod', DIGEST: NOWHERE });
      expect(exitCode, output).toBe(0);
      expect(summary).toBe(output);
      const commands = [...summary.matchAll(/^ {4}(.*)$/gm)].map(([, line]) => line!);
      expect(commands).toContain(`npm run set-image:prod -- ${NOWHERE}`);
      expect(github().pulls).toEqual([]);
      // They do, but for what needs GitHub.
      const script = commands.filter((line) => !line.startsWith('gh ') && !line.startsWith('git push'));
      const bin = join(folder, 'bin/npm');
      writeFileSync(
        bin,
        `#!/bin/bash\n[ "$1 $3" = 'run --' ] && exec '${process.execPath}' '${OWN_COMMAND}' \${2/:/ } "$4"\n`,
      );
      chmodSync(bin, 0o755);
      const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
      const identity = {
        GIT_AUTHOR_NAME: 'A',
        GIT_AUTHOR_EMAIL: 'a@a',
        GIT_COMMITTER_NAME: 'A',
        GIT_COMMITTER_EMAIL: 'a@a',
      };
      execFileSync('bash', ['-euc', script.join('\n')], {
        cwd: repository.directory,
        env: { ...process.env, PATH, ...identity },
      });
      expect(git('log', '-1', '--format=%s', '--name-only').split('\n').filter(Boolean)).toEqual([
        'Name the image of prod',
        'deploy/images/prod.json',
      ]);
    });

    it('the delivery of an image is proposed into a branch whose name would say something to a shell', () => {
      const base = 'it\'s;$(touch${IFS}hacked)&"|`touch${IFS}hacked`';
      git('push', '--quiet', origin, `HEAD:refs/heads/${base}`);
      onOrigin('symbolic-ref', 'HEAD', `refs/heads/${base}`);
      const to = { ENVIRONMENT: 'test', DIGEST: NOWHERE, BASE: base };
      expect(step('propose', to)).toMatchObject({ exitCode: 0 });
      expect(github().pulls).toMatchObject([{ state: 'open', head: `image-of-test/${base}` }]);
      const { summary } = step('print', to);
      const commands = [...summary.matchAll(/^ {4}(.*)$/gm)].map(([, line]) => line!);
      const said = join(folder, 'said');
      for (const name of ['git', 'npm', 'gh']) {
        writeFileSync(join(folder, 'bin', name), `#!/bin/sh\nprintf '%s\\n' "$@" >> '${said}'\n`);
        chmodSync(join(folder, 'bin', name), 0o755);
      }
      const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
      execFileSync('bash', ['-euc', commands.join('\n')], { cwd: folder, env: { ...process.env, PATH } });
      const words = readFileSync(said, 'utf8').split('\n');
      expect(words.filter((word) => word === `image-of-test/${NOWHERE.slice(7, 19)}`)).toHaveLength(2);
      expect(words.filter((word) => word === base)).toHaveLength(1);
      expect(readdirSync(folder, { recursive: true }).filter((path) => basename(String(path)) === 'hacked')).toEqual(
        [],
      );
    });

    it('what differs from a deployment is told in one issue, which is closed when nothing does', () => {
      const reports = join(folder, 'reports');
      mkdirSync(reports);
      const tell = (dev: string | undefined, test: string) => {
        rmSync(join(reports, 'dev.txt'), { force: true });
        if (dev !== undefined) writeFileSync(join(reports, 'dev.txt'), dev);
        writeFileSync(join(reports, 'test.txt'), test);
        const PATH = [join(folder, 'bin'), process.env.PATH].join(delimiter);
        execFileSync(process.execPath, ['.github/scripts/drift.mjs', reports], {
          cwd: repository.directory,
          env: { ...process.env, PATH, GH_STATE: state(), GH_TOKEN: 't', ENVIRONMENTS: '["dev","test"]' },
        });
        return (JSON.parse(readFileSync(state(), 'utf8')) as { issues: { state: string; body: string }[] }).issues;
      };
      expect(tell('', '')).toEqual([]);
      expect(tell('', 'a\n```\n# b\n')).toMatchObject([
        { state: 'open', body: '## test\n\n    a\n    ```\n    # b\n\n' },
      ]);
      const unknown =
        '## dev\n\nIt could not be compared: the log of the job look (dev) says why. By hand: npm run drift:dev\n\n';
      expect(tell(undefined, '')).toMatchObject([{ state: 'open', body: unknown }]);
      for (const long of ['x'.repeat(70_000), 'a line\n'.repeat(50_000)]) {
        expect(tell('c\n', long)).toMatchObject([
          { state: 'open', body: expect.stringContaining('and more: the log') },
        ]);
      }
      expect(tell('', '')).toMatchObject([{ state: 'closed' }]);
    });

    it('the delivery of an image is not proposed if a name or a digest is none', () => {
      const hostile = ['', '../../README', 'test; touch x', '$(touch x)', '--help', 'test\nprod'];
      for (const ENVIRONMENT of hostile) expect(step('propose', { ENVIRONMENT, DIGEST: NOWHERE }).exitCode).not.toBe(0);
      for (const DIGEST of hostile) expect(step('propose', { ENVIRONMENT: 'test', DIGEST }).exitCode).not.toBe(0);
      expect(github().pulls).toEqual([]);
      expect(onOrigin('branch', '--list')).toBe('* main');
    });
  });
});
