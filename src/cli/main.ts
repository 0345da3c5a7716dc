import './startup';

import { AnswersError } from '../config/problem';
import { EXIT, ExitError, type Explained, explain } from '../exit';
import { Cancelled } from '../interview/cancelled';
import type { Command } from './command';
import { COMMANDS, findCommand } from './commands';
import { create } from './commands/create';
import type { Console } from './console';
import type { Failure } from './create';
import { dispatch } from './dispatch';
import { mainHelp } from './help';

async function main(args: readonly string[], console: Console): Promise<number> {
  const abort = new AbortController();
  // A reader such as head closes the pipe when it has read enough: that is no error.
  console.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      throw error;
    }
  });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => abort.abort(new Cancelled()));
  }
  const command = findCommand(args[0]);
  try {
    return command
      ? await dispatch(command, args.slice(1), console, abort.signal)
      : await dispatch(create, args, console, abort.signal, (main, { all }) => mainHelp(main, COMMANDS, Boolean(all)));
  } catch (error) {
    const { message, exitCode } = describe(error);
    console.stderr.write(`✗ ${message}\n`);
    if (asksForJson(command ?? create, args)) {
      const problems = error instanceof AnswersError ? error.problems : [];
      const failure: Failure = { error: message, problems, exitCode };
      console.stdout.write(`${JSON.stringify(failure, undefined, 2)}\n`);
    }
    return exitCode;
  }
}

/** Text of an error for the terminal, and its exit code. */
function describe(error: unknown): Explained {
  const known = explain(error);
  if (known && error instanceof ExitError) return known;
  const message = known?.message ?? (error instanceof Error ? error.stack! : String(error));
  return { message: `${message}\nnothing written`, exitCode: known?.exitCode ?? EXIT.failed };
}

/** Whether the caller expects one JSON document, even if the rest of the command line is wrong. */
function asksForJson({ options, passesOn }: Command, args: readonly string[]): boolean {
  // Options for another program are not this one's.
  if (passesOn && !Object.hasOwn(options, 'json')) return false;
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

void main(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
