import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';
import { readJson, type Session } from '../session';

/** Where the data of the image is, from the repository's root. */
export const IMAGE_FILE = 'docker/image.json';

/** What the generator writes of the image. */
export interface ImageData {
  readonly mode: 'mirror' | 'shim' | 'build';
  /** Of the server. */
  readonly version: string;
  /** What it is made from, by digest or commit; null if that is not known yet. */
  readonly source: string | null;
  /** What goes into it beside that, from the folder docker. */
  readonly files: readonly string[];
}

/** An image whose source is known. */
export type PinnedImage = ImageData & { readonly source: string };

/** Characters that a tag of a container image may have, at most. */
const LONGEST = 128;
const HASH = 12;

/**
 * What docker/image.json says.
 *
 * @throws Failed if the image has no source yet
 */
export function readImage(session: Session): PinnedImage {
  const image = readJson<ImageData>(session, IMAGE_FILE);
  const { source, mode } = image;
  if (source === null) {
    const pin = mode === 'build' ? 'commit' : 'digest';
    throw new Failed(
      `image.${pin} in mcp-deploy.json is not known yet: docs/image.md says how to find it. Set it, and run npx projen.`,
    );
  }
  return { ...image, source };
}

/**
 * The tag of the image that this repository makes: its version, and a hash of all that goes into it. Equal content has one
 * tag, and other content another. An image that is copied is told by what it is copied from.
 */
export function tagOf({ root }: Session, { mode, version, source, files }: PinnedImage): string {
  if (mode === 'mirror') return mirrorTag(version, source);
  const content = files.map((name) => [name, readFileSync(join(root, 'docker', name), 'utf8')] as const);
  const sorted = content.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `${version.slice(0, LONGEST - HASH - 1)}-${hashOf(JSON.stringify([source, sorted]))}`;
}

/** The tag of a copy of upstream's image. */
export function mirrorTag(version: string, source: string): string {
  return `${version}-${hashOf(source)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, HASH);
}
