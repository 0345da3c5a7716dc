import { isCi } from './ci';

/** The streams and variables of a run, so that tests can replace them. */
export interface Console {
  readonly stdin: NodeJS.ReadStream;
  /** For the result that was asked for: help, version, a dry run's tree, the JSON summary. */
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Reason why nobody can answer a prompt on `out`; undefined if somebody can. */
export function whyNobodyAnswers({ stdin, env }: Console, out: NodeJS.WriteStream): string | undefined {
  if (!stdin.isTTY || !out.isTTY) {
    return 'There is no terminal to ask in.';
  }
  return isCi(env) ? 'This is a run of CI, where nobody answers; CI=false says that it is none.' : undefined;
}

/** Whether somebody can answer a prompt on `out`. */
export function isInteractive(console: Console, out: NodeJS.WriteStream): boolean {
  return whyNobodyAnswers(console, out) === undefined;
}
