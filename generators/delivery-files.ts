import { deliveryOf } from '../src/model/delivery/first-layer';
import { OIDC_ISSUER } from '../src/model/delivery/grants';
import type { Deployment, Environment } from '../src/model/deployment';
import { SHARED } from '../src/model/names';
import {
  type DeliveryData,
  type DeliveryEnvironment,
  type DeployedFiles,
  ENVIRONMENTS_FILE,
} from '../src/operations/delivery/environments';
import { PURPOSES } from '../src/operations/delivery/purposes';
import { maxSessionOf, otherAudience } from './delivery';
import { digestFile } from './digest';
import { INITIALIZE } from './docs/conventions';
import { registryOf } from './docs/layers';
import { dataFile, type GeneratedFile } from './file';
import { rolesOf } from './layers';
import { targetGenerator } from './targets';
import { OWN_COMMAND, type TaskSpec } from './task';

/** Data of the environments for the commands of delivery. */
export function deliveryFiles(deployment: Deployment): GeneratedFile[] {
  const data: DeliveryData = {
    environments: deployment.environments.map((environment) => environmentData(environment, deployment)),
    deployed: deployedFiles(deployment),
    publisher: publisherOf(deployment),
    unattendedPlan: targetGenerator(deployment.target).unattendedPlan,
    runnerTools: runnerTools(deployment),
  };
  return [dataFile(ENVIRONMENTS_FILE, data)];
}

/**
 * Commands and program versions of a deployment: the tasks call this package, so another version of it may deploy
 * something else. If it does not, the plan says so, and nothing is deployed.
 */
const TOOLING = ['.projen/tasks.json', 'package.json', 'package-lock.json'];

/** Files that a deployment of an environment reads: a push that changes one is deployed. */
export function deployedFiles(deployment: Pick<Deployment, 'target' | 'environments'>): DeployedFiles {
  const { own, shared, not } = targetGenerator(deployment.target).deployed(deployment);
  return {
    own: [digestFile('*'), ...own],
    shared: [...TOOLING, ...shared],
    not: [...not, '**/*.md'],
  };
}

/**
 * The publisher whose signature an image must have: the issuer of its identity and its workflow; the branch is added
 * later.
 */
export function publisherOf({ repository }: Pick<Deployment, 'repository'>) {
  return {
    issuer: `https://${OIDC_ISSUER}`,
    workflow: `https://github.com/${repository.name}/.github/workflows/publish-image.yml`,
  };
}

/** Programs that a runner must have to deploy and verify; GitHub's have them. */
export function runnerTools({ target }: Deployment): string[] {
  return ['git', 'aws', ...targetGenerator(target).deploysWith];
}

/** The tasks by which an image gets from environment to environment. */
export function deliveryTasks({ environments }: Deployment): TaskSpec[] {
  const task = (name: string, description: string): TaskSpec => ({
    name,
    description,
    steps: [{ exec: `${OWN_COMMAND} ${name.replace(':', ' ')}`, receiveArgs: true }],
  });
  const of = (command: keyof typeof PURPOSES, environment?: string) => {
    const purpose = PURPOSES[command].replace('ENV', environment ?? '');
    return task(environment ? `${command}:${environment}` : command, purpose[0]!.toUpperCase() + purpose.slice(1));
  };
  const [first] = environments;
  return [
    task('publish-image', `Make the image, push it to the registry of ${first!.name}, and name it there`),
    of('scan-image'),
    of('attest-image'),
    ...environments.flatMap(({ name }, index) => [
      ...(index === 0
        ? []
        : [
            task(`promote:${name}`, `Copy the image of ${environments[index - 1]!.name} to ${name}, and name it there`),
          ]),
      of('rollback', name),
      task(
        `analyze:${name}`,
        `Read the account of ${name}, and write docs/analysis/${name}.md; it changes nothing there`,
      ),
      of('check', name),
      of('set-image', name),
      of('check-signature', name),
      of('report-plan', name),
      of('drift', name),
      of('verify', name),
      of('status', name),
      of('logs', name),
    ]),
  ];
}

/** Data of an environment, for the commands of delivery. */
function environmentData(environment: Environment, deployment: Deployment): DeliveryEnvironment {
  const { name, account, region, url, service, quiltStack, access } = environment;
  const registry = registryOf(environment, deployment);
  const delivery = deliveryOf(environment);
  const roles = rolesOf(environment, deployment);
  return {
    name,
    account,
    region,
    registry: { account: registry.account, region: registry.region, uri: registry.repository.uri },
    roles: delivery ? Object.fromEntries(roles.map(({ duty, arn }) => [duty, arn])) : null,
    service: { cluster: service.clusterArn, name: service.serviceName },
    quiltStack: { name: deployment.name, network: { ...quiltStack, albEgressGroupId: service.albEgressGroupId } },
    drift: targetGenerator(deployment.target).drift(environment),
    actions: targetGenerator(deployment.target).actions(environment),
    // The response to a request without a token.
    smoke: { url, body: INITIALIZE, status: deployment.conventions.auth.anonymous },
    // Each may be absent.
    publishesAs: environment.registry ? undefined : SHARED,
    audience: delivery && otherAudience(delivery),
    deploySessionSeconds: delivery && maxSessionOf(delivery),
    runner: access.runner,
    verify: access.verify === 'aws' ? access.verify : undefined,
    verifySignature: access.verifySignature,
  };
}
