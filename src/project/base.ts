import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Base, sha256, type WantedFile } from './changes';

/** Where an emitted repository keeps what was generated last. */
export const BASE_FILE = '.projen/base';

/** Reads the base; empty where there is none. */
export function readBase(root: string): Base {
  let text: string;
  try {
    text = readFileSync(join(root, BASE_FILE), 'utf8');
  } catch {
    return new Map();
  }
  return new Map(
    text.split('\n').flatMap((line): [string, string][] => {
      const match = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
      return match ? [[match[2]!, match[1]!]] : [];
    }),
  );
}

/**
 * The base of these files as a file: one line each, as `sha256sum` writes it, sorted by path so that git can merge it.
 *
 * @param keep the hash to keep for a file whose new content did not get into the tree
 */
export function baseFile(
  files: readonly WantedFile[],
  keep: (path: string) => string | undefined = () => undefined,
): WantedFile {
  const lines = files
    .filter(({ ownership }) => ownership !== 'internal')
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, content }) => `${keep(path) ?? sha256(content)}  ${path}\n`);
  return { path: BASE_FILE, content: Buffer.from(lines.join('')), executable: false, ownership: 'internal' };
}
