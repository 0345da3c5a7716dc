import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { WantedFile } from '../../src/project/changes';
import { BASE_FILE } from '../../src/project/merge-base';
import { needsOwner, syncTree } from '../../src/project/sync';
import { solve } from './conflicts';
import { applyEdit, EDITS, type Edit } from './edits';
import { checkIdle, checkSync, type Known } from './invariants';
import {
  GENERATIONS,
  MORE_ENVIRONMENTS,
  OPTIONS,
  type Option,
  render,
  type Setting,
  syncOptions,
  type Target,
} from './renderings';
import { readTree } from './tree';

/** Files that a sequence looks at, by what they are rather than for which environment. */
const SAMPLE = 6;

/** What happens between two syncs. */
interface Step {
  readonly edits: readonly Edit[];
  readonly change: { readonly kind: 'upgrade' | 'option' | 'environment' | 'none'; readonly at: number };
  /** How its owner solves conflicts; `later` leaves them for a sync, with news again, and then takes their own. */
  readonly solve: 'mine' | 'generated' | 'both' | 'later';
  /** Lines of the base that are lost before. */
  readonly lost: 'none' | 'some' | 'all';
}

interface Sequence {
  /** Chooses the sample. */
  readonly salt: number;
  readonly generation: number;
  readonly options: readonly Option[];
  readonly steps: readonly Step[];
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.oneof(
    ...Object.entries(EDITS).map(([kind, { weight }]) => ({ weight, arbitrary: fc.constant(kind as Edit['kind']) })),
  ),
  file: fc.nat(99),
  at: fc.nat(9999),
});

const step: fc.Arbitrary<Step> = fc.record({
  edits: fc.array(edit, { maxLength: 4 }),
  change: fc.record({
    kind: fc.constantFrom('upgrade', 'upgrade', 'upgrade', 'option', 'option', 'environment', 'none'),
    at: fc.nat(99),
  }),
  solve: fc.constantFrom('mine', 'generated', 'both', 'later'),
  lost: fc.oneof(
    { weight: 40, arbitrary: fc.constant('none' as const) },
    { weight: 2, arbitrary: fc.constant('some' as const) },
    { weight: 1, arbitrary: fc.constant('all' as const) },
  ),
});

const sequence: fc.Arbitrary<Sequence> = fc.record({
  salt: fc.nat(),
  generation: fc.nat(GENERATIONS.length - 1),
  options: fc.subarray(Object.keys(OPTIONS) as Option[], { maxLength: 2 }),
  steps: fc.array(step, { minLength: 5, maxLength: 7 }),
});

/** Rejects if a random sequence of edits and upgrades of a target's repository lost, overwrote or broke anything. */
export async function checkSequences(target: Target, options: Pick<fc.Parameters, 'numRuns' | 'seed'>): Promise<void> {
  await fc.assert(
    fc.asyncProperty(sequence, (given) => runSequence(target, given)),
    options,
  );
}

