import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import { type InterviewState, isKeptState } from '../interview/progress';

/** An interview that was interrupted. It has typed answers and facts, and nothing that a file or an option gave. */
export interface KeptInterview extends Pick<InterviewState, 'typed' | 'lookedUp'> {
  /** Directory of the repository, as typed. */
  readonly directory: string;
  /** Time of the last answer, as ISO 8601. */
  readonly kept: string;
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
export function keepInterview(env: NodeJS.ProcessEnv, directory: string, { typed, lookedUp }: InterviewState): boolean {
  const file = keptInterviewFile(env);
  const kept: KeptInterview = { kept: new Date().toISOString(), directory, typed, lookedUp };
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
