import { baseFile, readBase } from './base';
import { type Change, compareWithTree, type WantedFile } from './changes';
import { changeTree, repairTree } from './writer';

/**
 * Brings a tree that exists up to date, after completing what an earlier run was killed in.
 *
 * @returns what was done with each file
 * @throws the file system's error; then the tree is as it was
 */
export function syncTree(root: string, files: readonly WantedFile[]): Change[] {
  repairTree(root);
  const before = readBase(root);
  const changes = compareWithTree(root, files, before);
  const edited = new Set(changes.filter(({ kind }) => kind === 'edited').map(({ path }) => path));
  const base = baseFile(files, (path) => (edited.has(path) ? before.get(path) : undefined));
  const all = [...changes, ...compareWithTree(root, [base], new Map())];
  changeTree(root, all);
  return all;
}

/** What a sync did, for its owner: a line for each file that was written or needs a hand, then a count. */
export function reportSync(changes: readonly Change[]): { readonly lines: string[]; readonly needsOwner: boolean } {
  const visible = changes.filter(({ path }) => !path.startsWith('.projen/'));
  const paths = (kind: Change['kind']) => visible.filter((change) => change.kind === kind).map(({ path }) => path);
  const [created, updated, deleted, edited] = (['create', 'update', 'delete', 'edited'] as const).map(paths);
  const lines = [
    ...created!.map((path) => `  created  ${path}`),
    ...updated!.map((path) => `  updated  ${path}`),
    ...deleted!.map((path) => `  deleted  ${path}`),
    ...edited!.map((path) => `  edited   ${path}`),
    `${created!.length} created, ${updated!.length} updated, ${deleted!.length} deleted, ${paths('unchanged').length + paths('yours').length} unchanged`,
  ];
  if (edited!.length > 0) {
    const subject =
      edited!.length === 1 ? 'One file was edited by hand' : `${edited!.length} files were edited by hand`;
    lines.push(
      `✗ ${subject} and left as it stands. Undo the edit, or move it to the place that README.md names for it; then run npx projen again.`,
    );
  }
  return { lines, needsOwner: edited!.length > 0 };
}
