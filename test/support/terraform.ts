import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { HANG_MS } from './machine.mjs';

export interface TerraformOptions {
  /** After this many milliseconds the command and its providers are killed. Default: {@link HANG_MS}. */
  timeoutMs?: number;
}

export interface TerraformResult {
  /** Terraform's own; `plan -detailed-exitcode` ends with 2 when there are changes. */
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Both streams, as they came. */
  output: string;
}

/** The parts of `terraform show -json <plan>` that suites read. */
export interface TerraformPlan {
  planned_values: { root_module: TerraformModule };
  resource_changes?: {
    address: string;
    type: string;
    name: string;
    change: { actions: string[]; before: Record<string, unknown> | null; after: Record<string, unknown> | null };
  }[];
  resource_drift?: { address: string }[];
  [key: string]: unknown;
}

export interface TerraformModule {
  resources?: { address: string; type: string; name: string; values: Record<string, unknown> }[];
  child_modules?: TerraformModule[];
}

const NO_INPUT = new Set(['apply', 'destroy', 'import', 'init', 'plan', 'refresh']);
const NO_COLOR = new Set([...NO_INPUT, 'fmt', 'output', 'show', 'test', 'validate']);
const AUTO_APPROVE = new Set(['apply', 'destroy']);
const GRACE_MS = 5_000;

/** Process groups that are running, killed when this process ends. */
const running = new Set<number>();
process.on('exit', () => {
  for (const pid of running) killGroup(pid, 'SIGKILL');
});

/**
 * Runs `terraform <args>` in `dir`, without a question, a prompt or colours, in this process's environment overlaid by
 * `env` (undefined removes). A failing command is a result, not an error; rejects when Terraform cannot start and when
 * it was killed after `timeoutMs`.
 */
export function terraform(
  dir: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  { timeoutMs = HANG_MS }: TerraformOptions = {},
): Promise<TerraformResult> {
  const argv = withFlags(args);
  return new Promise((resolve, reject) => {
    // Its own process group, so that the provider plugins end with it.
    const child = spawn('terraform', argv, {
      cwd: dir,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const result: TerraformResult = { exitCode: -1, stdout: '', stderr: '', output: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        result[stream] += text;
        result.output += text;
      });
    }
    const pid = child.pid;
    if (pid) running.add(pid);
    let timedOut = false;
    let hardKill: NodeJS.Timeout | undefined;
    const timer = setTimeout(() => {
      timedOut = true;
      // Interrupted, Terraform saves its state and releases its lock; it gets a moment for that.
      if (pid) killGroup(pid, 'SIGINT');
      hardKill = setTimeout(() => pid && killGroup(pid, 'SIGKILL'), GRACE_MS);
    }, timeoutMs);
    const settle = () => {
      clearTimeout(timer);
      clearTimeout(hardKill);
      if (pid) running.delete(pid);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (code) => {
      settle();
      if (timedOut) {
        reject(
          new Error(`terraform ${argv.join(' ')} did not end within ${timeoutMs} ms:\n${result.output.slice(-4000)}`),
        );
      } else resolve({ ...result, exitCode: code ?? -1 });
    });
  });
}

/** Plans in `dir` (`args` are more arguments of plan) and returns the plan as JSON; rejects when the plan fails. */
export async function planJson(
  dir: string,
  env: NodeJS.ProcessEnv = {},
  { args = [], ...options }: TerraformOptions & { args?: readonly string[] } = {},
): Promise<TerraformPlan> {
  const scratch = mkdtempSync(join(tmpdir(), 'terraform-plan-'));
  try {
    const file = join(scratch, 'plan');
    await succeed(terraform(dir, ['plan', `-out=${file}`, ...args], env, options));
    return JSON.parse((await succeed(terraform(dir, ['show', '-json', file], env, options))).stdout);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function succeed(command: Promise<TerraformResult>): Promise<TerraformResult> {
  const result = await command;
  if (result.exitCode !== 0) throw new Error(`terraform ended with ${result.exitCode}:\n${result.output}`);
  return result;
}

function withFlags([command, ...rest]: readonly string[]): string[] {
  const flags = [
    ...(NO_INPUT.has(command) ? ['-input=false'] : []),
    ...(AUTO_APPROVE.has(command) ? ['-auto-approve'] : []),
    ...(NO_COLOR.has(command) ? ['-no-color'] : []),
  ];
  return [command, ...flags, ...rest];
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended already.
  }
}
