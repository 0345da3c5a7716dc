import { parseJson } from '../config/parse';
import { isObject } from '../config/places';
import { AnswersError } from '../config/problem';

/** Where npm keeps what a repository depends on. */
export const PACKAGE_JSON = 'package.json';

/** The scripts and dependencies in package.json that the tool keeps; all else there is its owner's. */
export interface KeptKeys {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export type Manifest = Record<string, unknown> & Partial<Record<keyof KeptKeys, Record<string, string>>>;

/**
 * A package.json, as far as the tool has to do with it.
 *
 * @throws AnswersError where the text is none
 */
export function parseManifest(text: string): Manifest {
  const manifest = parseJson(text, PACKAGE_JSON);
  const wrong = isObject(manifest)
    ? ['scripts', 'devDependencies'].find((key) => manifest[key] !== undefined && !isObject(manifest[key]))
    : '';
  if (wrong !== undefined) {
    throw new AnswersError(PACKAGE_JSON, [{ path: wrong, message: 'must be an object' }]);
  }
  return manifest as Manifest;
}

/**
 * package.json with the tool's keys brought up to date and nothing else touched: the owner's keys keep their values
 * and their order.
 *
 * @param current what stands there; undefined for a new repository
 * @param initial what a new repository begins with
 * @param stale scripts that an earlier run made, to be removed where they are still as it made them
 * @throws AnswersError where `current` is none
 */
export function mergePackageJson(
  current: string | undefined,
  initial: Readonly<Record<string, unknown>>,
  kept: KeptKeys,
  stale: (script: string, command: string) => boolean,
): string {
  const manifest: Manifest = current === undefined ? { ...initial } : parseManifest(current);
  const owners = Object.entries(manifest.scripts ?? {}).filter(
    ([name, command]) => name in kept.scripts || !stale(name, command),
  );
  manifest.scripts = { ...Object.fromEntries(owners), ...kept.scripts };
  manifest.devDependencies = { ...manifest.devDependencies, ...kept.devDependencies };
  const indent = /^[ \t]+(?=")/m.exec(current ?? '')?.[0] ?? '  ';
  return `${JSON.stringify(manifest, undefined, indent)}\n`;
}
