/** This package's command, as tasks call it: a repository has it installed in the version that it pins. */
export const OWN_COMMAND = 'create-quilt-mcp-deploy';

/** A task of an emitted repository: `npm run NAME`. */
export interface TaskSpec {
  readonly name: string;
  readonly description: string;
  /** Shell commands, one after the other until one fails. */
  readonly steps: readonly TaskStep[];
}

export interface TaskStep {
  /** Words without quotes, if it gets more of them. */
  readonly exec: string;
  /** Folder that it runs in, from the repository's root. Default: the root. */
  readonly cwd?: string;
  /** Whether it gets the words after `--` on the command line. */
  readonly receiveArgs?: boolean;
}

/**
 * A step as projen runs it. What a person types after `--` reaches the command as it is: projen would put it into a line
 * of `exec` without its quotes, for another shell to read, so that `'a; b'` would be two commands.
 */
export function projenStep({ exec, ...rest }: TaskStep) {
  return rest.receiveArgs ? { execArgs: exec.split(' '), ...rest } : { exec, ...rest };
}
