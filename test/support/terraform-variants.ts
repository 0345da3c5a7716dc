import { posix } from 'node:path';
import { loadTemplates } from '../../generators/templates';
import { rootOf, terraformFiles } from '../../generators/terraform/files';
import { exampleAnswers } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import type { Deployment } from '../../src/model/deployment';
import { readConfig, resolveDeployment } from '../../src/model/resolve';
import { ownPackage } from '../../src/project/package-root';
import type { HclFile } from './provider-schema';

const OTHER_ACCOUNT = '444455556666';

function sharesRegistry(answers: Answers): void {
  for (const environment of Object.values(answers.environments)) {
    environment.registry = { scope: 'shared', account: OTHER_ACCOUNT, region: 'us-east-1' };
  }
}

function hasRoles(answers: Answers): void {
  answers.repository = { name: 'example/quilt-mcp-deploy', ownerId: 12, repositoryId: 345 };
  answers.oidcProviders = { '111122223333': { create: true } };
}

/** Deployments that have, together, every file and every variable that Terraform is given. */
export const VARIANTS = {
  example: resolve(() => {}),
  'other ports, and a domain': resolve(({ environments: { dev } }) => {
    dev!.network.egressPorts = [3128];
    dev!.network.albDnsName = 'quilt.elb.amazonaws.com';
    dev!.network.albHostedZoneId = 'Z35SXDOTRQ7X7K';
    dev!.routing = { mode: 'domain', host: 'mcp.example.com', priority: 200, hostedZoneId: 'Z0123456789ABCDEFGHIJ' };
  }),
  'a shared registry': resolve(sharesRegistry),
  'roles of workflows': resolve(hasRoles),
  'roles, and a shared registry': resolve((answers) => {
    hasRoles(answers);
    sharesRegistry(answers);
    answers.oidcProviders![OTHER_ACCOUNT] = { create: true };
  }),
} as const satisfies Record<string, Deployment>;

const templates = loadTemplates(`${ownPackage().root}/templates`);

/** All `.tf` files of a deployment. */
export function hclOf(deployment: Deployment): HclFile[] {
  return terraformFiles(deployment, templates).filter(({ path }) => path.endsWith('.tf'));
}

/** The `.tf` files of a module, by name, without those below it. */
export function moduleFiles(name: string, deployment: Deployment = VARIANTS.example): Record<string, string> {
  return filesIn(`deploy/terraform/modules/${name}`, deployment);
}

/** A layer's root: its `.tf` files by name, and what its data file gives to its variables. */
export function rootFiles(deployment: Deployment, environment: string, layer: 'registry' | 'service') {
  const folder = rootOf(environment, layer);
  const data = terraformFiles(deployment, templates).find(({ path }) => path === `${folder}/terraform.tfvars.json`)!;
  return { files: filesIn(folder, deployment), data: JSON.parse(data.content) as Record<string, unknown> };
}

function filesIn(folder: string, deployment: Deployment): Record<string, string> {
  const inside = hclOf(deployment).filter(({ path }) => posix.dirname(path) === folder);
  return Object.fromEntries(inside.map(({ path, content }) => [posix.basename(path), content]));
}

function resolve(change: (answers: Answers) => void): Deployment {
  const answers = structuredClone(exampleAnswers());
  change(answers);
  return resolveDeployment(readConfig(answers, 'the example'));
}
