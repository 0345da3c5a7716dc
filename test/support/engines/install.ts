import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Where the engines live: git-ignored, safe to delete. */
export const ENGINES_DIR = resolve(__dirname, '../../../.engines');

const PYTHONS = ['python3.13', 'python3.12', 'python3.11', 'python3'];
const UV = 'uv==0.13.9';
const STDERR = 2;
const POLL_MS = 200;
/** A lock without its owner's number is a dead owner's after this long: taking one is two steps. */
const TAKING_MS = 60_000;

/** Forgets which installations failed, or were killed in the middle of a step, so that a new run tries them again. */
export function forgetFailures(): void {
  mkdirSync(ENGINES_DIR, { recursive: true });
  for (const name of readdirSync(ENGINES_DIR).filter((entry) => /\.(failed|taking)$/.test(entry))) {
    rmSync(join(ENGINES_DIR, name), { recursive: true, force: true });
  }
}

/**
 * The folder below `.engines/` for an engine that is made of `parts`: other parts (versions, lists of packages), another
 * folder.
 */
export function engineFolder(name: string, ...parts: readonly string[]): string {
  return join(ENGINES_DIR, `${name}-${createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12)}`);
}

/**
 * Makes a folder that does not change once it is complete. Several processes may call this at once: one installs, the others
 * wait; one installation runs at a time, whatever it is of. Rejects with the reason if it fails, and so does every later call
 * in the same run.
 *
 * @param what the engine, as the progress line names it
 */
export async function installOnce(what: string, home: string, install: (home: string) => Promise<void>): Promise<void> {
  const isComplete = () => existsSync(join(home, 'complete'));
  if (isComplete()) return;
  mkdirSync(ENGINES_DIR, { recursive: true });
  const release = await lock(join(ENGINES_DIR, 'install.lock'));
  const failure = join(ENGINES_DIR, `${basename(home)}.failed`);
  try {
    if (isComplete()) return;
    if (existsSync(failure)) throw new Error(readFileSync(failure, 'utf8'));
    rmSync(home, { recursive: true, force: true });
    await withProgress(what, () => install(home), say).catch((error: Error) => {
      writeFileSync(failure, error.message);
      throw error;
    });
    writeFileSync(join(home, 'complete'), '');
  } finally {
    release();
  }
}

/** Says that an engine is being installed, and how that ended. */
export async function withProgress(
  what: string,
  install: () => Promise<void>,
  tell: (line: string) => void,
): Promise<void> {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  tell(`installing ${what} …`);
  try {
    await install();
  } catch (error) {
    tell(`could not install ${what}: it failed after ${seconds()}`);
    throw error;
  }
  tell(`installed ${what} in ${seconds()}`);
}

/** Past vitest, which keeps the lines of a suite until the suite has ended. */
function say(line: string): void {
  writeSync(STDERR, `engines: ${line}\n`);
}

/** The first Python >= 3.11 that really starts; throws if there is none. */
export function findPython(): string {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  // A version manager's shim may be on PATH for a version that it can't start, so each is really run.
  const python = PYTHONS.find((name) => spawnSync(name, ['-c', check], { stdio: 'ignore' }).status === 0);
  if (!python) throw new Error(`no Python >= 3.11 with venv among ${PYTHONS.join(', ')}`);
  return python;
}

/**
 * Makes a virtual environment with packages of the Python registry; rejects if there is no Python >= 3.11.
 *
 * @param args what `pip install` is told: names, or a file of requirements
 */
export async function installPackages(home: string, ...args: readonly string[]): Promise<void> {
  await run(findPython(), ['-m', 'venv', home]);
  await pipInstall(home, ...args);
}

/**
 * Installs packages of the Python registry as `pip install` does, by the Python of a virtual environment. uv does it in a
 * tenth of the time; pip does it if uv can't be had, or does not reach a registry that only pip is set up for.
 */
export async function pipInstall(home: string, ...args: readonly string[]): Promise<void> {
  const python = join(home, 'bin/python');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  try {
    await run(python, [...pip, UV]);
    // Compiled now, as pip does: servers run as a user who can't write there, and the environment may forbid it, too.
    await run(join(home, 'bin/uv'), ['pip', 'install', '--quiet', '--compile-bytecode', '--python', python, ...args]);
  } catch {
    await run(python, [...pip, ...args]);
  }
}

/** Runs a command to its end, however long it takes; rejects with the end of its error stream if it fails. */
export async function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const options = { env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
  await promisify(execFile)(command, args, options).catch(({ message, stdout = '', stderr = '' }) => {
    // Compilers write what they refuse to standard output.
    const said = `${stdout}${stderr}`.slice(-4000);
    throw new Error(`${command} ${args.join(' ')} failed: ${said || message}`);
  });
}

/**
 * Takes the lock folder `path` of this process, and resolves to what releases it. Waits as long as its owner lives; a dead
 * owner's lock is taken over.
 */
export async function lock(path: string): Promise<() => void> {
  for (;;) {
    const release = tryLock(path);
    if (release) return release;
    await sleep(POLL_MS);
  }
}

/** Takes a lock folder as {@link lock} does, if it is free now. */
export function tryLock(path: string): (() => void) | undefined {
  if (isAbandoned(path)) takeAway(path);
  try {
    mkdirSync(path);
    writeFileSync(join(path, 'pid'), String(process.pid));
    return () => rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return undefined;
  }
}

/** By one process at a time, so that none takes away the lock that another has just taken instead. */
function takeAway(path: string): void {
  const taking = `${path}.taking`;
  try {
    mkdirSync(taking);
  } catch {
    return;
  }
  if (isAbandoned(path)) rmSync(path, { recursive: true, force: true });
  rmSync(taking, { recursive: true, force: true });
}

function isAbandoned(path: string): boolean {
  try {
    const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
    if (pid) process.kill(pid, 0);
    return !pid && isOld(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    return code === 'ESRCH' || (code === 'ENOENT' && existsSync(path) && isOld(path));
  }
}

function isOld(path: string): boolean {
  const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return Date.now() - mtimeMs > TAKING_MS;
}
