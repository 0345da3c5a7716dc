import type { Command } from './command';
import { conventions } from './commands/conventions';
import { diff } from './commands/diff';
import { eject } from './commands/eject';
import { env } from './commands/env';
import { sync } from './commands/sync';
import { upgrade } from './commands/upgrade';

/** The commands beside the main job, in the order of the help. */
export const COMMANDS: readonly Command[] = [conventions, sync, diff, upgrade, env, eject];

/** The command that a word names, or undefined. */
export function findCommand(word: string | undefined): Command | undefined {
  return COMMANDS.find(({ name }) => name === word);
}
