import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse as parseYaml } from 'yaml';

import { withOwnCommand, writeNpx } from './own-command';
import { putProgram } from './put-program';

export type Values = Readonly<Record<string, string>>;

interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Values;
  readonly env?: Values;
}

export interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly env?: Values;
  readonly outputs?: Values;
  readonly steps: readonly Step[];
}

/** Where the commands of jobs run. */
export interface Runner {
  /** The working copy. */
  readonly directory: string;
  /** What the jobs of one run share: RUNNER_TEMP is here, so that artifacts get from one to the other. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What stands in for an action, by its name without version; others do nothing. */
  readonly actions?: Readonly<Record<string, (inputs: Values) => Promise<void>>>;
}

export interface JobResult {
  readonly exitCode: number;
  readonly output: string;
  /** Of the job, where it came to its end. */
  readonly outputs: Values;
}

/** Needs a network, and is here already or is not what a test is about. */
const NOT_HERE = /^(npm ci|go install|pipx install) /;

/** The jobs of an emitted workflow, as they stand there. */
export function readJobs(directory: string, workflow: string): Readonly<Record<string, Job>> {
  return parseYaml(readFileSync(join(directory, `.github/workflows/${workflow}.yml`), 'utf8')).jobs;
}

/**
 * Runs the commands of a job one after the other, until one fails, as GitHub's runner does it with `shell: bash`. This process
 * goes on meanwhile: what they talk to may be in it.
 *
 * @param contexts what each expression comes to, such as `inputs.environment`
 */
export async function runJob(job: Job, contexts: Values, runner: Runner): Promise<JobResult> {
  const { directory, folder, env, actions = {} } = runner;
  const bin = join(folder, 'bin');
  writeNpm(bin);
  writeNpx(bin);
  const told = join(folder, 'told');
  const own: Record<string, string> = { 'github.run_attempt': '1', ...contexts, 'job.status': 'success' };
  let said = '';
  let failed: number | undefined;
  for (const step of job.steps) {
    if (failed !== undefined && step.if !== 'always()') continue;
    const action = step.uses && actions[step.uses.replace(/@.*/, '')];
    if (action) await action(resolvedAll(step.with, own));
    if (!step.run || NOT_HERE.test(step.run)) continue;
    writeFileSync(told, '');
    const { exitCode, output } = await runCommand(step.run, directory, {
      ...env,
      PATH: withOwnCommand([bin, env.PATH ?? process.env.PATH].join(delimiter)),
      RUNNER_TEMP: join(folder, 'temp'),
      GITHUB_OUTPUT: told,
      ...resolvedAll(job.env, own),
      ...resolvedAll(step.env, own),
    });
    said += output;
    if (exitCode !== 0) {
      failed ??= exitCode;
      own['job.status'] = 'failure';
    }
    for (const line of readFileSync(told, 'utf8').split('\n').filter(Boolean)) {
      const [key, value] = line.split(/=(.*)/s) as [string, string];
      own[`steps.${step.id}.outputs.${key}`] = value;
    }
  }
  if (failed !== undefined) return { exitCode: failed, output: said, outputs: {} };
  return { exitCode: 0, output: said, outputs: resolvedAll(job.outputs, own) };
}

/** Values with their expressions replaced; each of these is one entry of a context. */
export function resolvedAll(values: Values | undefined, contexts: Values): Record<string, string> {
  const resolved = (value: string) =>
    String(value).replace(/\$\{\{ (.*?) \}\}/g, (_, entry: string) => {
      if (!(entry in contexts)) throw new Error(`not known: ${entry}`);
      return contexts[entry]!;
    });
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, resolved(value)]));
}

/** What `npm run` is in an emitted repository: projen's own command, which is this repository's here. */
function writeNpm(bin: string): void {
  putProgram(join(bin, 'npm'), 'npm-run.sh', { NODE: process.execPath, PROJEN: require.resolve('projen/bin/projen') });
}

async function runCommand(command: string, cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
  return { exitCode, output };
}
