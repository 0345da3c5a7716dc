import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { dockerFiles } from '../../../generators/docker';
import { targetGenerator } from '../../../generators/targets';
import { loadTemplates } from '../../../generators/templates';
import { LONGEST_IDLE_TIMEOUT } from '../../../src/config/environment/network';
import { exampleAnswers } from '../../../src/config/example';
import { type Answers, IMAGE_MODES, TARGETS } from '../../../src/config/repository';
import { CATALOGUE, isDeployable, LATEST } from '../../../src/conventions';
import type { Deployment } from '../../../src/model/deployment';
import { defaultImageMode, ORIGINS_VARIABLE } from '../../../src/model/image';
import { readConfig, resolveDeployment } from '../../../src/model/resolve';
import { NEWEST_VERSION, NEXT_VERSION } from '../../support/newest';
import { OWN_COMMAND } from '../../support/own-command';

const templates = loadTemplates(join(__dirname, '../../../templates'));

type Mode = (typeof IMAGE_MODES)[number];

const DIGEST = `sha256:${'1'.repeat(64)}`;
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const PINS: Readonly<Record<Mode, object>> = {
  mirror: { digest: DIGEST },
  shim: { digest: DIGEST },
  build: { commit: COMMIT },
};

function deploymentOf(
  mode: Mode | undefined,
  change: (answers: Answers) => void = () => {},
  target: Deployment['target'] = 'terraform',
): Deployment {
  const answers = exampleAnswers(LATEST, target);
  Object.assign(answers.image, mode && { mode, ...PINS[mode] });
  change(answers);
  return resolveDeployment(readConfig(answers, 'test'));
}

const imageData = (deployment: Deployment) => JSON.parse(dockerFiles(deployment, templates)[0]!.content);
const filesOf = (deployment: Deployment) => dockerFiles(deployment, templates).map(({ path }) => path);

const NEWEST_TAG = new RegExp(`^${NEWEST_VERSION.replaceAll('.', '\\.')}-[0-9a-f]{12}$`);

describe('the mode of an image', () => {
  it('the mode of an image is upstream as it is for what is unsafe if nothing is said, and else a shim', () => {
    const modes = CATALOGUE.filter(isDeployable).map((entry) => [entry.support.kind, defaultImageMode(entry)] as const);
    expect(new Set(modes.map(String))).toEqual(new Set(['unsafe,mirror', 'emitted,shim']));
    expect(deploymentOf(undefined).image.mode).toBe('shim');
  });

  it('the mode of an image decides what makes the image', () => {
    expect(filesOf(deploymentOf('mirror'))).toEqual(['docker/image.json']);
    expect(filesOf(deploymentOf('build'))).toEqual(['docker/image.json']);
    expect(filesOf(deploymentOf('shim')).sort()).toEqual(
      ['.dockerignore', 'Dockerfile', 'image.json', 'shim.py'].map((name) => `docker/${name}`),
    );
  });

  it.each(IMAGE_MODES)('an image of mode %s names what it is made from, so that it stays the same', (mode) => {
    const { source, version } = imageData(deploymentOf(mode));
    expect(source).toMatch(mode === 'build' ? new RegExp(`^https://.*\\.git#${COMMIT}$`) : new RegExp(`@${DIGEST}$`));
    expect(version).toBe(LATEST.image.defaultVersion);
  });

  it('an image that is not pinned yet leaves open what it is made from', () => {
    expect(imageData(deploymentOf(undefined)).source).toBeNull();
  });
});