async function runSequence(target: Target, { salt, generation, options, steps }: Sequence): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'regeneration-'));
  const root = join(parent, 'repository');
  const outside = join(parent, 'outside');
  try {
    mkdirSync(root);
    writeFileSync(outside, 'outside');
    const known: Known = new Map();
    let setting: Setting = { target, generation: GENERATIONS[generation]!, environments: ['production'], options };
    await sync(root, sample(setting, salt), setting, known);
    for (const [index, { edits, change, solve: way, lost }] of steps.entries()) {
      const files = sample(setting, salt);
      const places = placesOf(root, files);
      for (const [number, edit] of edits.entries()) {
        const file = edit.file % files.length;
        const others = othersOf(setting.target, files[file]!);
        applyEdit(root, places[file]!, edit, { token: `edit${index}x${number}`, outside, others });
      }
      loseBase(root, lost, known);
      setting = move(setting, change);
      const conflicts = await sync(root, sample(setting, salt), setting, known);
      if (conflicts.length === 0) continue;
      if (way === 'later') {
        const next = move(setting, { kind: 'upgrade', at: index });
        leaveConflicts(root, sample(next, salt), next, conflicts);
      }
      for (const path of conflicts) {
        const file = join(root, path);
        writeFileSync(file, solve(readFileSync(file, 'utf8'), way === 'later' ? 'mine' : way));
      }
      expect(await sync(root, sample(setting, salt), setting, known)).toEqual([]);
    }
    expect(readFileSync(outside, 'utf8')).toBe('outside');
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** Syncs, checks what that did, and that another sync does nothing; returns the paths of conflicts. */
async function sync(root: string, files: readonly WantedFile[], setting: Setting, known: Known): Promise<string[]> {
  const options = syncOptions(root, setting, files);
  const before = readTree(root);
  const result = syncTree(options);
  const after = readTree(root);
  expect(result.conflicts).toEqual([]);
  await checkSync({ before, after, result, files }, known);
  const conflicts = result.changes.filter(({ kind }) => kind === 'conflict').map(({ path }) => path);
  expect(needsOwner(result)).toBe(result.changes.some(({ kind }) => kind === 'conflict' || kind === 'edited'));
  const again = syncTree(options);
  expect(again.conflicts).toEqual([...conflicts].sort());
  checkIdle(after, readTree(root), again);
  return conflicts;
}

/** While there are marks of a conflict, a sync with news names the files and does nothing. */
function leaveConflicts(
  root: string,
  files: readonly WantedFile[],
  setting: Setting,
  conflicts: readonly string[],
): void {
  const before = readTree(root);
  const result = syncTree(syncOptions(root, setting, files));
  expect(result.conflicts).toEqual([...conflicts].sort());
  expect(needsOwner(result)).toBe(true);
  checkIdle(before, readTree(root), result);
}

function move(setting: Setting, { kind, at }: Step['change']): Setting {
  const { generation, environments, options } = setting;
  switch (kind) {
    case 'upgrade': {
      const place = GENERATIONS.indexOf(generation) + 1 + (at % 2);
      return { ...setting, generation: GENERATIONS[place % GENERATIONS.length]! };
    }
    case 'option':
      return { ...setting, options: toggle(Object.keys(OPTIONS) as Option[], options, at) };
    case 'environment':
      return { ...setting, environments: toggle(MORE_ENVIRONMENTS, environments, at) };
    case 'none':
      return setting;
  }
}

function toggle<T>(all: readonly T[], chosen: readonly T[], at: number): T[] {
  const one = all[at % all.length]!;
  return all.filter((other) => (other === one ? !chosen.includes(one) : chosen.includes(other)));
}

/** Some files of a repository: the same ones for every environment, and whatever else changes. */
function sample(setting: Setting, salt: number): WantedFile[] {
  const families = familiesOf(setting.target);
  const chosen = new Set(
    Array.from({ length: SAMPLE }, (_, index) => families[(salt + index * (1 + (salt % 7))) % families.length]),
  );
  return render(setting).filter(({ path }) => chosen.has(familyOf(path)));
}

const families = new Map<Target, string[]>();

function familiesOf(target: Target): string[] {
  const known = families.get(target);
  if (known) {
    return known;
  }
  const settings: Setting[] = GENERATIONS.flatMap((generation) =>
    [[], ['shared'] as const].map((options) => ({ target, generation, environments: MORE_ENVIRONMENTS, options })),
  );
  const all = [...new Set(settings.flatMap((setting) => render(setting).map(({ path }) => familyOf(path))))].sort();
  families.set(target, all);
  return all;
}

function familyOf(path: string): string {
  return path.replace(/\b(dev|staging|production|shared)\b/g, '*');
}

/** What generations have at the path of a file, where it is not the same; without options, for these are many. */
function othersOf(target: Target, { path, content }: WantedFile): string[] {
  const texts = GENERATIONS.map((generation) =>
    render({ target, generation, environments: MORE_ENVIRONMENTS, options: [] })
      .find((file) => file.path === path)
      ?.content.toString('latin1'),
  );
  return [...new Set(texts)].filter((text) => text !== undefined && text !== content.toString('latin1')) as string[];
}

/** Where generated files are, as the base has it. */
function placesOf(root: string, files: readonly WantedFile[]): string[] {
  const base = readFileSync(join(root, BASE_FILE), 'utf8');
  const moved = new Map(
    base.split('\n').flatMap((line): [string, string][] => {
      const [path, , , place] = line.split('\t');
      return place ? [[path!, place]] : [];
    }),
  );
  return files.map(({ path }) => moved.get(path) ?? path);
}

function loseBase(root: string, lost: Step['lost'], known: Known): void {
  if (lost === 'none') return;
  const file = join(root, BASE_FILE);
  const lines = readFileSync(file, 'utf8').split('\n');
  const kept = lost === 'all' ? [] : lines.filter((_, index) => index % 3 > 0);
  const paths = new Set(kept.map((line) => line.split('\t')[0]));
  for (const path of known.keys()) if (!paths.has(path)) known.delete(path);
  mkdirSync(dirname(file), { recursive: true });
  if (lost === 'all') rmSync(file);
  else writeFileSync(file, kept.join('\n'));
}
