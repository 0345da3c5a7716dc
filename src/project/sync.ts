import { ANSWERS_FILE } from '../config/answers-file';
import { AnswersError } from '../config/problem';
import { CHANGE_KINDS, type FileChange, type WantedFile } from './changes';
import type { Explain } from './merge';
import { BASE_FILE, type BaseEntry, formatBase, newEntry, type Origin, parseBase } from './merge-base';
import { warnOfMoved } from './moved-calls';
import { planSync } from './sync-plan';
import { Unwritable } from './unwritable';
import { isInside, lookAt, type Standing } from './working-tree';
import { changeTree, type Repair, repairTree, type Seen, type Write } from './writer';

/** The input of a sync. */
export interface SyncOptions {
  readonly root: string;
  readonly files: readonly WantedFile[];
  readonly origin: Origin;
  /** Says who wanted a change that conflicts with the owner's, given the versions that the files came from. */
  readonly explain: (before: Origin | undefined) => Explain;
  /** Paths of files that their owner made theirs. */
  readonly ejected: readonly string[];
  /** Selects the missing files that git never had, given their paths; `unknown` if git can't tell. Default: none. */
  readonly neverCommitted?: (missing: readonly string[]) => readonly string[] | 'unknown';
  /** Files that are deleted, whatever their content. */
  readonly remove?: readonly string[];
}

/** The changes of a sync, done or not. */
export interface SyncResult {
  readonly changes: readonly FileChange[];
  /** Files with conflicts of an earlier run that nobody has solved; while there are any, nothing else is done. */
  readonly conflicts: readonly string[];
  /** The versions that the files came from before. */
  readonly from?: Origin;
  /** Present if an earlier run was killed: the result of taking it back. */
  readonly repair?: Repair;
  /** Problems that keep the deployment, or something of the owner's, from working; a line each. */
  readonly warnings?: readonly string[];
}

