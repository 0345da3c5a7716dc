import type { TestEngine } from '../../generators/target';
import { type Finished, installPackages, run } from './run';

/** How one of the steps after writing ended. */
export interface StepResult {
  readonly status: 'done' | 'skipped' | 'failed';
  /** For its reader: what was done, or why not. */
  readonly message: string;
  /** What the failed command said. */
  readonly output?: string;
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
  readonly testEngine?: TestEngine;
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
    const { status, message, output } = await action();
    out.write(`${clear}${{ done: '✓', skipped: '-', failed: '✗' }[status]} ${message}\n`);
    if (output !== undefined) {
      const tail = output.trimEnd().split('\n').slice(-40);
      out.write(tail.map((line) => `    ${line}\n`).join(''));
    }
    return status;
  };
  const results = { ...NOTHING_DONE };
  if (options.install) {
    results.install = await step('installing packages', () => install(directory, signal));
  }
  if (results.install === 'done') {
    results.tests = await step('running its tests', () => runTests(options.testEngine, directory, signal));
  }
  if (options.git) {
    results.git = await step('committing', () => initGit(directory, options.commitMessage, signal));
  }
  return results;
}

/** Installs the packages of a new repository, and so writes its lock file. */
async function install(directory: string, signal: AbortSignal): Promise<StepResult> {
  const { ok, output } = await installPackages(directory, signal);
  if (!ok) {
    return { status: 'failed', message: 'npm install failed', output };
  }
  const added = /added (\d+) packages?/.exec(output)?.[1];
  return { status: 'done', message: added ? `${added} packages installed` : 'packages installed' };
}

/** Runs the new repository's own tests, where the engine that they need is there. */
async function runTests(engine: TestEngine | undefined, directory: string, signal: AbortSignal): Promise<StepResult> {
  const missing = await missingEngine(engine, directory, signal);
  if (missing) {
    return { status: 'skipped', message: `its tests were not run: ${missing}` };
  }
  const { ok, output } = await run('npm', ['test'], directory, signal);
  const count = (word: string) => Number(new RegExp(`^(?:#|ℹ) ${word} (\\d+)`, 'm').exec(output)?.[1] ?? Number.NaN);
  if (!ok) {
    return { status: 'failed', message: `its tests: ${count('fail') || 'some'} failed`, output };
  }
  return { status: 'done', message: `its tests: ${count('pass')} passed` };
}

/** Why the engine of the tests will not do, or undefined where it will, or where none is needed. */
async function missingEngine(
  engine: TestEngine | undefined,
  directory: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!engine) {
    return undefined;
  }
  const { ok, output } = await run(engine.command, engine.args, directory, signal);
  return ok ? engine.reasonAgainst(output) : `${engine.command} is not on the PATH`;
}

/** Makes a git repository with a first commit, unless there is one around it, or git cannot. */
async function initGit(directory: string, message: string, signal: AbortSignal): Promise<StepResult> {
  const git = (...args: string[]): Promise<Finished> => run('git', args, directory, signal);
  if (!(await git('--version')).ok) {
    return { status: 'skipped', message: 'no git repository: git is not on the PATH' };
  }
  if ((await git('rev-parse', '--is-inside-work-tree')).ok) {
    return { status: 'skipped', message: 'no git repository: the directory lies in one already' };
  }
  const init = await git('init', '--initial-branch=main');
  if (!init.ok) {
    return { status: 'failed', message: 'git init failed', output: init.output };
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
    const { ok, output } = await git(...args);
    if (!ok) {
      return { status: 'failed', message: `git ${args.includes('commit') ? 'commit' : 'add'} failed`, output };
    }
  }
  return { status: 'done', message: 'git repository, first commit' };
}
