import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

import type { WantedFile } from '../../../src/project/changes';
import type { SyncOptions } from '../../../src/project/sync';

/** A sync that another process does. */
export interface Job {
  readonly root: string;
  readonly origin: SyncOptions['origin'];
  readonly files: readonly (Omit<WantedFile, 'content'> & { readonly content: string })[];
}

/** What is done to a process at one of its calls of the file system. */
export interface Fault {
  /** `tear` does half of a write, and then kills; an error's code is thrown once. */
  readonly kind: 'kill' | 'tear' | 'ENOSPC' | 'EACCES' | 'pause';
  /** The call, from 1. */
  readonly at: number;
}

/** How a process ended: 0 done, 3 busy or not writable, 4 another error. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** Runs syncs in processes of their own. */
export interface Runner {
  readonly run: (options: SyncOptions, fault?: Fault) => Ended;
  /** The calls that change anything in the file system, of a sync that nothing happens to. */
  readonly calls: (options: SyncOptions) => string[];
  /** Starts one that waits at a call. */
  readonly pause: (options: SyncOptions, at: number) => Promise<Paused>;
  readonly start: (options: SyncOptions) => Promise<Ended>;
}

/** A process that waits; absent `resume` where it ended before that call. */
export interface Paused {
  readonly resume?: () => void;
  readonly ended: Promise<Ended>;
}

/** Bundles the process, once for many runs. @param folder where its files go */
export function createRunner(folder: string): Runner {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'child.cjs');
  buildSync({
    entryPoints: [join(__dirname, 'child.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
  });
  let jobs = 0;
  const command = (options: SyncOptions) => {
    jobs += 1;
    const job = join(folder, `job${jobs}.json`);
    writeFileSync(job, JSON.stringify(toJob(options)));
    return { args: ['--require', join(__dirname, 'hook.cjs'), script, job], job };
  };
  const start = (options: SyncOptions, env: NodeJS.ProcessEnv = {}) => {
    const { args, job } = command(options);
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    return { child, job, ended: whenEnded(child) };
  };
  const run = (options: SyncOptions, env: NodeJS.ProcessEnv): Ended => {
    const { args } = command(options);
    const child = spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' });
    return { code: child.status, signal: child.signal, output: child.stdout + child.stderr };
  };
  return {
    run: (options, fault) => run(options, fault ? { FAULT: fault.kind, FAULT_AT: String(fault.at) } : {}),
    calls: (options) => {
      const file = join(folder, 'calls');
      run(options, { FAULT_CALLS: file });
      return readFileSync(file, 'utf8').split('\n');
    },
    start: (options) => start(options).ended,
    pause: async (options, at) => {
      const place = join(folder, `pause${jobs}`);
      const env = {
        FAULT: 'pause',
        FAULT_AT: String(at),
        FAULT_PAUSED: `${place}.paused`,
        FAULT_RESUME: `${place}.go`,
      };
      const { ended } = start(options, env);
      const paused = await isThere(`${place}.paused`, ended);
      return paused ? { ended, resume: () => writeFileSync(`${place}.go`, '') } : { ended };
    },
  };
}

function toJob({ root, origin, files }: SyncOptions): Job {
  return { root, origin, files: files.map((file) => ({ ...file, content: file.content.toString('base64') })) };
}

function whenEnded(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += String(data)));
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output })));
}

/** Waits for a file; false where a process ends without it. */
async function isThere(file: string, ended: Promise<Ended>): Promise<boolean> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!existsSync(file)) {
    if (isOver) return existsSync(file);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return true;
}
