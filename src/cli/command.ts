import type { OptionSpecs, OptionValues } from './command-line';
import type { Job } from './job';

/** Groups of commands, in the order of the help. Only `--help --all` shows those that are `hidden`. */
export const GROUPS = {
  repository: { title: 'Commands, each with a --help of its own', hidden: false },
  delivery: { title: 'Commands that deliver, in an emitted repository', hidden: false },
  workflows: { title: "Commands that GitHub's workflows run", hidden: true },
} as const;

export type Group = keyof typeof GROUPS;

/** A command: parsing, help, README.md's table and the documents follow from it. */
export interface Command {
  /** The first word of its command line. */
  readonly name: string;
  readonly group: Group;
  /** Words after its name in the help, without the options that only its own help lists. */
  readonly usage: string;
  /** Its line in the list of commands. */
  readonly help: string;
  /** The paragraph about it in its own help. */
  readonly about: string;
  /** Words that are no options, for its own help. */
  readonly words: readonly (readonly [written: string, means: string])[];
  /** Meaning of exit code 1. */
  readonly failure: string;
  /** Meaning of exit code 2, beside wrong input. */
  readonly unsure?: string;
  readonly options: OptionSpecs;
  /** Whether options that it does not declare are positionals, as typed: it passes them on to another program. */
  readonly passesOn: boolean;
  readonly run: Job<OptionValues<OptionSpecs>>;
}

const HELP = { help: { type: 'boolean', help: 'show this' } } as const satisfies OptionSpecs;

/** A command as its file declares it: `run` gets the declared options, typed. */
interface Declaration<T extends OptionSpecs>
  extends Omit<Command, 'words' | 'failure' | 'options' | 'passesOn' | 'run'>,
    Partial<Pick<Command, 'words' | 'failure' | 'passesOn'>> {
  readonly options?: T;
  /** Loads its modules as it runs, so that the help does not wait for them: `await import(…)`. */
  readonly run: Job<OptionValues<T>>;
}

/** Declares a command. Each has `--help`. */
export function command<const T extends OptionSpecs = Record<never, never>>(declaration: Declaration<T>): Command {
  const { options, run, ...rest } = declaration;
  return {
    words: [],
    failure: 'failed or cancelled',
    passesOn: false,
    ...rest,
    options: { ...options, ...HELP },
    run: run as unknown as Command['run'],
  };
}
