import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';

import { digestFile } from '../../generators/digest';
import type { EnvironmentAnswers } from '../../src/config/environment';
import { exampleAnswers, exampleEnvironment } from '../../src/config/example';
import type { Answers } from '../../src/config/repository';
import { type Deployable, LATEST } from '../../src/conventions';
import type { Deployment } from '../../src/model/deployment';
import { QuiltMcpDeployProject } from '../../src/project/project';
import { newTree } from '../../src/project/sync';
import { createTree } from '../../src/project/writer';
import type { EmulatedQuiltStack } from '../../src/rehearsal/quilt-stack';
import { type Files, unpackRepository } from './fixtures';
import { linkEveryPackage, linkPackages } from './installed';
import { withOwnCommand } from './own-command';

/** An emitted repository on disk. */
export interface EmittedRepository {
  readonly directory: string;
  readonly deployment: Deployment;
  /** Writes what publishing writes: the digest of an image. */
  setDigest(environment: string, digest: string | null): void;
  /** Runs one of its tasks, without a terminal; what follows is passed to it. */
  run(
    task: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
  ): Promise<{ readonly exitCode: number; readonly output: string }>;
  remove(): void;
}

/** Emits a repository into a temporary folder, as the command does, but for what comes after the writing. */
export function emitRepository(answers: Answers): EmittedRepository {
  return inTemporaryFolder((directory) => {
    const project = new QuiltMcpDeployProject({ answers, repositoryRoot: directory, generator: '0.0.0' });
    createTree(directory, newTree(project.syncOptions()));
    return project.deployment;
  });
}

/**
 * Writes a repository that an earlier version emitted into a temporary folder.
 *
 * @param deployment what its answers come to
 */
export function restoreRepository(files: Files, deployment: Deployment): EmittedRepository {
  return inTemporaryFolder((directory) => {
    unpackRepository(files, directory);
    return deployment;
  });
}

function inTemporaryFolder(write: (directory: string) => Deployment): EmittedRepository {
  const parent = mkdtempSync(join(tmpdir(), 'emitted-'));
  const directory = join(parent, 'repository');
  const deployment = write(directory);
  // What `npm install` would put there.
  (deployment.target === 'cdk' ? linkEveryPackage : linkPackages)(directory);
  return {
    directory,
    deployment,
    setDigest: (environment, digest) =>
      writeFileSync(join(directory, digestFile(environment)), `${JSON.stringify({ digest })}\n`),
    run: (task, args, env) => runTask(directory, task, args, env),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

/**
 * The task as an emitted repository runs it, by projen's own command, which is this repository's here. This process goes
 * on meanwhile: what the task talks to may be in it.
 */
export async function runTask(cwd: string, task: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const PATH = withOwnCommand(env.PATH);
  const options = { cwd, env: { ...process.env, ...env, PATH }, maxBuffer: 2 ** 26 };
  const child = promisify(execFile)(process.execPath, [require.resolve('projen/bin/projen'), task, ...args], options);
  child.child.stdin?.end();
  try {
    const { stdout, stderr } = await child;
    return { exitCode: 0, output: stripVTControlCharacters(`${stdout}${stderr}`) };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, output: stripVTControlCharacters(`${stdout}${stderr}`) };
  }
}

/**
 * Answers for one environment behind a Quilt stack of the emulator; with what its conventions demand beyond, which for a
 * secret is only an ARN.
 */
export function environmentBehind(
  stack: EmulatedQuiltStack,
  change: Partial<EnvironmentAnswers> = {},
  conventions: Deployable = LATEST,
): EnvironmentAnswers {
  const example = exampleEnvironment('dev', 1, conventions);
  const secretArn = example.auth?.secretArn?.replace(/:ssm:[^:]+:\d+:/, `:ssm:${stack.region}:${stack.accountId}:`);
  return {
    account: stack.accountId,
    region: stack.region,
    catalogUrl: `https://${stack.catalogHost}`,
    registryUrl: `https://${stack.registryHost}`,
    routing: { mode: 'path', host: stack.catalogHost, priority: 10 },
    network: {
      vpcId: stack.vpcId,
      privateSubnetIds: stack.privateSubnetIds,
      listenerArn: stack.listenerArn,
      albSecurityGroupIds: stack.albSecurityGroupIds,
      albEgress: { create: stack.albSecurityGroupIds[0]! },
      albIdleTimeout: 1000,
      albDnsName: stack.albDnsName,
      albHostedZoneId: stack.albHostedZoneId,
      clusterName: stack.clusterName,
    },
    auth: { ...example.auth, ...(secretArn && { secretArn }) },
    environment: example.environment,
    retainData: false,
    ...(conventions.sessions.stateful && { capacity: example.capacity }),
    ...change,
  };
}

/** Answers for a deployment behind a Quilt stack of the emulator. */
export function answersBehind(
  stack: EmulatedQuiltStack,
  environments: Record<string, EnvironmentAnswers>,
  conventions: Deployable = LATEST,
  target: NonNullable<Answers['target']> = 'terraform',
): Answers {
  const { state: _state, ...example } = exampleAnswers(conventions);
  return {
    ...example,
    target,
    name: stack.name,
    ...(target === 'terraform' ? { state: { bucket: stack.stateBucket, region: stack.region } } : {}),
    environments,
  };
}