/** Every file of a repository that is not there yet, the base of its next sync included; sorted by path. */
export function newTree({ files, origin }: SyncOptions): WantedFile[] {
  const entries = files
    .filter(({ ownership }) => ownership !== 'internal')
    .map(({ path, content, part, ownership }): [string, BaseEntry] => [
      path,
      newEntry(part ?? content, ownership === 'owned'),
    ]);
  const base: WantedFile = {
    path: BASE_FILE,
    content: Buffer.from(formatBase(origin, new Map(entries))),
    executable: false,
    ownership: 'internal',
  };
  return [...files, base].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Previews a sync. Nothing is written, but an earlier run that was killed is taken back first.
 *
 * @throws AnswersError if the target is another than before; Unwritable, the file system's error
 */
export function previewSync(options: SyncOptions): SyncResult {
  const { root, files, origin, explain, ejected } = options;
  const repair = repairTree(root);
  const current = lookAt(root, BASE_FILE);
  if (current.kind === 'other') {
    throw new Unwritable(`${BASE_FILE} must be a file: ${current.what}; delete that, and bring the file back with git`);
  }
  const before = current.kind === 'file' ? current : undefined;
  const base = parseBase(before?.content.toString('utf8') ?? '');
  const from = base.origin;
  refuseOtherTarget(from, origin.target);
  const { conflicts, changes, entries } = planSync(root, files, base, {
    explain: explain(from),
    ejected: new Set(ejected),
  });
  if (conflicts.length > 0) {
    return { changes, conflicts, from, repair };
  }
  const removed = (options.remove ?? []).flatMap((path) => removal(root, path));
  const warnings = warnOfMoved({ root, changes, wanted: files, ejected });
  return {
    ...(warnings.length > 0 ? { warnings } : {}),
    changes: [
      ...withMissing(changes, options),
      ...removed,
      baseChange(before, formatBase(origin, entries, base.entries)),
    ],
    conflicts,
    from,
    repair,
  };
}

/**
 * Brings a tree that exists up to date.
 *
 * @throws AnswersError if the target is another than before; Unwritable, the file system's error; then the tree is as
 * it was
 */
export function syncTree(options: SyncOptions): SyncResult {
  const result = previewSync(options);
  applyPreview(options.root, result);
  return result;
}

/**
 * Applies a preview, to its tree or to a copy of that.
 *
 * @param basedOn more files that the preview depends on, and that must not have changed
 * @throws Busy, the file system's error; then the tree is as it was
 */
export function applyPreview(root: string, { changes }: SyncResult, basedOn: readonly Seen[] = []): void {
  const writes = changes.filter(({ kind }) => CHANGE_KINDS[kind].writes).map(toWrite);
  const seen = changes.filter(
    ({ kind, before }) => !CHANGE_KINDS[kind].writes && (before || kind === 'gone' || kind === 'missing'),
  );
  changeTree(root, writes, [...seen, ...basedOn]);
}

/**
 * A deployment belongs to the state or the stacks of the target that made it.
 *
 * @throws AnswersError if the target is another
 */
export function refuseOtherTarget(before: Origin | undefined, target: string): void {
  if (before && before.target !== target) {
    throw new AnswersError(ANSWERS_FILE, [
      {
        path: 'target',
        found: target,
        message: `cannot be changed in a repository that deploys with ${before.target}: every resource would be made twice. Emit another repository with these answers and target ${target}, import the deployed resources into it (terraform import, or a change set of type IMPORT), and retire this one`,
      },
    ]);
  }
}

/** A file that git left out of a clone was not deleted by anybody. */
function withMissing(changes: readonly FileChange[], { ejected, neverCommitted }: SyncOptions): FileChange[] {
  const gone = changes.filter(({ kind, path }) => kind === 'gone' && !ejected.includes(path)).map(({ path }) => path);
  const missing = gone.length === 0 ? [] : (neverCommitted?.(gone) ?? []);
  if (missing === 'unknown') {
    const reason =
      'it was deleted, or git left it out: this clone has not the history that tells; git fetch --unshallow gets it';
    return changes.map((change) => (gone.includes(change.path) ? { ...change, reason } : change));
  }
  return changes.map((change) =>
    missing.includes(change.path)
      ? { ...change, kind: 'missing', reason: 'no commit has it: git left it out' }
      : change,
  );
}

function removal(root: string, path: string): FileChange[] {
  const standing = isInside(path) ? lookAt(root, path) : undefined;
  return standing?.kind === 'file' ? [{ path, kind: 'delete', before: standing.content, internal: true }] : [];
}

function baseChange(current: Extract<Standing, { kind: 'file' }> | undefined, text: string): FileChange {
  const { content: before, mode } = current ?? {};
  const content = Buffer.from(text);
  const here = { path: BASE_FILE, internal: true, before, mode };
  return before?.equals(content)
    ? { ...here, kind: 'unchanged' }
    : { ...here, kind: before ? 'update' : 'create', content };
}

function toWrite({ path, before, content, mode, executable }: FileChange): Write {
  return { path, before, content, mode, executable };
}

/** Whether a report is about a sync that was done, or about one that would be. */
export type Tense = 'did' | 'would';

const WORDS: readonly ({ readonly kind: FileChange['kind'] } & Readonly<Record<Tense, string>>)[] = [
  { kind: 'create', did: 'created', would: 'create' },
  { kind: 'update', did: 'updated', would: 'update' },
  { kind: 'merge', did: 'merged', would: 'merge' },
  { kind: 'delete', did: 'deleted', would: 'delete' },
  { kind: 'kept', did: 'kept', would: 'keep' },
  { kind: 'gone', did: 'gone', would: 'gone' },
  { kind: 'missing', did: 'missing', would: 'missing' },
  { kind: 'edited', did: 'left', would: 'leave' },
  { kind: 'conflict', did: 'conflict', would: 'conflict' },
];

/** The past tense of a kind of change, in a word. */
export function wordFor(kind: FileChange['kind']): string {
  return WORDS.find((entry) => entry.kind === kind)?.did ?? kind;
}

/** Whether something must be decided by the repository's owner. */
export function needsOwner({ changes, conflicts }: SyncResult): boolean {
  return conflicts.length > 0 || changes.some(({ kind }) => CHANGE_KINDS[kind].needsOwner);
}

/** Whether the owner sees a change: the tool's own books only if something else is in their place. */
export function isShown({ internal, kind }: FileChange): boolean {
  return !internal || CHANGE_KINDS[kind].needsOwner;
}

/** Whether a sync writes anything. */
export function changesAnything({ changes }: SyncResult): boolean {
  return changes.some(({ kind }) => CHANGE_KINDS[kind].writes);
}

/** Report of a sync for the owner: a line for each file that is written or needs a hand, then a count. */
export function reportSync(result: SyncResult, tense: Tense = 'did'): string[] {
  return [...reportRepair(result.repair), ...reportChanges(result, tense), ...reportWarnings(result)];
}

/** Warnings of a sync, for the repository's owner. */
export function reportWarnings({ warnings = [] }: SyncResult): string[] {
  return warnings.map((warning) => `! ${warning}`);
}

/** Report for the owner of a killed run that was taken back; empty if there was none. */
export function reportRepair(repair: Repair | undefined): string[] {
  if (!repair) return [];
  const left = repair.left.map((path) => `  left     ${path}: it was changed since`);
  return ['An earlier run was interrupted; its changes were taken back.', ...left];
}

function reportChanges(result: SyncResult, tense: Tense): string[] {
  if (result.conflicts.length > 0) {
    return [
      `✗ ${countFiles(result.conflicts.length)} with conflicts that are not solved yet; nothing was changed`,
      ...result.conflicts.map((path) => `  ${path}`),
      'Keep what is right between <<<<<<< and >>>>>>>, delete these marks, and run npx projen again. To take what is generated',
      'instead, name all of these files: npx create-quilt-mcp-deploy sync --restore FILE --restore FILE …',
    ];
  }
  const visible = result.changes.filter(isShown);
  const of = (kind: FileChange['kind']) => visible.filter((change) => change.kind === kind);
  const count = (...kinds: FileChange['kind'][]) => kinds.reduce((sum, kind) => sum + of(kind).length, 0);
  const verb = (kind: FileChange['kind']) => WORDS.find((entry) => entry.kind === kind)![tense];
  const lines = WORDS.flatMap(({ kind, [tense]: word }) =>
    of(kind).map(
      ({ path, movedFrom, reason }) =>
        `  ${word.padEnd(8)} ${path}${movedFrom ? ` (moved from ${movedFrom})` : ''}${reason ? `: ${reason}` : ''}`,
    ),
  );
  // A preview does not fail because a sync would leave something.
  const mark = tense === 'did' ? '✗' : '!';
  const summary = [
    ...(['create', 'update', 'delete'] as const).map((kind) => `${count(kind)} ${verb(kind)}`),
    ...(count('merge') > 0 ? [`${count('merge')} ${verb('merge')} with your edits`] : []),
    `${count('unchanged', 'yours', 'gone', 'kept')} unchanged`,
  ].join(', ');
  const hands = [
    ...(count('missing') > 0
      ? [
          `${mark} ${countFiles(count('missing'))} missing here. To generate a file again: npx create-quilt-mcp-deploy sync --restore FILE, then git add --force FILE. To do without it for good: npx create-quilt-mcp-deploy eject FILE`,
        ]
      : []),
    ...(count('conflict') > 0
      ? [
          `${mark} ${countFiles(count('conflict'))} with conflicts: keep what is right between <<<<<<< and >>>>>>>, delete these marks, and run npx projen again`,
        ]
      : []),
    ...(count('edited') > 0
      ? [
          `${mark} ${countFiles(count('edited'))} left as you made ${count('edited') === 1 ? 'it' : 'them'}. Do what the list says, or make a file yours: npx create-quilt-mcp-deploy eject FILE`,
        ]
      : []),
  ];
  return [...lines, summary, ...hands];
}

function countFiles(count: number): string {
  return count === 1 ? 'one file' : `${count} files`;
}
