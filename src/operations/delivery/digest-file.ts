import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DIGEST } from '../../config/digest';
import { Failed } from '../failed';
import type { Session } from '../session';
import type { DeliveryEnvironment } from './environments';

type Named = Pick<DeliveryEnvironment, 'name'>;

/** What a digest file has; if somebody broke it, anything may be missing. */
interface Content {
  readonly digest?: string | null;
  /** Why nobody looks for the signature of the image. */
  readonly unsigned?: string;
}

/**
 * The digest itself, if it is one.
 *
 * @param hint what else to say if it is not
 * @throws Failed if it is not
 */
export function checkedDigest(digest: string | undefined, hint = ''): string {
  if (!isDigest(digest)) {
    const given = JSON.stringify(digest ?? '');
    throw new Failed(`A digest is sha256: and 64 hexadecimal digits, not ${given}. ${hint}`.trimEnd());
  }
  return digest;
}

/** Whether a value is the digest of an image. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

/** The file that names the image of an environment, from the repository's root. */
export function digestPath({ name }: Named): string {
  return `deploy/images/${name}.json`;
}

/**
 * The digest of the image that an environment is to run; null if none is named yet.
 *
 * @throws Failed if its file names something else, or is broken
 */
export function digestOf(session: Pick<Session, 'root'>, environment: Named): string | null {
  const path = digestPath(environment);
  const text = textOf(session, environment);
  const hint = `To mend ${path}: npm run set-image:${environment.name} -- DIGEST`;
  try {
    JSON.parse(text);
  } catch {
    throw new Failed(`${path} is not JSON. ${hint}`);
  }
  const { digest } = parsed(text);
  return digest ? checkedDigest(digest, hint) : null;
}

/** The digest that the file of an environment names, whatever that is. */
export function namedDigest(session: Pick<Session, 'root'>, environment: Named): string | null | undefined {
  return parsed(textOf(session, environment)).digest;
}

/** Why nobody looks for the signature of the image that an environment is to run; undefined if that is looked for. */
export function unsignedReason(session: Pick<Session, 'root'>, environment: Named): string | undefined {
  return parsed(textOf(session, environment)).unsigned;
}

/**
 * Names the image of an environment; says whether its file says anything else than before.
 *
 * @param given why nobody shall look for its signature; what the file says of the same image stays
 */
export function nameImage(session: Pick<Session, 'root'>, environment: Named, digest: string, given?: string): boolean {
  const before = parsed(textOf(session, environment));
  const unsigned = given ?? (before.digest === digest ? before.unsigned : undefined);
  const isNew = before.digest !== checkedDigest(digest) || before.unsigned !== unsigned;
  if (isNew) {
    const reason = unsigned === undefined ? '' : `, "unsigned": ${JSON.stringify(unsigned)}`;
    writeFileSync(join(session.root, digestPath(environment)), `{ "digest": "${digest}"${reason} }\n`);
  }
  return isNew;
}

/** What the text of a digest file has: a file that somebody broke names no image. */
export function parsed<Parsed extends object = Content>(text: string): Partial<Parsed> {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

function textOf({ root }: Pick<Session, 'root'>, environment: Named): string {
  const path = join(root, digestPath(environment));
  return existsSync(path) ? readFileSync(path, 'utf8') : '{}';
}
