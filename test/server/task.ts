import {
  type ContainerDefinition,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  type Secret,
} from '@aws-sdk/client-ecs';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';

import type { EnvironmentAnswers } from '../../src/config/environment';
import { findDeployable } from '../../src/conventions';
import type { Deployment } from '../../src/model/deployment';
import { awsClients } from '../../src/rehearsal/clients';
import { DEFAULT_REGION, type Emulator } from '../../src/rehearsal/emulator';
import { createQuiltStack } from '../../src/rehearsal/quilt-stack';
import { answersBehind, emitRepository, environmentBehind } from '../support/repository';

const DIGEST = `sha256:${'1'.repeat(64)}`;
const APPROVED = ['-auto-approve'];

/** What ECS and the load balancer know of a deployed service: all that a server gets, and how it is looked at. */
export interface DeployedTask {
  readonly deployment: Deployment;
  /** Environment of the container, secrets resolved as ECS does before it starts one. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of those that came from secrets. */
  readonly secrets: readonly string[];
  readonly user: string;
  readonly readonlyRoot: boolean;
  readonly tmpfs: readonly { readonly containerPath: string; readonly size: number }[];
  /** Port mapping of the container, which is the target group's. */
  readonly port: number;
  readonly stopTimeout: number;
  readonly startPeriod: number;
  /** The container's health check, as ECS hands it to a shell. */
  readonly probe: string;
  /** The target group's health check. */
  readonly targetPath: string;
  readonly targetMatcher: string;
}

/** A secret that exists in the emulated account before a deployment names it. */
export type StoredSecret = { readonly kind: 'parameter' | 'secret'; readonly name: string; readonly value: string };

/**
 * Emits a repository, deploys it to the emulator with the repository's own tasks, and reads back what AWS then has.
 *
 * @param conventions the generation, and the version of its image
 * @param change answers for the environment, given the ARNs of `stored`, each by its name
 */
export async function deployTask(
  emulator: Emulator,
  conventions: { readonly id: string; readonly version: string },
  stored: readonly StoredSecret[],
  change: (arns: Readonly<Record<string, string>>) => Partial<EnvironmentAnswers>,
): Promise<DeployedTask> {
  const stack = await createQuiltStack(emulator);
  const arns: Record<string, string> = {};
  for (const secret of stored) arns[secret.name] = await store(emulator, secret);
  const generation = findDeployable(conventions.id)!;
  const answers = answersBehind(stack, { dev: environmentBehind(stack, change(arns), generation) }, generation);
  const mode = generation.image.shim ? 'shim' : undefined;
  const repository = emitRepository({ ...answers, image: { ...answers.image, version: conventions.version, mode } });
  try {
    const task = async (name: string) => {
      const { exitCode, output } = await repository.run(name, APPROVED, emulator.env);
      if (exitCode !== 0) throw new Error(`${name} ended with ${exitCode}:\n${output}`);
    };
    await task('registry:dev');
    repository.setDigest('dev', DIGEST);
    await task('deploy:dev');
    return await readTask(emulator, repository.deployment);
  } finally {
    repository.remove();
  }
}

async function readTask(emulator: Emulator, deployment: Deployment): Promise<DeployedTask> {
  const { ecs, elb } = awsClients(emulator);
  const { clusterArn, serviceName } = deployment.environments[0]!.service;
  const services = await ecs.send(new DescribeServicesCommand({ cluster: clusterArn, services: [serviceName] }));
  const service = services.services![0]!;
  const { taskDefinition } = await ecs.send(
    new DescribeTaskDefinitionCommand({ taskDefinition: service.taskDefinition! }),
  );
  const container = taskDefinition!.containerDefinitions![0]!;
  const { targetGroupArn, containerPort } = service.loadBalancers![0]!;
  const groups = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [targetGroupArn!] }));
  const [kind, probe] = container.healthCheck!.command!;
  if (kind !== 'CMD-SHELL') throw new Error(`The probe is no shell command: ${kind}`);
  return {
    deployment,
    ...(await environmentOf(emulator, container)),
    user: container.user!,
    readonlyRoot: container.readonlyRootFilesystem!,
    tmpfs: container.linuxParameters!.tmpfs!.map(({ containerPath, size }) => ({
      containerPath: containerPath!,
      size: size!,
    })),
    port: containerPort!,
    stopTimeout: container.stopTimeout!,
    startPeriod: container.healthCheck!.startPeriod!,
    probe: probe!,
    targetPath: groups.TargetGroups![0]!.HealthCheckPath!,
    targetMatcher: groups.TargetGroups![0]!.Matcher!.HttpCode!,
  };
}

async function environmentOf(emulator: Emulator, { environment, secrets }: ContainerDefinition) {
  const resolved = await Promise.all(
    (secrets ?? []).map(async (secret) => [secret.name!, await resolveSecret(emulator, secret)]),
  );
  return {
    environment: Object.fromEntries([...(environment ?? []).map(({ name, value }) => [name!, value!]), ...resolved]),
    secrets: (secrets ?? []).map(({ name }) => name!),
  };
}

/** What ECS puts into a container: a parameter by its ARN, or a secret, of which one JSON key where the ARN names one. */
async function resolveSecret(emulator: Emulator, { valueFrom }: Secret): Promise<string> {
  const [, , service, , , resource, ...rest] = valueFrom!.split(':');
  if (service === 'ssm') {
    const Name = resource!.replace(/^parameter/, '');
    const answer = await call(emulator, 'ssm', 'AmazonSSM.GetParameter', { Name, WithDecryption: true });
    return (answer.Parameter as { Value: string }).Value;
  }
  const [name, key] = rest;
  const SecretId = valueFrom!.split(':').slice(0, 6).concat(name!).join(':');
  const text = (await call(emulator, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId })).SecretString;
  return key ? (JSON.parse(text as string) as Record<string, string>)[key]! : (text as string);
}

async function store(emulator: Emulator, { kind, name, value }: StoredSecret): Promise<string> {
  if (kind === 'parameter') {
    await call(emulator, 'ssm', 'AmazonSSM.PutParameter', { Name: name, Value: value, Type: 'SecureString' });
    return `arn:aws:ssm:${DEFAULT_REGION}:${emulator.accountId}:parameter${name}`;
  }
  const secret = { Name: name, SecretString: value };
  return (await call(emulator, 'secretsmanager', 'secretsmanager.CreateSecret', secret)).ARN as string;
}

/** One call of a JSON service of the emulator, which reads a signature's scope and does not verify it. */
async function call(emulator: Emulator, service: string, target: string, body: object) {
  const response = await fetch(emulator.url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': target,
      Authorization: `AWS4-HMAC-SHA256 Credential=emulator/20250101/${DEFAULT_REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
