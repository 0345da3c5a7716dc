import { editMember } from '../config/edit';
import { parseJson } from '../config/parse';
import { isObject } from '../config/paths';
import { AnswersError } from '../config/problem';
import type { BaseEntry } from './merge-base';

/** File with a repository's npm dependencies. */
export const PACKAGE_JSON = 'package.json';

/** The scripts and dependencies in package.json that the tool keeps; all else there is its owner's. */
export interface KeptKeys {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export type PackageManifest = Record<string, unknown> & Partial<Record<keyof KeptKeys, Record<string, string>>>;

/**
 * A package.json, as far as the tool has to do with it.
 *
 * @throws AnswersError if the text is none
 */
export function parseManifest(text: string): PackageManifest {
  const manifest = parseJson(text, PACKAGE_JSON);
  const wrong = isObject(manifest)
    ? ['scripts', 'devDependencies'].find((key) => manifest[key] !== undefined && !isObject(manifest[key]))
    : '';
  if (wrong !== undefined) {
    throw new AnswersError(PACKAGE_JSON, [{ path: wrong, message: 'must be an object' }]);
  }
  return manifest as PackageManifest;
}

/** The result of a merge of package.json. */
export interface MergedManifest {
  readonly text: string;
  /** For its owner: which of their edits this takes back; absent if none. */
  readonly reason?: string;
}

/**
 * Merges package.json: the tool's keys are brought up to date and nothing else is touched: the owner's keys, their
 * order, numbers and layout stay as they are written.
 *
 * @param current the text as it is; undefined for a new repository
 * @param initial content for a new repository
 * @param yielding development dependencies whose version the owner may set, if it is known that they did
 * @param made scripts that the last run may have written; empty if unknown: then no script is removed
 * @throws AnswersError if `current` is no package.json
 */
export function mergePackageJson(
  current: string | undefined,
  initial: Readonly<Record<string, unknown>>,
  kept: KeptKeys,
  yielding: readonly string[],
  made: readonly PackageManifest[],
): MergedManifest {
  if (current === undefined) {
    return { text: `${JSON.stringify({ ...initial, ...kept }, undefined, 2)}\n` };
  }
  const manifest = parseManifest(current);
  const madeOf = (key: keyof KeptKeys, name: string) => made.flatMap((each) => entryOf(each[key], name));
  const wanted = (['scripts', 'devDependencies'] as const).flatMap((key) =>
    Object.entries(kept[key]).flatMap(([name, value]) => {
      const [before, yours] = [madeOf(key, name), entryOf(manifest[key], name)];
      const isEdited = yours.length > 0 ? !before.includes(yours[0]!) : before.length > 0;
      const isYours =
        isEdited && yours.length > 0 && made.length > 0 && key === 'devDependencies' && yielding.includes(name);
      return yours[0] === value || isYours ? [] : [{ key, name, value, isEdited }];
    }),
  );
  const stale = Object.entries(manifest.scripts ?? {})
    .filter(([name, command]) => !Object.hasOwn(kept.scripts, name) && madeOf('scripts', name).includes(command))
    .map(([name]) => ({ key: 'scripts', name, value: undefined }));
  const undone = (section: keyof KeptKeys) =>
    wanted.filter(({ key, isEdited }) => key === section && isEdited).map(({ name }) => name);
  return {
    text: [...wanted, ...stale].reduce((text, { key, name, value }) => editMember(text, [key, name], value), current),
    ...explainUndone(undone('scripts'), undone('devDependencies')),
  };
}

function explainUndone(scripts: readonly string[], packages: readonly string[]): Pick<MergedManifest, 'reason'> {
  const are = (names: readonly string[]) => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;
  const reasons = [
    ...(scripts.length > 0
      ? [`its script${scripts.length === 1 ? '' : 's'} ${are(scripts)} the generator's again; name yours otherwise`]
      : []),
    ...(packages.length > 0
      ? [`its version${packages.length === 1 ? '' : 's'} of ${are(packages)} the generator's again`]
      : []),
  ];
  return reasons.length > 0 ? { reason: reasons.join('; ') } : {};
}

/** The value of a key, or nothing: an owner may call a script `constructor`. */
function entryOf(section: Readonly<Record<string, string>> | undefined, name: string): readonly string[] {
  return section && Object.hasOwn(section, name) ? [section[name]!] : [];
}

/** The base's part of package.json: the tool's keys as this run wants them. */
export function formatKept({ scripts, devDependencies }: KeptKeys): string {
  return `${JSON.stringify({ scripts, devDependencies }, undefined, 2)}\n`;
}

/** Keys that earlier runs wanted, by the base's entries for package.json; unreadable entries are skipped. */
export function parseKept(entries: readonly BaseEntry[] = []): PackageManifest[] {
  return entries.flatMap(({ content }) => {
    try {
      return content ? [parseManifest(content.toString('utf8'))] : [];
    } catch {
      return [];
    }
  });
}
