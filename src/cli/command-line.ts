import { parseArgs } from 'node:util';

import { didYouMean } from '../config/did-you-mean';
import type { ParsedLine } from './job';
import { refuseKeptOptions } from './npm-options';
import { UsageError } from './usage-error';

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  readonly multiple?: boolean;
  /** True if all words after it are its value, with a space between: a text of several words needs no quotes. */
  readonly rest?: boolean;
  /** Placeholder of its value in the help. */
  readonly value?: string;
  /** The variable of the environment that gives it if the command line does not. */
  readonly variable?: string;
  readonly help: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** Values of options: a list if one may be repeated, a boolean if it takes no value. */
export type OptionValues<T extends OptionSpecs> = {
  readonly [K in keyof T]: T[K] extends { multiple: true }
    ? readonly string[]
    : T[K]['type'] extends 'boolean'
      ? boolean
      : string | undefined;
};

/** The part of a command's declaration that parsing needs. */
interface Declared<T extends OptionSpecs> {
  /** For an error; empty for the main job. */
  readonly name: string;
  readonly options: T;
  readonly passesOn?: boolean;
}

/**
 * Reads a command line by the declaration of its command.
 *
 * A `--` is passed over, because some package managers pass it on before options that are ours. If a command passes words
 * on, all that follows a `--` is for the other program.
 *
 * @param args the words after the command's name
 * @throws UsageError if an option is unknown, lacks its value, has one that it does not take, or went to npm
 */
export function parseLine<T extends OptionSpecs>(
  { name, options, passesOn = false }: Declared<T>,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): ParsedLine<OptionValues<T>> {
  const { rest, words } = withoutRest(options, passesOn ? [...args] : args.filter((word) => word !== '--'));
  const { tokens, values } = parseArgs({ args: words, options, strict: false, allowPositionals: true, tokens: true });
  const given: Record<string, unknown> = { ...rest };
  const positionals = new Map<number, string>();
  for (const token of tokens) {
    if (token.kind === 'positional') {
      positionals.set(token.index, token.value);
    } else if (token.kind === 'option' && passesOn && !Object.hasOwn(options, token.name)) {
      // Several short options may be one word.
      positionals.set(token.index, words[token.index]!);
    } else if (token.kind === 'option') {
      checkOption(options, name, token);
      given[token.name] = values[token.name];
    }
  }
  refuseKeptOptions(options, given, env);
  const fromVariables = optionsOfVariables(options, env);
  const defaults = Object.fromEntries(
    Object.entries(options).map(([option, spec]) => [
      option,
      spec.multiple ? [] : spec.type === 'boolean' ? false : undefined,
    ]),
  );
  return {
    values: { ...defaults, ...fromVariables, ...given } as unknown as OptionValues<T>,
    positionals: [...positionals.values()],
    args,
  };
}

/** Values of a variable for an option without a value. */
const SWITCH: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 'true', 'yes', 'on'].map((word) => [word, true])),
  ...Object.fromEntries(['0', 'false', 'no', 'off'].map((word) => [word, false])),
};

/**
 * Options that variables of the environment give.
 *
 * @throws UsageError if a variable is neither on nor off
 */
function optionsOfVariables(options: OptionSpecs, env: NodeJS.ProcessEnv): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).flatMap(([name, { type, variable }]) => {
      const value = variable && env[variable];
      if (!value) return [];
      const given = type === 'boolean' ? SWITCH[value.toLowerCase()] : value;
      if (given === undefined) {
        throw new UsageError(`the variable ${variable} is ${value}; it must be 1 or 0`);
      }
      return [[name, given]];
    }),
  );
}

/** The words before an option that takes all words after it, and these words. */
function withoutRest(options: OptionSpecs, words: string[]): { rest?: Record<string, string>; words: string[] } {
  for (const [name, spec] of Object.entries(options)) {
    const at = spec.rest ? words.indexOf(`--${name}`) : -1;
    if (at >= 0) return { rest: { [name]: words.slice(at + 1).join(' ') }, words: words.slice(0, at) };
  }
  return { words };
}

function checkOption(
  options: OptionSpecs,
  command: string,
  { name, rawName, value }: { readonly name: string; readonly rawName: string; readonly value?: string },
): void {
  const spec = Object.hasOwn(options, name) ? options[name] : undefined;
  if (!spec) {
    const meant = didYouMean(name, Object.keys(options));
    const ofCommand = command === '' ? '' : ` of ${command}`;
    throw new UsageError(`${rawName} is not an option${ofCommand}${meant ? `; did you mean --${meant}?` : ''}`);
  }
  if (spec.type === 'string' && (value === undefined || value === '')) {
    throw new UsageError(`${rawName} needs a value: ${rawName} ${spec.value}`);
  }
  if (spec.type === 'boolean' && value !== undefined) {
    throw new UsageError(`${rawName} takes no value`);
  }
}