describe('the shim', () => {
  const { shim } = deploymentOf('shim').image;

  it('the shim keeps connections for longer than any load balancer, and ends before its task is killed', () => {
    const { container, targetGroup } = deploymentOf('shim').contract;
    expect(shim!.keepAlive).toBeGreaterThan(LONGEST_IDLE_TIMEOUT);
    expect(shim!.gracefulShutdown).toBeLessThan(container.stopTimeout);
    expect(shim!.gracefulShutdown).toBeGreaterThanOrEqual(targetGroup.deregistrationDelay);
  });

  it('the shim lets clients send what any revision of the protocol has them send', () => {
    for (const { protocol } of CATALOGUE) {
      expect(shim!.cors.headers).toEqual(expect.arrayContaining(Object.values(protocol.headers).flat()));
    }
  });

  it('the shim is told the host and the origins that are named beside it, each once', () => {
    const { environments } = deploymentOf('shim', ({ environments: { dev } }) => {
      dev!.cors = { allowedOrigins: ['https://b.example.com', 'https://quilt-dev.example.com'] };
    });
    expect(environments.map(({ service }) => service.taskDefinition.environment[ORIGINS_VARIABLE])).toEqual([
      'https://quilt-dev.example.com,https://b.example.com',
      'https://quilt-staging.example.com',
      'https://quilt.example.com',
    ]);
  });

  it('the shim is the same text whatever the answers', () => {
    const text = (deployment: Deployment) =>
      dockerFiles(deployment, templates)
        .filter(({ path }) => path !== 'docker/image.json')
        .map(({ path, content }) => `${path}\n${content}`);
    const other = deploymentOf('shim', (answers) => {
      Object.assign(answers.image, { registry: 'elsewhere.example.com', repository: 'other', digest: null });
      answers.environments = { only: answers.environments.staging! };
      answers.environments.only!.cors = { allowedOrigins: ['https://b.example.com'] };
      answers.environments.only!.network.albIdleTimeout = LONGEST_IDLE_TIMEOUT;
    });
    expect(text(other)).toEqual(text(deploymentOf('shim')));
  });

  it.each(TARGETS)('the shim has its variable in the data of each environment, with %s', (target) => {
    const deployment = deploymentOf('shim', undefined, target);
    const { guide, files } = targetGenerator(target);
    const emitted = files(deployment, templates, () => undefined);
    for (const { name, service } of deployment.environments) {
      const data = emitted.filter(({ path }) => path.startsWith(guide.path(name, 'service')) && path.endsWith('.json'));
      expect(data.map(({ content }) => content).join('')).toContain(
        service.taskDefinition.environment[ORIGINS_VARIABLE],
      );
    }
  });

  it.each(TARGETS.flatMap((target) => (['mirror', 'build'] as const).map((mode) => [mode, target] as const)))(
    'an image of mode %s has the variable of the shim nowhere, with %s',
    (mode, target) => {
      const deployment = deploymentOf(mode, undefined, target);
      const emitted = [
        ...targetGenerator(target).files(deployment, templates, () => undefined),
        ...dockerFiles(deployment, templates),
      ];
      expect(emitted.filter(({ content }) => content.includes(ORIGINS_VARIABLE)).map(({ path }) => path)).toEqual([]);
    },
  );
});

describe('the tag of an image', () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  /** What the command says, run as its reader runs it, from a folder below the root. */
  function say(command: string, deployment: Deployment, change: Readonly<Record<string, string>> = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'tag-'));
    folders.push(folder);
    for (const { path, content } of dockerFiles(deployment, templates)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), change[path] ?? content);
    }
    writeFileSync(join(folder, 'mcp-deploy.json'), '{}');
    const { status, stdout, stderr } = spawnSync(process.execPath, [OWN_COMMAND, 'image', command], {
      cwd: join(folder, 'docker'),
      encoding: 'utf8',
    });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  }
  const tagOf = (...args: [Deployment, Readonly<Record<string, string>>?]) => say('tag', ...args).stdout;

  it('the tag of an image begins with the version, and is one that registries take', () => {
    expect(tagOf(deploymentOf('shim'))).toMatch(NEWEST_TAG);
    expect(tagOf(deploymentOf('build'))).toMatch(NEWEST_TAG);
  });

  it('the tag of an image is the same for the same content', () => {
    expect(tagOf(deploymentOf('shim'))).toBe(tagOf(deploymentOf('shim')));
    // What is not in the image does not count.
    expect(tagOf(deploymentOf('shim'), { 'docker/.dockerignore': '' })).toBe(tagOf(deploymentOf('shim')));
  });

  it('the tag of an image is another for other content, other source, other version', () => {
    const tags = [
      tagOf(deploymentOf('shim')),
      tagOf(deploymentOf('build')),
      tagOf(deploymentOf('shim'), { 'docker/shim.py': '' }),
      tagOf(deploymentOf('shim'), { 'docker/Dockerfile': '' }),
      tagOf(deploymentOf('shim', ({ image }) => Object.assign(image, { digest: DIGEST.replaceAll('1', '2') }))),
      tagOf(deploymentOf('build', ({ image }) => Object.assign(image, { commit: COMMIT.replaceAll('0', 'f') }))),
      tagOf(deploymentOf('shim', ({ image }) => Object.assign(image, { version: NEXT_VERSION }))),
    ];
    expect(new Set(tags).size).toBe(tags.length);
  });

  it.each([
    ['digest', deploymentOf(undefined)],
    ['commit', deploymentOf('build', ({ image }) => Object.assign(image, { commit: null }))],
  ])('there is no tag of an image before it is pinned by its %s, which is said once', (pin, deployment) => {
    for (const command of ['tag', 'source']) {
      const { status, stdout, stderr } = say(command, deployment);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toMatch(
        new RegExp(`^✗ image\\.${pin} in mcp-deploy\\.json is not known yet: docs/image\\.md .*$`),
      );
    }
  });

  it('the tag of an image comes with what the image is made from', () => {
    expect(say('source', deploymentOf('shim')).stdout).toBe(
      `111122223333.dkr.ecr.us-east-1.amazonaws.com/quiltdata/mcp@${DIGEST}`,
    );
    expect(say('else', deploymentOf('shim'))).toMatchObject({ status: 2, stdout: '' });
  });
});
