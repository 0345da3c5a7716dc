/** Stream that an operation writes to. */
export interface Output {
  write(text: string): unknown;
}

/** The input of an operation in an emitted repository. */
export interface Session {
  /** The repository's root; absolute. */
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  /** For the result. */
  readonly stdout: Output;
  /** For what is said on the way to it. */
  readonly stderr: Output;
  /** Aborted if somebody ends the command. An operation then waits no longer, and takes back what it can. */
  readonly signal: AbortSignal;
}
