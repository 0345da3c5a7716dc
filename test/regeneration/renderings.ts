import { join } from 'node:path';

import { generateFiles } from '../../generators';
import { loadTemplates } from '../../generators/templates';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers, TARGETS } from '../../src/config/repository';
import { CATALOGUE, type Deployable, findDeployable, isDeployable } from '../../src/conventions';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import type { WantedFile } from '../../src/project/changes';
import { ownPackage } from '../../src/project/package-root';
import type { SyncOptions } from '../../src/project/sync';
import { inventFuture } from '../support/future';

export type Target = (typeof TARGETS)[number];

inventFuture();
/** Ids of the generations that a repository can be emitted for, oldest first; the last are invented. */
export const GENERATIONS = CATALOGUE.filter(isDeployable).map(({ id }) => id);
/** Names of environments that a repository may have beside `dev`, which it always has. */
export const MORE_ENVIRONMENTS = ['staging', 'production'] as const;

/** Answers that change what is emitted, each by itself. */
export const OPTIONS = {
  domain: 'a host name of its own for dev',
  origins: 'browser origins that are allowed',
  forward: 'foreign origins that are let through',
  retained: 'what dev has outlives a destroy',
  shifted: 'traffic that moves in steps, for targets that can',
  shared: 'one registry for all environments',
  known: 'the ids of the GitHub repository',
} as const;
export type Option = keyof typeof OPTIONS;

/** What a repository is emitted from. */
export interface Setting {
  readonly target: Target;
  readonly generation: string;
  readonly environments: readonly string[];
  readonly options: readonly Option[];
}

/** Valid answers of a setting. */
export function answersOf({ target, generation, environments, options }: Setting): Answers {
  const conventions = findDeployable(generation)!;
  const { environments: _all, repository, ...example } = exampleAnswers(conventions, target);
  const has = (option: Option) => options.includes(option);
  return {
    ...example,
    repository: { ...repository, ...(has('known') ? { ownerId: 1, repositoryId: 2 } : {}) },
    environments: Object.fromEntries(
      ['dev', ...environments].map((name) => [name, environment(name, conventions, target, has)]),
    ),
  };
}

function environment(
  name: string,
  conventions: Deployable,
  target: Target,
  has: (option: Option) => boolean,
): EnvironmentAnswers {
  const example = exampleEnvironment(name, 2, conventions);
  const isDomain = has('domain') && name === 'dev';
  return {
    ...example,
    ...(isDomain
      ? {
          routing: { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: 'Z0123456789ABCDEFGHIJ' },
          network: { ...example.network, albDnsName: 'lb.example.com', albHostedZoneId: 'Z35SXDOTRQ7X7K' },
        }
      : {}),
    ...(has('forward') ? { cors: { foreignOrigins: 'forward' as const } } : {}),
    ...(has('origins') ? { cors: { allowedOrigins: ['https://a.example.com', 'https://b.example.com'] } } : {}),
    ...(has('retained') && name === 'dev' ? { retainData: true } : {}),
    // ECS moves the traffic of one listener rule, and a guard has several.
    ...(has('shifted') && !has('origins') && target !== 'terraform' ? { deployment: { strategy: 'canary' } } : {}),
    ...(has('shared') ? { registry: { scope: 'shared', account: '444455556666', region: 'us-east-1' } } : {}),
  };
}

const templates = loadTemplates(join(ownPackage().root, 'templates'));
const rendered = new Map<string, readonly WantedFile[]>();

/** Every file of a setting's repository but projen's own; rendered once. */
export function render(setting: Setting): readonly WantedFile[] {
  const key = JSON.stringify(setting);
  const known = rendered.get(key);
  if (known) {
    return known;
  }
  const deployment = resolveDeployment(readConfig(answersOf(setting), 'the test'));
  const files = generateFiles(deployment, templates).map(({ content, ...file }) => ({
    ...file,
    content: Buffer.from(content),
    executable: false,
  }));
  rendered.set(key, files);
  return files;
}

/** What a sync of a setting takes; `explain` says whose change it is in a word. */
export function syncOptions(root: string, { generation, target }: Setting, files: readonly WantedFile[]): SyncOptions {
  return {
    root,
    files,
    origin: { conventions: generation, target, generator: '1.0.0' },
    explain: () => () => 'upstream',
    ejected: [],
  };
}
