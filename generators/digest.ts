import { digestPath } from '../src/operations/delivery/digest-file';

/**
 * File with the digest of an environment's image, from the repository's root: one form for every target, `{"digest":
 * null | "sha256:…"}`, written by publishing and by people only.
 */
export function digestFile(environment: string): string {
  return digestPath({ name: environment });
}
