import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Stream that an operation writes to. */
export interface TextStream {
  write(text: string): unknown;
}

/** The input of an operation in an emitted repository. */
export interface Session {
  /** The repository's root; absolute. */
  readonly root: string;
  /** The caller's environment: settings of programs, and what GitHub tells a step of a workflow. */
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  /** For the result. */
  readonly stdout: TextStream;
  /** For what is said on the way to it. */
  readonly stderr: TextStream;
  /** Aborted if somebody ends the command. An operation then waits no longer, and takes back what it can. */
  readonly signal: AbortSignal;
}

/** Says something to a person, as lines of its own. */
export function say({ stdout }: Pick<Session, 'stdout'>, ...lines: readonly string[]): void {
  if (lines.length > 0) stdout.write(`${lines.join('\n')}\n`);
}

/** Content of a JSON file, by its path from the repository's root. */
export function readJson<Content>({ root }: Pick<Session, 'root'>, path: string): Content {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
