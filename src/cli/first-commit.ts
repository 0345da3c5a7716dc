import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findGitPlace, type Git, gitIn, whyGitFailed } from './git';
import type { StepResult } from './step-result';

/** Paths that one call of git takes: Windows allows 32,767 characters. */
const AT_ONCE = 100;

const UNSIGNED =
  'commit.gpgsign asks for a signature, and a signature may ask for a passphrase. This signs the commit: git commit --amend --no-edit --gpg-sign';

/** A commit to make. */
export interface CommitRequest {
  /** Absolute path of the new repository's root. */
  readonly directory: string;
  readonly message: string;
  /** Files that were written, from the root, with `/` between folders. Nothing else is committed. */
  readonly files: readonly string[];
}

/**
 * Commits the files of a new repository: as the first commit of a git repository that it makes, or on the branch of an
 * existing one. If git cannot commit, or must not, the step is skipped with the reason. It fails only if the commit
 * lacks a file.
 *
 * @param onStart gets an undo of everything, before the first change
 * @throws the reason of the abort
 */
export async function commitFiles(
  { directory, message, files }: CommitRequest,
  onStart: (undo: () => Promise<void>) => void,
  signal: AbortSignal,
): Promise<StepResult> {
  const git = gitIn(directory, signal);
  const version = await git('--version');
  if (!version.ok) {
    return skipped(`no git repository: ${whyGitFailed(version)}`);
  }
  const place = await findGitPlace(directory, signal);
  if (place.kind === 'unknown') {
    return skipped(`no git repository: ${place.why}`);
  }
  if (place.kind === 'below') {
    return skipped('no git repository: the directory lies in one already', await leftOut(git, files));
  }
  onStart(place.kind === 'none' ? async () => removeGit(directory) : await rememberGit(directory, git));
  if (place.kind === 'none') {
    const reason = await makeRepository(directory, git, signal);
    if (reason !== undefined) return skipped(`no git repository: ${reason}`);
  }
  const obstacle = await obstacleTo(git);
  if (obstacle !== undefined) {
    return skipped(`${place.kind === 'none' ? 'git repository without a commit' : 'no commit'}: ${obstacle}`);
  }
  const isFirst = !(await git('rev-parse', '--quiet', '--verify', 'HEAD')).ok;
  const refusal = (await stage(git, files)) ?? (await commit(directory, message, signal));
  if (refusal !== undefined) {
    return skipped(`${place.kind === 'none' ? 'git repository without a commit' : 'no commit'}: ${refusal}`);
  }
  const missing = await notIn(git, files);
  if (missing.length > 0) {
    return {
      status: 'failed',
      message: `the commit lacks ${enumerateFiles(missing)}; add them with git add --force, and commit again`,
    };
  }
  const branch = (await git('symbolic-ref', '--quiet', 'HEAD')).stdout.replace(/^refs\/heads\//, '').trim();
  const made =
    place.kind === 'none' ? 'git repository, first commit' : `${isFirst ? 'first commit' : 'commit'} on ${branch}`;
  const wantsSignature = (await git('config', '--type=bool', '--get', 'commit.gpgsign')).stdout.trim() === 'true';
  return wantsSignature
    ? { status: 'done', message: `${made}, unsigned`, warning: UNSIGNED }
    : { status: 'done', message: made };
}

function skipped(message: string, warning?: string): StepResult {
  return { status: 'skipped', message, ...(warning === undefined ? {} : { warning }) };
}

/** Makes a git repository, whose branch is main; returns why it could not. Git before 2.28 has no option for the branch. */
async function makeRepository(directory: string, git: Git, signal: AbortSignal): Promise<string | undefined> {
  // An invalid default branch makes git fail; old versions ignore this setting.
  const made = await git('-c', 'init.defaultBranch=main', 'init', '--quiet');
  if (!made.ok) {
    return `git init failed: ${whyGitFailed(made)}`;
  }
  const place = await findGitPlace(directory, signal);
  if (place.kind !== 'root') {
    return `git made one that is not for this directory${place.kind === 'unknown' ? `: ${place.why}` : ''}`;
  }
  const named = await git('symbolic-ref', 'HEAD', 'refs/heads/main');
  return named.ok ? undefined : `git symbolic-ref failed: ${whyGitFailed(named)}`;
}

/** Reason not to commit now; undefined if there is none. */
async function obstacleTo(git: Git): Promise<string | undefined> {
  for (const who of ['AUTHOR', 'COMMITTER']) {
    const ident = await git('var', `GIT_${who}_IDENT`);
    if (!ident.ok) {
      return /invalid date/.test(ident.output)
        ? `git takes no such date as GIT_${who}_DATE has; unset it, or write one like 2026-11-30T12:00:00Z, then commit the files`
        : 'git does not know your user.name and user.email';
    }
  }
  if (!(await git('symbolic-ref', '--quiet', 'HEAD')).ok) {
    return 'no branch is checked out; switch to one, then commit the files';
  }
  for (const [name, what] of [
    ['MERGE_HEAD', 'a merge'],
    ['CHERRY_PICK_HEAD', 'a cherry-pick'],
    ['REVERT_HEAD', 'a revert'],
  ] as const) {
    if ((await git('rev-parse', '--quiet', '--verify', name)).ok) {
      return `${what} is under way; end it, then commit the files`;
    }
  }
  const staged = await git('diff', '--cached', '--quiet');
  if (staged.ok) {
    return undefined;
  }
  return staged.exitCode === 1 ? 'changes of yours are staged; commit them, then the files' : whyGitFailed(staged);
}

/** With --force: generated files belong into the commit, whatever patterns say. */
async function stage(git: Git, files: readonly string[]): Promise<string | undefined> {
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const added = await git('add', '--force', '--', ...files.slice(start, start + AT_ONCE));
    if (!added.ok) return `git add failed: ${whyGitFailed(added)}`;
  }
  return undefined;
}

