import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { whyNoBuilder } from './buildah';

/** What an end-to-end suite needs besides Node. */
export type Engine = 'emulator' | 'terraform' | 'builder';

/** Where the engines live: git-ignored, safe to delete. */
export const ENGINES_DIR = resolve(__dirname, '../../.engines');

const REQUIREMENTS = join(__dirname, 'emulator/requirements.txt');
const PLUGIN_CACHE = join(ENGINES_DIR, 'terraform-plugins');
const PYTHONS = ['python3.13', 'python3.12', 'python3.11', 'python3'];
/** Arguments of Python. */
export const PIP_INSTALL = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
const INSTALL_TIMEOUT_MS = 10 * 60_000;
const SEARCH_DEPTH = 4;
const REGISTRY_HOST = 'registry.terraform.io';
const NEVER_SEARCHED = new Set(['proc', 'sys', 'dev', 'run', 'tmp', 'node_modules', '.git', '.terraform']);

/**
 * The Python of a virtual environment that holds the packages of emulator/requirements.txt, which is installed below
 * `.engines/` first where it is not there yet (about half a minute, network). Several processes may call this at once:
 * one installs, the others wait. Throws with the reason when there is no Python >= 3.11 or the installation fails.
 */
export async function ensureEmulator(): Promise<string> {
  const home = emulatorHome();
  mkdirSync(ENGINES_DIR, { recursive: true });
  await installOnce(home, (folder) => installPackages(folder, REQUIREMENTS));
  return join(home, 'bin/python');
}

/** The path of the AWS CLI, which comes with the emulator's packages: it is there once {@link ensureEmulator} is through. */
export function findAws(): string {
  return join(emulatorHome(), 'bin/aws');
}

/** Terraform's command name, or undefined when PATH has no Terraform >= 1.11. */
export function findTerraform(): string | undefined {
  const { status, stdout } = spawnSync('terraform', ['version', '-json'], {
    encoding: 'utf8',
    env: { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: terraformCliConfig() },
  });
  if (status !== 0) return undefined;
  const [major, minor] = (JSON.parse(stdout).terraform_version as string).split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 11) ? 'terraform' : undefined;
}

/**
 * The path of a Terraform CLI configuration below `.engines/`, written first where it is not there. Providers come from
 * a filesystem mirror (a folder that holds `registry.terraform.io`) where there is one: TF_PLUGIN_MIRROR, else the first
 * that a bounded search from the root finds; otherwise from the registry, through a cache below `.engines/`. What was
 * found is kept while it exists; `searchAgain` looks anew.
 */
export function terraformCliConfig({ searchAgain = false } = {}): string {
  const path = join(ENGINES_DIR, 'terraform.tfrc');
  const override = process.env.TF_PLUGIN_MIRROR;
  mkdirSync(PLUGIN_CACHE, { recursive: true });
  if (!override && !searchAgain && existsSync(path)) {
    const mirror = mirrorIn(path);
    if (!mirror || existsSync(join(mirror, REGISTRY_HOST))) return path;
  }
  // Renamed into place, because another worker may be reading it.
  writeFileSync(`${path}.${process.pid}`, cliConfigText(override || findMirror('/', SEARCH_DEPTH)));
  renameSync(`${path}.${process.pid}`, path);
  return path;
}

/** True when providers come from the registry, not from a local mirror. */
export function usesRegistry(): boolean {
  return !mirrorIn(terraformCliConfig());
}

/** The engines of `needed` that are missing, each with the reason. Installs nothing. */
export function missingEngines(needed: readonly Engine[] = ['emulator', 'terraform']): string[] {
  const missing: string[] = [];
  if (needed.includes('terraform') && !findTerraform()) missing.push('terraform: no Terraform >= 1.11 on PATH');
  if (needed.includes('emulator')) {
    const reason = whyNoEmulator();
    if (reason) missing.push(`emulator: ${reason}`);
  }
  if (needed.includes('builder')) {
    const reason = whyNoBuilder();
    if (reason) missing.push(`builder: ${reason}`);
  }
  return missing;
}

/**
 * For `describe.skipIf(skipWithoutEngines())`: false when all of `needed` are there. Otherwise prints which engine is
 * missing and why and returns true; under CI, where a suite that doesn't run must not look green, throws instead.
 */
export function skipWithoutEngines(needed: readonly Engine[] = ['emulator', 'terraform']): boolean {
  const missing = missingEngines(needed);
  if (missing.length === 0) return false;
  if (process.env.CI) throw new Error(`Engines are missing, and CI is set:\n  ${missing.join('\n  ')}`);
  console.warn(`Skipped, engines are missing:\n  ${missing.join('\n  ')}`);
  return true;
}

