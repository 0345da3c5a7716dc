/** Where a run reads from and writes to, so that tests can stand in for it. */
export interface Console {
  readonly stdin: NodeJS.ReadStream;
  /** For the result that was asked for: help, version, a dry run's tree, the JSON summary. */
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Whether somebody is there to answer what is asked on `out`. */
export function isInteractive({ stdin }: Console, out: NodeJS.WriteStream): boolean {
  return Boolean(stdin.isTTY && out.isTTY);
}
