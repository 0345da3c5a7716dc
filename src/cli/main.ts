import './startup';

import { AnswersError } from '../config/problem';
import { Cancelled } from '../interview/interview';
import { Refusal } from '../operations/refusal';
import { OtherGenerator } from '../project/package-root';
import { Unwritable } from '../project/writer';
import type { Command } from './command';
import { COMMANDS, findCommand } from './commands';
import { create } from './commands/create';
import type { Console } from './console';
import type { Failure } from './create';
import { dispatch } from './dispatch';
import { Failed } from './failed';
import { mainHelp } from './help';
import { EXIT } from './job';
import { UsageError } from './usage-error';

async function main(args: readonly string[], console: Console): Promise<number> {
  const abort = new AbortController();
  // Who has read enough, as head does, closes the pipe: that is no error.
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
    const { message, code } = explain(error);
    console.stderr.write(`✗ ${message}\n`);
    if (asksForJson(command ?? create, args)) {
      const problems = error instanceof AnswersError ? error.problems : [];
      const failure: Failure = { error: message, problems, exitCode: code };
      console.stdout.write(`${JSON.stringify(failure, undefined, 2)}\n`);
    }
    return code;
  }
}

/** Whether one JSON document is what the reader waits for, be the rest of the command line right or wrong. */
function asksForJson({ options, passesOn }: Command, args: readonly string[]): boolean {
  // What another program is asked for is not asked of this one.
  if (passesOn && !Object.hasOwn(options, 'json')) return false;
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

function explain(error: unknown): { message: string; code: number } {
  if (error instanceof Failed || error instanceof Refusal || error instanceof Unwritable) {
    return { message: error.message, code: EXIT.failed };
  }
  if (error instanceof UsageError || error instanceof AnswersError || error instanceof OtherGenerator) {
    return { message: error.message, code: EXIT.wrongInput };
  }
  if (error instanceof Cancelled) {
    return { message: 'cancelled, nothing written', code: EXIT.failed };
  }
  // A file system's error says enough by its message; anything else is a defect of ours, and its stack tells where.
  const isSystemError = error instanceof Error && 'syscall' in error;
  const message = isSystemError || !(error instanceof Error) ? String((error as Error).message ?? error) : error.stack!;
  return { message: `${message}\nnothing written`, code: EXIT.failed };
}

void main(process.argv.slice(2), process).then((code) => {
  process.exitCode = code;
});
