import { commitFiles } from './first-commit';
import { installPackages } from './npm';
import { runRepositoryTests } from './repository-tests';
import type { StepResult } from './step-result';

type StepName = 'install' | 'tests' | 'git';

/** A step that failed. */
export interface StepProblem {
  readonly step: StepName;
  /** As {@link StepResult.message}. */
  readonly message: string;
}

/** Results of the steps after writing. */
export interface FinishResults extends Readonly<Record<StepName, StepResult['status']>> {
  /** Result of each step that began, in a line. */
  readonly steps: Readonly<Partial<Record<StepName, string>>>;
  readonly problems: readonly StepProblem[];
}

/** Results of a run without these steps. */
export const NOTHING_DONE: FinishResults = {
  install: 'skipped',
  tests: 'skipped',
  git: 'skipped',
  steps: {},
  problems: [],
};

export interface FinishOptions {
  readonly install: boolean;
  readonly git: boolean;
  readonly commitMessage: string;
  /** Files that were written, from the repository's root. */
  readonly files: readonly string[];
  /** Gets an undo of all changes to git's repository, before the first. */
  readonly onGit: (undo: () => Promise<void>) => void;
  readonly out: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/**
 * The steps after writing a new repository: its packages, its own tests, its first commit. A step that fails is
 * reported, and the repository stays.
 *
 * @throws the reason of the signal's abort
 */
export async function finish(directory: string, options: FinishOptions): Promise<FinishResults> {
  const { out, signal } = options;
  const results = { ...NOTHING_DONE, steps: {} as Record<string, string>, problems: [] as StepProblem[] };
  const step = async (name: StepName, progress: string, action: () => Promise<StepResult>): Promise<void> => {
    const clear = out.isTTY ? '\r\u001B[K' : '';
    out.write(out.isTTY ? `  ${progress} …` : '');
    const { status, message, warning } = await action();
    const [first = '', ...details] = message.split('\n');
    const line = details.length > 0 ? first.replace(/:$/, '') : first;
    out.write(`${clear}${{ done: '✓', skipped: '-', failed: '✗' }[status]} ${line}\n`);
    out.write(details.map((detail) => `    ${detail}\n`).join(''));
    out.write(warning === undefined ? '' : `! ${warning}\n`);
    results[name] = status;
    results.steps[name] = line;
    if (status === 'failed') {
      results.problems.push({ step: name, message });
    }
  };
  if (options.install) {
    await step('install', 'installing packages', () => install(directory, signal));
  }
  if (results.install === 'done') {
    await step('tests', 'running its tests', () => runRepositoryTests(directory, signal));
  }
  if (options.git && results.install === 'failed') {
    await step('git', 'committing', async () => ({
      status: 'skipped',
      message:
        'nothing is committed: without its packages there is no lock file; after npm install: git init, git add --all, git commit',
    }));
  } else if (options.git) {
    const files = [...options.files, ...(results.install === 'done' ? ['package-lock.json'] : [])];
    const request = { directory, message: options.commitMessage, files };
    await step('git', 'committing', () => commitFiles(request, options.onGit, signal));
  }
  return results;
}

/** Installs the packages of a new repository, and so writes its lock file. */
async function install(directory: string, signal: AbortSignal): Promise<StepResult> {
  const installed = await installPackages(directory, signal);
  return installed.ok
    ? { status: 'done', message: `${installed.count} packages installed` }
    : { status: 'failed', message: installed.why };
}
