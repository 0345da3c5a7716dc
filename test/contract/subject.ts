import { posix } from 'node:path';
import { loadTemplates } from '../../generators/templates';
import { rootOf, terraformFiles } from '../../generators/terraform/files';
import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/schema';
import type { Deployment, ServiceLayer } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import type { SourceFile } from './configuration';

const ORIGINS = ['https://a.example.com', 'https://b.example.com', 'https://c.example.com'];

/** The example, with whatever a module can do in its first environment. */
export const deployment = resolve((answers) => {
  const dev = answers.environments.dev!;
  dev.cors = { allowedOrigins: ORIGINS };
  dev.network.egressPorts = [3128];
  dev.secrets = {
    A: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:a-AbCdEf:key::',
    B: 'arn:aws:ssm:us-east-1:111122223333:parameter/b',
  };
});

/** One whose environments share a registry of another account, and whose state has a key of its own. */
export const sharing = resolve((answers) => {
  answers.state!.kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/01234567-89ab-cdef-0123-456789abcdef';
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: '444455556666', region: 'us-east-1' };
  }
});

/** One whose environments have roles that workflows assume. */
export const delivering = resolve((answers) => {
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { '111122223333': { create: true } };
});

/** The same, whose environments share a registry of another account. */
export const deliveringShared = resolve((answers) => {
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { '111122223333': { create: true }, '444455556666': { create: true } };
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: '444455556666', region: 'us-east-1' };
  }
});

/** The service of answers that leave out whatever has a default. */
export const byDefault: ServiceLayer = resolve((answers) => {
  const { capacity: _capacity, logs: _logs, cors: _cors, secrets: _secrets, ...required } = answers.environments.dev!;
  answers.environments.dev = required;
}).environments[0]!.service;

/** The same under a contract all of whose values are others: no template may hold what only happens to be equal. */
export const otherContract: Deployment = { ...deployment, contract: changed(deployment.contract) };

const templates = loadTemplates(`${ownPackage().root}/templates`);
const emitted = new Map(
  [deployment, sharing, delivering, deliveringShared, otherContract].map((each) => [
    each,
    terraformFiles(each, templates),
  ]),
);

/** The `.tf` files of a module, without those below it. */
export function moduleSources(module: 'mcp_server' | 'registry' | 'roles', of = deployment): SourceFile[] {
  return sourcesIn(of, `deploy/terraform/modules/${module}`);
}

/** The `.tf` files of an environment's root. */
export function rootSources(of: Deployment, environment: string, layer: 'registry' | 'service'): SourceFile[] {
  return sourcesIn(of, rootOf(environment, layer));
}

/** A data file of an environment's root. */
export function rootData(of: Deployment, environment: string, layer: 'registry' | 'service', name: string): object {
  const path = `${rootOf(environment, layer)}/${name}`;
  return JSON.parse(emitted.get(of)!.find((file) => file.path === path)!.content);
}

function sourcesIn(of: Deployment, folder: string): SourceFile[] {
  return emitted.get(of)!.filter(({ path }) => posix.dirname(path) === folder && path.endsWith('.tf'));
}

function resolve(change: (answers: Answers) => void): Deployment {
  const answers = structuredClone(exampleAnswers());
  change(answers);
  return resolveDeployment(readConfig(answers, 'the example'));
}

/** Every number and text below a value, changed; the names of properties stay. */
function changed<T>(value: T): T {
  if (typeof value === 'number') {
    return (value + 7) as T;
  }
  if (typeof value === 'string') {
    return `${value}-other` as T;
  }
  if (Array.isArray(value)) {
    return value.map(changed) as T;
  }
  return Object.fromEntries(Object.entries(value as object).map(([key, inner]) => [key, changed(inner)])) as T;
}
