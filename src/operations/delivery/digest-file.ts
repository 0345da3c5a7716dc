import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { DIGEST } from '../../config/digest';
import { Failed } from '../failed';
import type { Session } from '../session';
import type { DeliveryEnvironment } from './environments';

type NamedEnvironment = Pick<DeliveryEnvironment, 'name'>;

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
export function digestPath({ name }: NamedEnvironment): string {
  return `deploy/images/${name}.json`;
}

/**
 * The digest of an environment's image; null if none is named yet.
 *
 * @throws Failed if its file has something else, or is broken
 */
export function digestOf(session: Pick<Session, 'root'>, environment: NamedEnvironment): string | null {
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

/** The digest in the file of an environment, valid or not. */
export function namedDigest(session: Pick<Session, 'root'>, environment: NamedEnvironment): string | null | undefined {
  return parsed(textOf(session, environment)).digest;
}

/** Reason in the file of an environment why its signature is not checked, valid or not; undefined if it is checked. */
export function unsignedReason(session: Pick<Session, 'root'>, environment: NamedEnvironment): unknown {
  return parsed(textOf(session, environment)).unsigned;
}

/**
 * Names the image of an environment; returns whether its file changed.
 *
 * @param given reason not to check its signature; the reason for the same image stays
 */
export function nameImage(
  session: Pick<Session, 'root'>,
  environment: NamedEnvironment,
  digest: string,
  given?: string,
): boolean {
  const before = parsed(textOf(session, environment));
  const unsigned = given ?? (before.digest === digest ? before.unsigned : undefined);
  const isNew = before.digest !== checkedDigest(digest) || before.unsigned !== unsigned;
  if (isNew) {
    const reason = unsigned === undefined ? '' : `, "unsigned": ${JSON.stringify(unsigned)}`;
    writeFileSync(join(session.root, digestPath(environment)), `{ "digest": "${digest}"${reason} }\n`);
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

function textOf({ root }: Pick<Session, 'root'>, environment: NamedEnvironment): string {
  const path = join(root, digestPath(environment));
  return existsSync(path) ? readFileSync(path, 'utf8') : '{}';
}
