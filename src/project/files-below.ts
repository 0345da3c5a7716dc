import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { type OwnersText, readText } from './owners-text';
import { lookAt, unlessRemoved } from './working-tree';

/** In bytes; no generated file comes near it. */
const LARGEST = 1024 * 1024;
/** Folders that hold nothing of the repository's own. */
const FOREIGN = new Set(['.git', 'node_modules', '.terraform', 'cdk.out', '.projen', 'vendor']);

/** Every plain file of a repository's own, as a path from its root. */
export function* filesBelow(root: string, folder = ''): Generator<string> {
  for (const entry of unlessRemoved(() => readdirSync(join(root, folder), { withFileTypes: true })) ?? []) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory() && !FOREIGN.has(entry.name)) {
      yield* filesBelow(root, path);
    } else if (entry.isFile()) {
      yield path;
    }
  }
}

/** A file as a text; undefined if it is none, or is large. */
export function readSmall(root: string, path: string): OwnersText | undefined {
  const standing = lookAt(root, path);
  return standing.kind === 'file' && standing.content.length <= LARGEST ? readText(standing.content) : undefined;
}
