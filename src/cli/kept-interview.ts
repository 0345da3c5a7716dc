import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { type InterviewState, isKeptState } from '../interview/progress';
import type { CreateOptions } from './create-options';

/** Options that an interview may have been started with. */
export type InterviewOptions = Omit<CreateOptions, 'directory' | 'yes' | 'resume'>;

/** Options that go on with an interview, and the names of those that do not. */
interface KeptOptions
  extends Partial<Pick<InterviewOptions, 'profile'>>,
    Pick<InterviewOptions, 'no-install' | 'no-git'> {
  readonly others: readonly string[];
}

/** An interview that was interrupted. It has typed answers and facts, and no answer that a file or an option gave. */
export interface KeptInterview extends Pick<InterviewState, 'typed' | 'lookedUp'> {
  /** Absent if an earlier version kept it. */
  readonly options?: KeptOptions;
  /** Directory of the repository, as typed. */
  readonly directory: string;
  /** Time of the last answer, as ISO 8601. */
  readonly kept: string;
}

/** The options of a run that goes on with an interview: those of its first start, too. */
export function resumedOptions<T extends InterviewOptions>(options: T, kept: KeptInterview): T {
  if (!kept.options) return options;
  const { profile, 'no-install': noInstall, 'no-git': noGit } = kept.options;
  return {
    ...options,
    profile: options.profile ?? profile,
    'no-install': options['no-install'] || noInstall,
    'no-git': options['no-git'] || noGit,
  };
}

/** Lines for somebody who goes on with an interview: the options that are kept of it, and those that are not. */
export function describeKept({ directory, typed, options }: KeptInterview, given: InterviewOptions): string[] {
  const answers = Object.values(typed).filter(({ isGiven, isForgotten }) => !isGiven && !isForgotten).length;
  const now = givenNames(given);
  const [again, lost] = options
    ? [givenNames({ ...NO_OPTIONS, ...options }), options.others.filter((name) => !now.includes(name))]
    : [[], []];
  return [
    `Going on with ${directory}. Answers kept: ${answers}.`,
    ...(again.length > 0 ? [`These options of its first start hold: ${again.join(', ')}.`] : []),
    ...(lost.length > 0
      ? [
          `These options of its first start are not kept: ${lost.join(', ')}. If you still want them, press Ctrl-C, and give them again with --resume.`,
        ]
      : []),
  ];
}

/** Options of an interview that was started without any. */
export const NO_OPTIONS: InterviewOptions = {
  config: undefined,
  set: [],
  target: undefined,
  profile: undefined,
  'dry-run': false,
  'no-install': false,
  'no-git': false,
  json: false,
};
/** Options whose answers are not kept, for a file or a person may hold them in confidence, and those of a single run. */
const NOT_KEPT = ['--config', '--set', '--target', '--dry-run', '--json'];

/** Options that were given, by name. */
function givenNames(options: InterviewOptions): string[] {
  return (Object.keys(NO_OPTIONS) as (keyof InterviewOptions)[])
    .filter((key) => (Array.isArray(options[key]) ? options.set.length > 0 : Boolean(options[key])))
    .map((key) => `--${key}`);
}

function keptOptions(options: InterviewOptions): KeptOptions {
  const { profile, 'no-install': noInstall, 'no-git': noGit } = options;
  const others = givenNames(options).filter((name) => NOT_KEPT.includes(name));
  return { ...(profile && { profile }), 'no-install': noInstall, 'no-git': noGit, others };
}

/** The file that keeps an interview: outside of every repository. Source: XDG Base Directory Specification, XDG_STATE_HOME. */
export function keptInterviewFile(env: NodeJS.ProcessEnv): string {
  const home = env.HOME || homedir();
  const folder =
    env.XDG_STATE_HOME ||
    (process.platform === 'win32' && env.LOCALAPPDATA ? env.LOCALAPPDATA : join(home, '.local', 'state'));
  return join(folder, 'create-quilt-mcp-deploy', 'interview.json');
}

/** The interview that was interrupted last; undefined if there is none, or nobody can read it. */
export function findKeptInterview(env: NodeJS.ProcessEnv): KeptInterview | undefined {
  try {
    const kept = JSON.parse(readFileSync(keptInterviewFile(env), 'utf8'));
    return isKeptState(kept) ? (kept as KeptInterview) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps an interview, readable by its user alone, in the place of another one.
 *
 * @returns whether it is kept: a folder that cannot be written stops no interview
 */
export function keepInterview(
  env: NodeJS.ProcessEnv,
  directory: string,
  options: InterviewOptions,
  { typed, lookedUp }: InterviewState,
): boolean {
  const file = keptInterviewFile(env);
  const kept: KeptInterview = {
    kept: new Date().toISOString(),
    directory,
    options: keptOptions(options),
    typed,
    lookedUp,
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    const next = `${file}.${process.pid}`;
    writeFileSync(next, `${JSON.stringify(kept, undefined, 2)}\n`, { mode: 0o600 });
    renameSync(next, file);
    return true;
  } catch {
    return false;
  }
}

/** Forgets the kept interview. */
export function forgetInterview(env: NodeJS.ProcessEnv): void {
  rmSync(keptInterviewFile(env), { force: true });
}
