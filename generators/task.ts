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
  readonly exec: string;
  /** Folder that it runs in, from the repository's root. Default: the root. */
  readonly cwd?: string;
  /** Whether it gets the words after `--` on the command line. */
  readonly receiveArgs?: boolean;
}
