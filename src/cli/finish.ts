import { failureOf, whyFailed } from '../operations/program';
import { runOwnTests } from './own-tests';
import { type Finished, installPackages, run } from './run';

/** How one of the steps after writing ended. */
export interface StepResult {
  readonly status: 'done' | 'skipped' | 'failed';
  /** For its reader: what was done, or why not. Further lines, if any, are details: at most ten of another program's. */
  readonly message: string;
}

/** How each step ended. */
export interface FinishResults {
  readonly install: StepResult['status'];
  readonly tests: StepResult['status'];
  readonly git: StepResult['status'];
}

/** What a run without these steps comes to. */
export const NOTHING_DONE: FinishResults = { install: 'skipped', tests: 'skipped', git: 'skipped' };

export interface FinishOptions {
  readonly install: boolean;
  readonly git: boolean;
  readonly commitMessage: string;
  readonly out: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/**
 * What follows the writing of a new repository: its packages, its own tests, its first commit. A step that fails is
 * reported, and the repository stays.
 *
 * @throws the reason of the signal's abort
 */
export async function finish(directory: string, options: FinishOptions): Promise<FinishResults> {
  const { out, signal } = options;
  const step = async (progress: string, action: () => Promise<StepResult>): Promise<StepResult['status']> => {
    const clear = out.isTTY ? '\r\u001B[K' : '';
    out.write(out.isTTY ? `  ${progress} …` : '');
    const { status, message } = await action();
    const [first = '', ...details] = message.split('\n');
    const line = details.length > 0 ? first.replace(/:$/, '') : first;
    out.write(`${clear}${{ done: '✓', skipped: '-', failed: '✗' }[status]} ${line}\n`);
    out.write(details.map((detail) => `    ${detail}\n`).join(''));
    return status;
  };
  const results = { ...NOTHING_DONE };
  if (options.install) {
    results.install = await step('installing packages', () => install(directory, signal));
  }
  if (results.install === 'done') {
    results.tests = await step('running its tests', () => runOwnTests(directory, signal));
  }
  if (options.git) {
    results.git = await step('committing', () => initGit(directory, options.commitMessage, signal));
  }
  return results;
}

/** Installs the packages of a new repository, and so writes its lock file. */
async function install(directory: string, signal: AbortSignal): Promise<StepResult> {
  const ending = await installPackages(directory, signal);
  if (!ending.ok) {
    return { status: 'failed', message: failureOf('npm install', ending) };
  }
  const added = /added (\d+) packages?/.exec(ending.output)?.[1];
  return { status: 'done', message: added ? `${added} packages installed` : 'packages installed' };
}

/** Makes a git repository with a first commit, unless there is one around it, or git cannot. */
async function initGit(directory: string, message: string, signal: AbortSignal): Promise<StepResult> {
  const git = (...args: string[]): Promise<Finished> => run('git', args, directory, signal);
  const version = await git('--version');
  if (!version.ok) {
    return { status: 'skipped', message: `no git repository: ${whyFailed(version)}` };
  }
  if ((await git('rev-parse', '--is-inside-work-tree')).ok) {
    return { status: 'skipped', message: 'no git repository: the directory lies in one already' };
  }
  const init = await git('init', '--initial-branch=main');
  if (!init.ok) {
    return { status: 'failed', message: failureOf('git init', init) };
  }
  const identity = await git('var', 'GIT_COMMITTER_IDENT');
  if (!identity.ok) {
    return {
      status: 'skipped',
      message: 'git repository without a commit: git does not know your user.name and user.email',
    };
  }
  // Signing may ask for a passphrase, which nobody is asked for here.
  const steps = [
    ['add', '--all'],
    ['-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', message],
  ];
  for (const args of steps) {
    const ending = await git(...args);
    if (!ending.ok) {
      return { status: 'failed', message: failureOf(`git ${args.includes('commit') ? 'commit' : 'add'}`, ending) };
    }
  }
  return { status: 'done', message: 'git repository, first commit' };
}
