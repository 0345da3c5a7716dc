import type { Command } from './command';
import { parseLine } from './command-line';
import type { Console } from './console';
import { commandHelp } from './help';
import { EXIT } from './job';

type CommandValues = Parameters<Command['run']>[0]['values'];

/**
 * Runs a command: reads its command line, shows its help, or does its job.
 *
 * @param args the words after its name
 * @param help makes the text of its `--help`
 * @throws UsageError if the command line does not fit its declaration; what the job throws
 */
export async function dispatch(
  command: Command,
  args: readonly string[],
  console: Console,
  signal: AbortSignal,
  help: (command: Command, values: CommandValues) => string = commandHelp,
): Promise<number> {
  const line = parseLine(command, args, console.env);
  // Every command has --help.
  if (line.values.help) {
    console.stdout.write(help(command, line.values));
    return EXIT.done;
  }
  return command.run(line, console, signal);
}
