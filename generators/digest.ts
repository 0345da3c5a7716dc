import { digestPath } from '../src/operations/delivery/digest-file';

/**
 * Where the digest of the image that an environment runs is kept, from the repository's root: one form for every
 * target, `{"digest": null | "sha256:…"}`, written by publishing and by people only.
 */
export function digestFile(environment: string): string {
  return digestPath({ name: environment });
}
