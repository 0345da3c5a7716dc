import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Failed } from '../failed';
import type { DeliveryEnvironment } from './environments';
import type { WorkingCopy } from './working-copy';

type Named = Pick<DeliveryEnvironment, 'name'>;

/** Content of a digest file; if somebody broke it, anything may be missing. */
interface Content {
  readonly digest?: string | null;
  /** Reason why the signature of the image is not checked. */
  readonly unsigned?: string;
}

/**
 * The digest itself, if it is valid.
 *
 * @param hint more text for the error
 * @throws Failed if it is not
 */
export function checkedDigest(digest: string | undefined, hint = ''): string {
  if (digest === undefined || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    const given = JSON.stringify(digest ?? '');
    throw new Failed(`A digest is sha256: and 64 hexadecimal digits, not ${given}. ${hint}`.trimEnd());
  }
  return digest;
}

/** The file that names the image of an environment, from the repository's root. */
export function digestPath({ name }: Named): string {
  return `deploy/images/${name}.json`;
}

/**
 * The digest of an environment's image; null if none is named yet.
 *
 * @throws Failed if its file has something else, or is broken
 */
export function digestOf(copy: WorkingCopy, environment: Named): string | null {
  const path = digestPath(environment);
  const text = textOf(copy, environment);
  const hint = `To mend ${path}: npm run set-image:${environment.name} -- DIGEST`;
  try {
    JSON.parse(text);
  } catch {
    throw new Failed(`${path} is not JSON. ${hint}`);
  }
  const { digest } = parsed(text);
  return digest ? checkedDigest(digest, hint) : null;
}

/** The digest in the file of an environment, valid or not. */
export function namedDigest(copy: WorkingCopy, environment: Named): string | null | undefined {
  return parsed(textOf(copy, environment)).digest;
}

/** Reason why the signature of an environment's image is not checked; undefined if it is. */
export function unsignedReason(copy: WorkingCopy, environment: Named): string | undefined {
  return parsed(textOf(copy, environment)).unsigned;
}

/**
 * Names the image of an environment; returns whether its file changed.
 *
 * @param given reason not to check its signature; the reason for the same image stays
 */
export function nameImage(copy: WorkingCopy, environment: Named, digest: string, given?: string): boolean {
  const before = parsed(textOf(copy, environment));
  const unsigned = given ?? (before.digest === digest ? before.unsigned : undefined);
  const isNew = before.digest !== checkedDigest(digest) || before.unsigned !== unsigned;
  if (isNew) {
    const reason = unsigned === undefined ? '' : `, "unsigned": ${JSON.stringify(unsigned)}`;
    writeFileSync(join(copy.root, digestPath(environment)), `{ "digest": "${digest}"${reason} }\n`);
  }
  return isNew;
}

/** The content of a digest file: a broken file names no image. */
export function parsed<Parsed extends object = Content>(text: string): Partial<Parsed> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function textOf({ root }: WorkingCopy, environment: Named): string {
  const path = join(root, digestPath(environment));
  return existsSync(path) ? readFileSync(path, 'utf8') : '{}';
}
