import './startup';

import { didYouMean } from '../config/did-you-mean';
import { AnswersError } from '../config/problem';
import { Cancelled } from '../interview/interview';
import { OtherGenerator, ownPackage } from '../project/package-root';
import { Unwritable } from '../project/writer';
import { COMMANDS, EXIT, findCommand, type Job } from './commands';
import type { Console } from './console';
import { create, type Failure } from './create';
import { Failed } from './failed';
import { isEmitted, offerCommands } from './menu';
import { helpText, parseCommandLine } from './options';
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
  try {
    const command = findCommand(args[0]);
    return command
      ? await command.run(args.slice(1), console, abort.signal)
      : await createRepository(args, console, abort.signal);
  } catch (error) {
    const { message, code } = explain(error);
    console.stderr.write(`✗ ${message}\n`);
    if (asksForJson(args)) {
      const problems = error instanceof AnswersError ? error.problems : [];
      const failure: Failure = { error: message, problems, exitCode: code };
      console.stdout.write(`${JSON.stringify(failure, undefined, 2)}\n`);
    }
    return code;
  }
}

/** The main job. */
const createRepository: Job = async (args, console, signal) => {
  const commandLine = parseCommandLine(args, console.env);
  if (commandLine.help) {
    console.stdout.write(helpText());
    return EXIT.done;
  }
  if (commandLine.version) {
    console.stdout.write(`${ownPackage().version}\n`);
    return EXIT.done;
  }
  if (isEmitted()) {
    if (commandLine.directory === undefined) return offerCommands(console, signal);
    refuseMistyped(commandLine.directory);
  }
  const summary = await create(commandLine, console, signal);
  if (commandLine.json) {
    console.stdout.write(`${JSON.stringify(summary, undefined, 2)}\n`);
  }
  return summary.exitCode;
};

/** Whether one JSON document is what the reader waits for, be the rest of the command line right or wrong. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end < 0 ? args : args.slice(0, end)).includes('--json');
}

/** In an emitted repository, a word like a command is hardly the name of a new one. */
function refuseMistyped(directory: string): void {
  const meant = didYouMean(directory, Object.keys(COMMANDS));
  if (meant !== undefined) {
    throw new UsageError(
      `there is no command ${directory}; did you mean ${meant}? For a new repository in a directory of that name: ./${directory}`,
    );
  }
}

function explain(error: unknown): { message: string; code: number } {
  if (error instanceof Failed || error instanceof Unwritable) {
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
