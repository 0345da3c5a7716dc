import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

import type { SyncResult } from './sync';

/** The environment variable by which the command tells `.projenrc.js` what to do: path of a {@link SyncRequest}. */
export const REQUEST_VARIABLE = 'QUILT_MCP_DEPLOY_REQUEST';

const requestSchema = z.strictObject({
  /** `preview` writes nothing. */
  mode: z.enum(['write', 'preview']),
  /** Path of the file that the result is written to. */
  result: z.string(),
  /** Answers that take the place of those in their file, and are written there; as a text. */
  answers: z.string().optional(),
  /** Files that the request was made from: path to content, in base64. Where one says something else by now, nothing is written. */
  basedOn: z.record(z.string(), z.string()).optional(),
  /** What package.json is to depend on for this package. */
  generator: z.string().optional(),
  /** Files that are written with the others, all or none, also in place of what is generated: path to content, in base64. */
  files: z.record(z.string(), z.string()).optional(),
  /** Files that are removed with them. */
  remove: z.array(z.string()).optional(),
  /** Files that become as they are generated, whatever their owner made of them. */
  restore: z.array(z.string()).optional(),
});

/** What the command asks of `.projenrc.js`. */
export type SyncRequest = z.infer<typeof requestSchema>;

/** The request of this process, or undefined if `.projenrc.js` was run by its owner. */
export function readRequest(env: NodeJS.ProcessEnv): SyncRequest | undefined {
  const file = env[REQUEST_VARIABLE];
  return file === undefined ? undefined : requestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
}

/** A result as a text, contents in base64. */
export function writeResult(file: string, result: SyncResult): void {
  const encode = (content: Buffer | undefined) => content?.toString('base64');
  const changes = result.changes.map((change) => ({
    ...change,
    before: encode(change.before),
    content: encode(change.content),
  }));
  writeFileSync(file, JSON.stringify({ ...result, changes }));
}

/** Reads what {@link writeResult} wrote. */
export function readResult(file: string): SyncResult {
  const result = JSON.parse(readFileSync(file, 'utf8')) as SyncResult;
  const decode = (content: unknown) => (typeof content === 'string' ? Buffer.from(content, 'base64') : undefined);
  return {
    ...result,
    changes: result.changes.map((change) => ({
      ...change,
      before: decode(change.before),
      content: decode(change.content),
    })),
  };
}
