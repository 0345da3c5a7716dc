import { parseArgs } from 'node:util';

import { didYouMean } from '../config/did-you-mean';
import { TARGETS } from '../config/schema';
import { COMMANDS, findCommand } from './commands';
import { doubleDashHint, refuseKeptOptions } from './npm-options';
import { UsageError } from './usage-error';

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** What options come to: a list where one may be repeated, whether it is there where it takes no value. */
export type OptionValues<T extends OptionSpecs> = {
  readonly [K in keyof T]: T[K] extends { multiple: true }
    ? readonly string[]
    : T[K]['type'] extends 'boolean'
      ? boolean
      : string | undefined;
};

/** The command line, from which parsing and help both follow. */
const OPTIONS = {
  config: { type: 'string', value: 'FILE', help: 'take answers from a JSON or YAML file' },
  set: { type: 'string', multiple: true, value: 'path.to.key=VALUE', help: 'give one answer; may be repeated' },
  target: { type: 'string', value: TARGETS.join('|'), help: 'what the repository deploys with' },
  yes: { type: 'boolean', help: 'ask nothing; take the example for what has no answer' },
  'dry-run': { type: 'boolean', help: 'show what would be written, and write nothing' },
  'no-install': { type: 'boolean', help: 'leave out npm install, and the tests that need it' },
  'no-git': { type: 'boolean', help: 'make no git repository' },
  json: { type: 'boolean', help: 'one JSON summary on standard output; progress on standard error' },
  help: { type: 'boolean', help: 'show this' },
  version: { type: 'boolean', help: 'show the version' },
} as const satisfies Record<string, OptionSpec>;

/** What the command line says. */
export interface CommandLine extends OptionValues<typeof OPTIONS> {
  readonly directory?: string;
}

/** @throws UsageError if an option is unknown, lacks its value, or went to npm, or there is more than one directory */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv = process.env): CommandLine {
  const { values, positionals } = parseOptions(args, OPTIONS, undefined, env);
  const misplaced = positionals.find((word) => findCommand(word));
  if (misplaced !== undefined) {
    throw new UsageError(
      `${misplaced} is a command, and comes first; write ./${misplaced} for a directory of this name`,
    );
  }
  if (positionals.length > 1) {
    throw new UsageError(
      `one directory at most, not ${positionals.length}: ${positionals.join(', ')}${doubleDashHint(env)}`,
    );
  }
  return { ...values, directory: positionals[0] };
}

/**
 * @param command whose options these are, for an error; absent for the main job
 * @throws UsageError if an option is unknown, lacks its value, has one that it does not take, or went to npm
 */
export function parseOptions<T extends OptionSpecs>(
  args: readonly string[],
  options: T,
  command?: string,
  env: NodeJS.ProcessEnv = process.env,
): { readonly values: OptionValues<T>; readonly positionals: readonly string[] } {
  const { tokens, values, positionals } = parseArgs({
    // Some package managers pass the double dash on, before options that are ours.
    args: args.filter((word) => word !== '--'),
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') {
      checkOption(options, command, token);
    }
  }
  refuseKeptOptions(options, values, env);
  const defaults = Object.fromEntries(
    Object.entries(options).map(([name, spec]) => [
      name,
      spec.multiple ? [] : spec.type === 'boolean' ? false : undefined,
    ]),
  );
  return { values: { ...defaults, ...values } as unknown as OptionValues<T>, positionals };
}

function checkOption(
  options: OptionSpecs,
  command: string | undefined,
  { name, rawName, value }: { readonly name: string; readonly rawName: string; readonly value?: string },
): void {
  const spec = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!spec) {
    const meant = didYouMean(name, Object.keys(options));
    const ofCommand = command === undefined ? '' : ` of ${command}`;
    throw new UsageError(`${rawName} is not an option${ofCommand}${meant ? `; did you mean --${meant}?` : ''}`);
  }
  if (spec.type === 'string' && (value === undefined || value === '')) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${spec.value}`);
  }
  if (spec.type === 'boolean' && value !== undefined) {
    throw new UsageError(`${rawName} takes no value`);
  }
}

/** The lines of a help text that explain options. */
export function optionsHelp(options: OptionSpecs): string {
  return helpRows(
    Object.entries(options).map(([name, { value, help }]) => [`--${name}${value ? ` ${value}` : ''}`, help]),
  );
}

/** Lines of a help text: what is written, and what it means. */
export function helpRows(rows: readonly (readonly [written: string, means: string])[]): string {
  const width = Math.max(...rows.map(([written]) => written.length));
  return rows.map(([written, means]) => `  ${written.padEnd(width)}  ${means}`).join('\n');
}

/** The text of `--help`. */
export function helpText(): string {
  const commands = Object.entries(COMMANDS).map(([name, { usage, help }]) => [`${name} ${usage}`, help] as const);
  return `Usage: create-quilt-mcp-deploy [directory] [options]
       create-quilt-mcp-deploy COMMAND [options]

Emits a repository that deploys the Quilt MCP server on ECS Fargate behind the load
balancer of an existing Quilt stack. Asks what it is not told.

${optionsHelp(OPTIONS)}

Commands, each with a --help of its own:

${helpRows(commands)}

Exit codes: 0 done, 1 failed or cancelled, 2 wrong input.
With npm create, options follow a double dash: npm create quilt-mcp-deploy@latest my-deploy -- --yes
`;
}
