import { PassThrough } from 'node:stream';

import type { Session } from '../../src/operations/session';

/** A session without a terminal, and what is said in it. */
export function sessionIn(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  signal: AbortSignal = new AbortController().signal,
): { readonly session: Session; readonly said: { readonly stdout: string; readonly stderr: string } } {
  const said = { stdout: '', stderr: '' };
  const to = (name: keyof typeof said) => ({ write: (text: string) => (said[name] += text) });
  const stdin = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream;
  return { session: { root, env, stdin, stdout: to('stdout'), stderr: to('stderr'), signal }, said };
}