async function commit(directory: string, message: string, signal: AbortSignal): Promise<string | undefined> {
  // In the user's language, as hooks run, too. Signing may ask for a passphrase, which nobody could enter.
  const made = await gitIn(directory, signal, {})(
    '-c',
    'commit.gpgsign=false',
    'commit',
    '--quiet',
    '--message',
    message,
  );
  return made.ok ? undefined : `git commit failed, the files are staged: ${whyGitFailed(made)}`;
}

/** Files that the newest commit lacks. */
async function notIn(git: Git, files: readonly string[]): Promise<string[]> {
  const { stdout } = await git('ls-tree', '-r', '-z', '--name-only', 'HEAD');
  const tracked = new Set(stdout.split('\0'));
  return files.filter((path) => !tracked.has(path));
}

/**
 * Warning of files that the ignore patterns of a surrounding repository keep out of git; undefined if there are none.
 */
async function leftOut(git: Git, files: readonly string[]): Promise<string | undefined> {
  const ignored: string[] = [];
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const { exitCode, stdout } = await git('check-ignore', ...files.slice(start, start + AT_ONCE));
    if (exitCode === 0) ignored.push(...stdout.split('\n').filter(Boolean));
  }
  if (ignored.length === 0) {
    return undefined;
  }
  const { stdout } = await git('check-ignore', '--verbose', ignored[0]!);
  const [source = 'a pattern'] = stdout.split('\t');
  return `the repository around it leaves out ${enumerateFiles(ignored)} (${source}); add them with git add --force`;
}

function enumerateFiles(files: readonly string[]): string {
  const named = files.slice(0, 10).join(', ');
  const rest = files.length - 10;
  return `${files.length === 1 ? 'a file' : `${files.length} files`}: ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function removeGit(directory: string): void {
  rmSync(join(directory, '.git'), { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Remembers the branch and the index of a git repository; returns a function that restores them. */
async function rememberGit(directory: string, git: Git): Promise<() => Promise<void>> {
  const head = (await git('rev-parse', '--quiet', '--verify', 'HEAD')).stdout.trim();
  const index = resolve(directory, (await git('rev-parse', '--git-dir')).stdout.trim(), 'index');
  const [before, wasLocked] = [readIfThere(index), existsSync(`${index}.lock`)];
  return async () => {
    const later = gitIn(directory, new AbortController().signal);
    const now = (await later('rev-parse', '--quiet', '--verify', 'HEAD')).stdout.trim();
    if (now !== head) {
      await (head === '' ? later('update-ref', '-d', 'HEAD') : later('update-ref', 'HEAD', head));
    }
    if (!wasLocked) rmSync(`${index}.lock`, { force: true });
    if (before) {
      writeFileSync(index, before);
    } else {
      rmSync(index, { force: true });
    }
  };
}

function readIfThere(file: string): Buffer | undefined {
  return existsSync(file) ? readFileSync(file) : undefined;
}
