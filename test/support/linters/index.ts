import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import type { Engine } from '../engines';
import { engineFolder, installOnce, installPackages, run } from '../engines/install';

const REQUIREMENTS = join(__dirname, 'requirements.txt');
/** It is published as a Go module only. */
const ACTIONLINT = 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12';
const HOME = engineFolder('linters', readFileSync(REQUIREMENTS, 'utf8'), ACTIONLINT);

/** How the linters are called in a folder with workflows in `.github`: each says nothing, or `[]`, where nothing is wrong. */
export const LINTERS = {
  // It runs shellcheck for what stands in `run`.
  actionlint: ['actionlint', '-no-color', '-shellcheck=shellcheck'],
  zizmor: ['zizmor', '--offline', '--persona=pedantic', '--quiet', '--format=json', '.'],
  // By the rules of the repository itself.
  yamllint: ['yamllint', '--strict', '.'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** actionlint, zizmor, yamllint and shellcheck (20 seconds, network; Go for actionlint). */
export const WORKFLOW_LINTERS: Engine = {
  name: 'the linters of workflows',
  prepare: () =>
    installOnce('the linters of workflows', HOME, async (folder) => {
      await installPackages(folder, '-r', REQUIREMENTS);
      await run('go', ['install', ACTIONLINT], { GOBIN: join(folder, 'bin') });
    }),
};

/** What a linter says of a folder, and its exit code. */
export function lint(
  [command, ...args]: readonly string[],
  cwd: string,
): { readonly output: string; readonly exitCode: number | null } {
  const PATH = [join(HOME, 'bin'), process.env.PATH].join(delimiter);
  const { status, stdout, stderr, error } = spawnSync(command!, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH },
  });
  if (error) throw error;
  return { output: `${stdout}${stderr}`, exitCode: status };
}
