import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { ENGINES_DIR, installOnce, installPackages, run } from '../engines';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** It is published as a Go module only. */
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';

/** How the linters are called in a folder with workflows in `.github`: each says nothing, or `[]`, where nothing is wrong. */
export const LINTERS = {
  // It runs shellcheck for what stands in `run`.
  actionlint: ['actionlint', '-no-color', '-shellcheck=shellcheck'],
  zizmor: ['zizmor', '--offline', '--persona=pedantic', '--quiet', '--format=json', '.'],
  // By the rules of the repository itself.
  yamllint: ['yamllint', '--strict', '.'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** How shellcheck is called for scripts. */
export const SHELLCHECK: readonly string[] = ['shellcheck', '--norc', '--severity=style'];

/**
 * Installs the linters below `.engines/` where they are not there yet (20 seconds, network). Several processes may call
 * this at once. Throws with the reason when it cannot.
 */
export async function ensureLinters(): Promise<void> {
  mkdirSync(ENGINES_DIR, { recursive: true });
  await installOnce(home(), async (folder) => {
    await installPackages(folder, REQUIREMENTS);
    await run('go', ['install', ACTIONLINT], { GOBIN: join(folder, 'bin') });
  });
}

/** Why the linters cannot be run here, or undefined where they are installed. Installs nothing. */
export function whyNoLinters(): string | undefined {
  if (existsSync(join(home(), 'complete'))) return undefined;
  const failed = `${home()}.failed`;
  return existsSync(failed)
    ? readFileSync(failed, 'utf8')
    : 'they are not installed (vitest does so before the first suite)';
}

/** For `describe.skipIf(…)`: says why where the linters are missing, and throws under CI, as `skipWithoutEngines` does. */
export function skipWithoutLinters(): boolean {
  const reason = whyNoLinters();
  if (reason === undefined) return false;
  if (process.env.CI) throw new Error(`The linters of workflows are missing, and CI is set: ${reason}`);
  console.warn(`Skipped, the linters of workflows are missing: ${reason}`);
  return true;
}

/** What a linter says of a folder, and its exit code. */
export function lint(
  [command, ...args]: readonly string[],
  cwd: string,
): { readonly output: string; readonly exitCode: number | null } {
  const PATH = [join(home(), 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command!, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  if (error) throw error;
  return { output: `${stdout}${stderr}`, exitCode: status };
}

function home(): string {
  const key = createHash('sha256').update(readFileSync(REQUIREMENTS)).update(ACTIONLINT).digest('hex').slice(0, 12);
  return join(ENGINES_DIR, `linters-${key}`);
}
