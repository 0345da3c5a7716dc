import type { Console } from './console';

/** How a run ended, for who started it. */
export const EXIT = { done: 0, failed: 1, wrongInput: 2 } as const;

/** A job that the command does: its exit code is what it returns, or follows from what it throws. */
export type Job = (args: readonly string[], console: Console, signal: AbortSignal) => Promise<number>;

interface Command {
  /** What follows its name. */
  readonly usage: string;
  readonly help: string;
  readonly run: Job;
}

/** The jobs beside the main one, by the first word of the command line. Each loads what it needs when it runs. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  conventions: {
    usage: '[show ID | diff A B]',
    help: "the server's generations: list, explain, compare",
    run: (...args) => (require('./conventions') as typeof import('./conventions')).conventions(...args),
  },
  sync: {
    usage: '[--check]',
    help: 'bring an emitted repository up to date with its answers',
    run: (...args) => (require('./sync') as typeof import('./sync')).sync(...args),
  },
  diff: {
    usage: '[FILE …]',
    help: 'what a sync would change, file by file',
    run: (...args) => (require('./diff') as typeof import('./diff')).diff(...args),
  },
  upgrade: {
    usage: '[--to ID] [--generator VERSION]',
    help: 'move it to newer conventions, or a newer generator',
    run: (...args) => (require('./upgrade') as typeof import('./upgrade')).upgrade(...args),
  },
  env: {
    usage: 'add|remove NAME',
    help: 'add an environment to it, or remove one',
    run: (...args) => (require('./env') as typeof import('./env')).env(...args),
  },
  eject: {
    usage: 'FILE …',
    help: 'make generated files yours: no sync writes them again',
    run: (...args) => (require('./eject') as typeof import('./eject')).eject(...args),
  },
};

/** The job that a word names, or undefined. */
export function findCommand(word: string | undefined): Command | undefined {
  return word !== undefined && Object.hasOwn(COMMANDS, word) ? COMMANDS[word] : undefined;
}
