import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { ServerEngine } from './engine';
import { choosePort } from './ports';

export interface ServerOptions {
  /** Port that a port of this machine stands for. */
  readonly port: number;
  /** All that the server's process has in its environment, but for where its port and its packages are here. */
  readonly environment: Readonly<Record<string, string>>;
  /** As the task definition has it: uid:gid. */
  readonly user: string;
  readonly readonlyRoot: boolean;
  readonly tmpfs: readonly { readonly containerPath: string; readonly size: number }[];
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A server's process, from the moment that it is started. */
export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
  /** Its URL on an address of the loopback interface; 127.0.0.1 is what its container sees, any other is the outside. */
  url(path: string, address?: string): string;
  /** All that it wrote so far, both streams. */
  output(): string;
  /** Resolves to `up` once something answers on its port, to its exit where it ended first; rejects after the limit. */
  settled(limitMs: number): Promise<'up' | Exit>;
  /** Its environment, as the kernel has it. */
  environment(): Record<string, string>;
  signal(signal: NodeJS.Signals): void;
  readonly exited: Promise<Exit>;
  /** Ends it, however it stands. */
  stop(): Promise<void>;
}

/** How far a server is kept apart: a root of its own as another user, the same as oneself, or not at all. */
export type Sandbox = 'root' | 'user' | 'none';

const SCRIPT = join(__dirname, 'sandbox.sh');
const UNSHARE: Record<Exclude<Sandbox, 'none'>, readonly string[]> = {
  root: ['--mount'],
  user: ['--user', '--map-root-user', '--mount'],
};
const POLL_MS = 100;
/** What uvicorn writes once it listens. */
const RUNS = 'Uvicorn running on';
/** Connections that are refused after that, one after the other: then it listens elsewhere. */
const REFUSALS = 3;
/** Milliseconds that one probe may take before the next is sent. */
const PROBE_MS = 30_000;
/** Servers of one worker that may be starting at a time: each takes a core for some seconds. */
const STARTING_AT_ONCE = 2;
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The best sandbox that this machine allows; why it is not a whole one is printed once, and under CI it must be one. */
export const SANDBOX: Sandbox = findSandbox();

/**
 * Starts the server's own console command, or what the engine has for an entry. Its environment is exactly `environment`, with two exceptions that this
 * machine and the installation force: a free port stands for the task's in FASTMCP_PORT, because several servers run at
 * once (and another one for any other port); PYTHONPATH names the version's packages, which the image has in its virtual
 * environment.
 */
export async function startServer(engine: ServerEngine, options: ServerOptions): Promise<ServerProcess> {
  const port = await choosePort();
  const environment: Record<string, string> = { ...options.environment, PYTHONPATH: engine.packages };
  const wanted = options.environment.FASTMCP_PORT;
  if (wanted !== undefined) environment.FASTMCP_PORT = String(wanted === `${options.port}` ? port : await choosePort());
  if (SANDBOX === 'none') Object.assign(environment, NO_WAY_OUT);
  const command = engine.entry ?? [join(engine.venv, 'bin/python'), join(engine.packages, 'bin/quilt-mcp')];
  const release = await startingSlot();
  const root = SANDBOX === 'none' ? undefined : mkdtempSync(join(tmpdir(), 'server-'));
  const argv = root ? inSandbox(root, engine, options, environment, command) : command;
  const child = spawn(argv[0]!, argv.slice(1), {
    cwd: tmpdir(),
    env: root ? { PATH: process.env.PATH } : environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return supervise(child, port, release, () => root && rmdirSync(root));
}

let starting = 0;
const waiting: (() => void)[] = [];

/** Resolves when one more server may start, to what tells that it has; telling twice does no harm. */
async function startingSlot(): Promise<() => void> {
  if (starting >= STARTING_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  else starting++;
  let released = false;
  return () => {
    if (released) return;
    released = true;
    const next = waiting.shift();
    if (next) next();
    else starting--;
  };
}

/** What stands for the missing name resolver where there is no sandbox: nothing may reach a host out there. */
const NO_WAY_OUT = {
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  NO_PROXY: '127.0.0.1,localhost',
};

function inSandbox(
  root: string,
  engine: ServerEngine,
  { user, readonlyRoot, tmpfs }: ServerOptions,
  environment: Readonly<Record<string, string>>,
  command: readonly string[],
): string[] {
  return [
    'unshare',
    ...UNSHARE[SANDBOX as Exclude<Sandbox, 'none'>],
    'sh',
    SCRIPT,
    root,
    SANDBOX === 'root' ? user : '-',
    String(readonlyRoot),
    ...tmpfs.map(({ containerPath, size }) => `${containerPath}:${size}`),
    '--',
    ...engine.folders,
    '--',
    '/usr/bin/env',
    '-i',
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...command,
  ];
}

function findSandbox(): Sandbox {
  const kind = process.getuid?.() === 0 ? 'root' : 'user';
  const root = mkdtempSync(join(tmpdir(), 'server-'));
  const user = kind === 'root' ? '10001:10001' : '-';
  const args = [...UNSHARE[kind], 'sh', SCRIPT, root, user, 'true', '/tmp:1', '--', '--', '/bin/true'];
  const { status, stderr, error } = spawnSync('unshare', args, { encoding: 'utf8' });
  rmdirSync(root);
  if (status === 0) return kind;
  const reason = `The server runs without a read-only root of its own: ${error?.message ?? stderr.trim()}`;
  if (process.env.CI) throw new Error(`${reason}, and CI is set`);
  console.warn(reason);
  return 'none';
}

function supervise(child: ChildProcess, port: number, started: () => void, cleanUp: () => void): ServerProcess {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  running.add(child);
  let exit: Exit | undefined;
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      exit = { code, signal };
      started();
      running.delete(child);
      cleanUp();
      resolve(exit);
    });
  });
  const url = (path: string, address = '127.0.0.1') => `http://${address}:${port}${path}`;
  return {
    pid: child.pid!,
    port,
    url,
    output: () => output,
    exited,
    environment: () => environmentOf(child.pid!),
    signal: (signal) => void child.kill(signal),
    async settled(limitMs) {
      const deadline = Date.now() + limitMs;
      for (let refusals = 0; Date.now() < deadline && refusals < REFUSALS; await sleep(POLL_MS)) {
        if (exit) return exit;
        const runs = output.includes(RUNS);
        const answer = await probe(url('/healthz'));
        if (answer === 'answers') {
          started();
          return 'up';
        }
        refusals = runs && answer === 'refused' ? refusals + 1 : 0;
      }
      started();
      throw new Error(`Nothing answers on port ${port} in time:\n${output.slice(-4000)}`);
    },
    async stop() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function probe(url: string): Promise<'answers' | 'refused' | 'fails'> {
  try {
    await (await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) })).arrayBuffer();
    return 'answers';
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return cause?.code === 'ECONNREFUSED' ? 'refused' : 'fails';
  }
}

function environmentOf(pid: number): Record<string, string> {
  const entries = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(entries.map((entry) => [entry.split('=', 1)[0]!, entry.slice(entry.indexOf('=') + 1)]));
}
