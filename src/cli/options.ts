import { parseArgs } from 'node:util';

import { didYouMean } from '../config/did-you-mean';
import { TARGETS } from '../config/schema';
import { UsageError } from './usage-error';

interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  /** What stands for its value in the help. */
  readonly value?: string;
  readonly help: string;
}

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

type Values = {
  readonly [K in keyof typeof OPTIONS]: (typeof OPTIONS)[K] extends { multiple: true }
    ? readonly string[]
    : (typeof OPTIONS)[K]['type'] extends 'boolean'
      ? boolean
      : string | undefined;
};

/** What the command line says. */
export interface CommandLine extends Values {
  readonly directory?: string;
}

/** @throws UsageError where an option is unknown, lacks its value, or there is more than one directory */
export function parseCommandLine(args: readonly string[]): CommandLine {
  const { tokens, values, positionals } = parseArgs({
    args: [...args],
    options: OPTIONS,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'option') {
      checkOption(token.rawName, token.name, token.value);
    }
  }
  if (positionals.length > 1) {
    throw new UsageError(`one directory at most, not ${positionals.length}: ${positionals.join(', ')}`);
  }
  const defaults = Object.fromEntries(
    Object.entries(OPTIONS).map(([name, spec]) => [
      name,
      'multiple' in spec ? [] : spec.type === 'boolean' ? false : undefined,
    ]),
  );
  return { ...defaults, ...values, directory: positionals[0] } as unknown as CommandLine;
}

function checkOption(raw: string, name: string, value: string | undefined): void {
  const spec: OptionSpec | undefined = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as keyof typeof OPTIONS] : undefined;
  if (!spec) {
    const meant = didYouMean(name, Object.keys(OPTIONS));
    throw new UsageError(`${raw} is not an option${meant ? `; did you mean --${meant}?` : ''}`);
  }
  if (spec.type === 'string' && (value === undefined || value === '')) {
    throw new UsageError(`${raw} needs a value: ${raw} ${spec.value}`);
  }
  if (spec.type === 'boolean' && value !== undefined) {
    throw new UsageError(`${raw} takes no value`);
  }
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = Object.entries(OPTIONS).map(([name, spec]: [string, OptionSpec]) => [
    `--${name}${spec.value ? ` ${spec.value}` : ''}`,
    spec.help,
  ]);
  const width = Math.max(...rows.map(([option]) => option!.length));
  const options = rows.map(([option, help]) => `  ${option!.padEnd(width)}  ${help}`);
  return `Usage: create-quilt-mcp-deploy [directory] [options]

Emits a repository that deploys the Quilt MCP server on ECS Fargate behind the load
balancer of an existing Quilt stack. Asks what it is not told.

${options.join('\n')}

Exit codes: 0 done, 1 failed or cancelled, 2 wrong input.
With npm create, options follow a double dash: npm create quilt-mcp-deploy@latest my-deploy -- --yes
`;
}
