import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';
import { readJson, type Session } from '../session';

/** File with the data of the image, from the repository's root. */
export const IMAGE_FILE = 'docker/image.json';

/** Data of the image, which the generator writes. */
export interface ImageData {
  readonly mode: 'mirror' | 'shim' | 'build';
  /** Version of the server. */
  readonly version: string;
  /** Its source, by digest or commit; null if that is not known yet. */
  readonly source: string | null;
  /** Other files that go into it, from the folder docker. */
  readonly files: readonly string[];
}

/** An image whose source is known. */
export type PinnedImage = ImageData & { readonly source: string };

/** Characters that a tag of a container image may have, at most. */
const LONGEST = 128;
const HASH = 12;

/**
 * Reads docker/image.json.
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
 * The tag of the image that this repository makes: its version, and a hash of everything that goes into it. Equal
 * content has one tag, and other content another. The tag of a copied image is of its source.
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
