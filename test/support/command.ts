import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { buildPackage } from './build';

await buildPackage();

/** The command as it is published: one bundled file, built by the import of this module. */
export const COMMAND = join(__dirname, '../../lib/cli.js');

export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** User to run as, where this process may choose. */
  readonly uid?: number;
  /** Called with what it has written so far, and a way to signal it, whenever it writes. */
  readonly onOutput?: (output: string, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs the command without a terminal, and without anything on its standard input. */
export function runCommand(
  args: readonly string[],
  { cwd, env, uid, onOutput }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      uid,
    });
    const result = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        result[name] += text;
        onOutput?.(result.stdout + result.stderr, (signal) => child.kill(signal));
      });
    }
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...result }));
  });
}
