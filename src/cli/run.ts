import { stripVTControlCharacters } from 'node:util';

import { plainEnvironment } from '../operations/plain-environment';
import type { Finished } from '../operations/program';
import type { Console } from './console';

export type { Finished };

interface RunOptions {
  /** Variables of its environment, beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where what it says goes as it says it. */
  readonly to?: Pick<Console, 'stdout' | 'stderr'>;
}

/** npm names the folder that it was started in by these; a second npm would work there instead. */
const FROM_NPM = /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_local_prefix$)/i;

/**
 * Runs a command to its end. An abort ends it and all that it started.
 *
 * @throws the reason of the abort
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  { env: more = {}, to }: RunOptions = {},
): Promise<Finished> {
  signal.throwIfAborted();
  const { execa } = await import('execa');
  const own = Object.entries(process.env).filter(([name]) => !FROM_NPM.test(name));
  const env = { ...plainEnvironment(Object.fromEntries(own)), ...more };
  // A process group of its own, so that what it started ends with it.
  const child = execa(command, args, {
    cwd,
    env,
    extendEnv: false,
    detached: true,
    all: true,
    stdin: 'ignore',
    reject: false,
  });
  child.stdout.on('data', (chunk) => to?.stdout.write(chunk));
  child.stderr.on('data', (chunk) => to?.stderr.write(chunk));
  const stop = () => {
    try {
      process.kill(-child.pid!, 'SIGTERM');
    } catch {
      // It has ended already.
    }
  };
  signal.addEventListener('abort', stop);
  const { failed, all = '', stdout = '', exitCode, signal: endedBy, code } = await child;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  return {
    command,
    ok: !failed,
    code: exitCode === undefined && endedBy === undefined ? code : undefined,
    exitCode,
    signal: endedBy,
    output: stripVTControlCharacters(all),
    stdout: stripVTControlCharacters(stdout),
  };
}

/** Installs what the package.json of a repository names, and so writes its lock file. */
export function installPackages(directory: string, signal: AbortSignal): Promise<Finished> {
  return run('npm', ['install', '--include=dev', '--no-audit', '--no-fund'], directory, signal);
}
