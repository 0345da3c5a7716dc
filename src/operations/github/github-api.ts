import { childEnvironment } from '../child-environment';
import { Failed } from '../failed';
import { runProgram } from '../program';
import type { Session } from '../session';

/** An answer of GitHub's REST API. */
export interface Answer<T> {
  /** HTTP status; 200 for each success. */
  readonly status: number;
  readonly body: T;
  /** Text of GitHub if it refuses. */
  readonly said: string;
}

/**
 * Asks GitHub's REST API.
 *
 * @param body sent as JSON
 * @throws GhIsMissing if gh cannot be started; Failed if it is not logged in, or GitHub does not answer
 */
export type GithubApi = <T = unknown>(
  method: 'GET' | 'PUT' | 'POST' | 'PATCH',
  path: string,
  body?: object,
) => Promise<Answer<T>>;

/** GitHub's command line is not on this machine. */
export class GhIsMissing extends Failed {}

/** GitHub's REST API by its command line, which is logged in. */
export function githubApi({ root, env, signal }: Pick<Session, 'root' | 'env' | 'signal'>): GithubApi {
  return async <T>(method: string, path: string, body?: object) => {
    const words = ['api', '--method', method, path, ...(body === undefined ? [] : ['--input', '-'])];
    const input = body === undefined ? undefined : JSON.stringify(body);
    const ending = await runProgram('gh', words, { cwd: root, env: childEnvironment(env), signal, input });
    if (ending.code !== undefined)
      throw new GhIsMissing(`GitHub's command line, gh, cannot be started (${ending.code}).`);
    const status = ending.ok ? 200 : Number(/\(HTTP (\d{3})\)/.exec(ending.output)?.[1] ?? 0);
    // The answer itself, as JSON, is on standard output.
    const said = /^gh: (.*)$/m.exec(ending.output)?.[1] ?? ending.output.trim();
    if (status === 0 || status === 401) {
      throw new Failed(`gh ${words.slice(0, 4).join(' ')} failed. Is it logged in? gh auth login\n${said}`);
    }
    return { status, said, body: (ending.ok && ending.stdout.trim() ? JSON.parse(ending.stdout) : {}) as T };
  };
}