function emulatorHome(): string {
  const key = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 12);
  return join(ENGINES_DIR, `python-${key}`);
}

function whyNoEmulator(): string | undefined {
  const home = emulatorHome();
  if (existsSync(join(home, 'complete'))) return undefined;
  if (existsSync(`${home}.failed`)) return readFileSync(`${home}.failed`, 'utf8');
  return findPython() ? undefined : noPython();
}

function noPython(): string {
  return `no Python >= 3.11 with venv among ${PYTHONS.join(', ')}`;
}

/** The first Python >= 3.11 that really starts, or undefined. */
export function findPython(): string | undefined {
  const check = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))';
  // A version manager's shim may be on PATH for a version that it can't start, so each is really run.
  return PYTHONS.find((python) => spawnSync(python, ['-c', check], { stdio: 'ignore' }).status === 0);
}

/** Makes a virtual environment with packages of the Python registry; throws where there is no Python >= 3.11. */
export async function installPackages(home: string, requirements: string): Promise<void> {
  const python = findPython();
  if (!python) throw new Error(noPython());
  await run(python, ['-m', 'venv', home]);
  await run(join(home, 'bin/python'), [...PIP_INSTALL, '-r', requirements]);
}

/**
 * Makes a folder that does not change once it is complete. Several processes may call this at once: one installs, the others
 * wait. Throws with the reason when it cannot, and keeps it beside the folder.
 */
export async function installOnce(home: string, install: (home: string) => Promise<void>): Promise<void> {
  const release = await lock(`${home}.lock`);
  try {
    if (existsSync(join(home, 'complete'))) return;
    rmSync(home, { recursive: true, force: true });
    rmSync(`${home}.failed`, { force: true });
    await install(home);
    writeFileSync(join(home, 'complete'), '');
  } catch (error) {
    writeFileSync(`${home}.failed`, (error as Error).message);
    throw error;
  } finally {
    release();
  }
}

/** Runs a command to its end; throws with the end of its error stream when it fails. */
export async function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const options = { env: { ...process.env, ...env }, timeout: INSTALL_TIMEOUT_MS, maxBuffer: 2 ** 26 };
  await promisify(execFile)(command, args, options).catch(({ message, stderr }) => {
    throw new Error(`${command} ${args.join(' ')} failed: ${stderr ? stderr.slice(-2000) : message}`);
  });
}

/** Takes the lock folder `path`, which names its owner, and returns what releases it. A dead owner's lock is taken over. */
export async function lock(path: string): Promise<() => void> {
  const deadline = Date.now() + INSTALL_TIMEOUT_MS;
  for (;;) {
    try {
      mkdirSync(path);
      writeFileSync(join(path, 'pid'), String(process.pid));
      return () => rmSync(path, { recursive: true, force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isAbandoned(path)) rmSync(path, { recursive: true, force: true });
    else if (Date.now() > deadline) throw new Error(`${path} is held by another process`);
    else await sleep(200);
  }
}

function isAbandoned(path: string): boolean {
  try {
    const pid = Number(readFileSync(join(path, 'pid'), 'utf8'));
    if (pid) process.kill(pid, 0);
    // No number yet: its owner is between the two steps of taking it, or died there.
    else return Date.now() - statSync(path).mtimeMs > 5000;
    return false;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return existsSync(path) && Date.now() - statSync(path).mtimeMs > 5000;
    return code === 'ESRCH';
  }
}

function cliConfigText(mirror: string | undefined): string {
  if (mirror) return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
  return `plugin_cache_dir = ${JSON.stringify(PLUGIN_CACHE)}\n`;
}

function mirrorIn(configPath: string): string | undefined {
  const quoted = /^ {4}path = (".*")$/m.exec(readFileSync(configPath, 'utf8'))?.[1];
  return quoted && JSON.parse(quoted);
}

/** Breadth first, so that a folder near the root wins; links are not followed. */
function findMirror(root: string, maxDepth: number): string | undefined {
  let level = [root];
  for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const folder of level) {
      const children = listFolders(folder);
      if (children.includes(REGISTRY_HOST) && existsSync(join(folder, REGISTRY_HOST, 'hashicorp/aws'))) return folder;
      next.push(...children.filter((child) => !NEVER_SEARCHED.has(child)).map((child) => join(folder, child)));
    }
    level = next;
  }
  return undefined;
}

function listFolders(folder: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not ours to read
  }
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
