import { readFileSync, writeFileSync } from 'node:fs';
import * as z from 'zod';

import type { SyncResult } from './sync';

/**
 * The environment variable by which the command passes its request to `.projenrc.js`: path of a {@link SyncRequest}.
 */
export const REQUEST_VARIABLE = 'QUILT_MCP_DEPLOY_REQUEST';

const requestSchema = z.strictObject({
  /** `preview` writes nothing. */
  mode: z.enum(['write', 'preview']),
  /** Path of the file that the result is written to. */
  result: z.string(),
  /** Answers that take the place of those in their file, and are written there; as a text. */
  answers: z.string().optional(),
  /** Files that the request was made from: path to content, in base64. If one has changed since, nothing is written. */
  basedOn: z.record(z.string(), z.string()).optional(),
  /** Version of this package for package.json. */
  generator: z.string().optional(),
  /**
   * Files that are written together with the others, or not at all, also instead of generated ones: path to content, in
   * base64.
   */
  files: z.record(z.string(), z.string()).optional(),
  /** Files that are removed with them. */
  remove: z.array(z.string()).optional(),
  /** Files that are reset to their generated content, whatever their owner changed. */
  restore: z.array(z.string()).optional(),
});

/** A request of the command to `.projenrc.js`. */
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

/** Reads the result that {@link writeResult} wrote. */
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
