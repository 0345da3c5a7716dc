import type { FileChange, WantedFile } from './changes';
import { type FoundFile, isRewritten, isUnedited } from './found-files';
import { type Explain, mergeTexts } from './merge';
import { type BaseEntry, newEntry, sha256 } from './merge-base';
import { movedTo } from './moved-programs';
import { type OwnersText, readText } from './owners-text';
import { hasPins, withLaterPins } from './pins';
import type { Standing } from './working-tree';

/** One file's part of a plan: the next sync compares it with `entry`, and forgets the file if there is none. */
export interface Decision {
  readonly change: FileChange;
  readonly entry?: BaseEntry;
}

/** Decides about a file that is generated. */
export function decideWanted(file: WantedFile, place: FoundFile, explain: Explain): Decision {
  return hasPins(file.path) ? decideBesidePins(file, place, explain) : decideFile(file, place, explain);
}

/**
 * Decides as if the owner's later pins had always been generated. The base keeps the generated text, and a later pin
 * leaves nothing for a sync to write.
 */
function decideBesidePins(file: WantedFile, place: FoundFile, explain: Explain): Decision {
  const { standing, before } = place;
  const yours = standing.kind === 'file' ? readText(standing.content)?.text : undefined;
  if (yours === undefined) {
    return decideFile(file, place, explain);
  }
  const moved = (content: Buffer) => Buffer.from(withLaterPins(content.toString('utf8'), yours));
  const movedBefore = before?.content && { ...before, ...newEntry(moved(before.content), false) };
  const { change, entry } = decideFile(
    { ...file, content: moved(file.content) },
    { ...place, before: movedBefore ?? before },
    explain,
  );
  const generated = [file.content, before?.content].find((one) => one && sha256(moved(one)) === entry?.hash);
  return { change, entry: entry && generated ? { ...entry, ...newEntry(generated, entry.owned) } : entry };
}

/** The input of a decision about one file. */
interface Situation {
  readonly file: WantedFile;
  readonly place: FoundFile;
  /** A change of the file, but for its kind. */
  readonly here: Omit<FileChange, 'kind'>;
  /** Base entry for the next sync, if the file becomes the generated one. */
  readonly next?: BaseEntry;
  /** Whether the generated content differs from the content generated before. */
  readonly isNews: boolean;
  /** Whether the file is its owner's, and stays so. */
  readonly isOwners: boolean;
}

function decideFile(file: WantedFile, place: FoundFile, explain: Explain): Decision {
  const { standing } = place;
  const situation = situationOf(file, place);
  switch (standing.kind) {
    case 'absent':
      return decideAbsent(situation);
    case 'other':
      return decideOther(situation, standing.what);
    case 'file': {
      const texts = textsOf(situation, standing, explain);
      return STANDING.find(({ when }) => when(texts))!.decide(texts);
    }
  }
}

function situationOf(file: WantedFile, place: FoundFile): Situation {
  const { content, ownership, executable, forced, part } = file;
  const { path, standing, before } = place;
  const internal = ownership === 'internal';
  const owned = ownership === 'owned';
  const moved = path !== file.path;
  return {
    file,
    place,
    here: {
      path,
      executable,
      ...(moved ? { movedFrom: file.path } : {}),
      ...(standing.kind === 'file' ? { before: standing.content, mode: standing.mode } : {}),
      ...(internal ? { internal } : {}),
      ...(ownership === 'shared' ? { shared: true } : {}),
      ...(owned ? { owned } : {}),
    },
    next: internal ? undefined : { ...newEntry(part ?? content, owned), ...(moved ? { movedTo: path } : {}) },
    isNews: before?.hash !== sha256(content),
    isOwners: owned && !forced,
  };
}

/** The file stays as it stands, and its owner is told why. */
function leave({ file, place: { path, before }, here }: Situation, reason: string): Decision {
  const movedTo = path === file.path ? undefined : path;
  return { change: { ...here, kind: 'edited', reason }, entry: before && { ...before, movedTo } };
}

/** Its owner's version stands. */
function keep({ here, next }: Situation): Decision {
  return { change: { ...here, kind: 'yours' }, entry: next };
}

/** An owner's file is compared with the content that was generated when it became theirs. */
function ownersEntry({ place: { before }, next }: Situation): BaseEntry | undefined {
  return before?.owned ? before : next;
}

function decideAbsent({ file, place, here, next, isNews }: Situation): Decision {
  const { before } = place;
  if (before === undefined || file.forced) {
    return { change: { ...here, kind: 'create', content: file.content }, entry: next };
  }
  // The entry stays as it was: the content generated now may resemble an unrelated file.
  const entry = file.ownership === 'owned' ? before : { ...before, movedTo: undefined };
  return { change: { ...here, kind: 'gone', ...explainGone(place, isNews) }, entry };
}

/** @param what description of the thing that stands in the place of a file */
function decideOther(situation: Situation, what: string): Decision {
  const { file, isNews, isOwners } = situation;
  if (isOwners) return { ...keep(situation), entry: ownersEntry(situation) };
  if (!isNews && file.ownership === 'merged' && !file.forced) return keep(situation);
  const remedy = isRewritten(file.ownership) ? ': put a plain file there' : '';
  return leave(situation, `${what}, and that is never written to${remedy}`);
}

/** The same for a file that stands there. */
interface Texts extends Situation {
  readonly standing: Buffer;
  /** The three states as text; undefined for one that is none. */
  readonly yours?: OwnersText;
  readonly before?: string;
  readonly now?: string;
  /** The generated content, with the owner's part that no sync compares. */
  readonly content: Buffer;
  readonly explain: Explain;
}

function textsOf(situation: Situation, standing: Extract<Standing, { kind: 'file' }>, explain: Explain): Texts {
  const { file, place } = situation;
  const yours = readText(standing.content);
  const before = place.before?.content && readText(place.before.content)?.text;
  const now = readText(file.content)?.text;
  const content = yours && now !== undefined && file.ownership !== 'shared' ? yours.rewrite(now) : file.content;
  return { ...situation, standing: standing.content, yours, before, now, content, explain };
}

/** Decisions about a file that exists: the first row that applies. */
const STANDING: readonly { readonly when: (it: Texts) => boolean; readonly decide: (it: Texts) => Decision }[] = [
  {
    when: ({ isOwners }) => isOwners,
    decide: (it) => ({ ...keep(it), entry: ownersEntry(it) }),
  },
  {
    when: ({ content, standing }) => content.equals(standing),
    decide: ({ here, file, place, next }) => ({
      change: { ...here, kind: 'unchanged' },
      entry: file.ownership === 'owned' ? (place.before ?? next) : next,
    }),
  },
  {
    when: ({ file }) => file.ownership === 'shared',
    decide: ({ here, content, next, file: { reason } }) => ({
      change: { ...here, kind: 'update', content, ...(reason === undefined ? {} : { reason }) },
      entry: next,
    }),
  },
  {
    when: ({ file, place: { before }, standing }) =>
      file.forced || file.ownership === 'internal' || (before !== undefined && isUnedited(standing, before)),
    decide: (it) => ({
      change: { ...it.here, kind: 'update', content: it.content },
      entry: it.file.ownership === 'owned' ? ownersEntry(it) : it.next,
    }),
  },
  {
    when: ({ place }) => place.before === undefined,
    decide: (it) =>
      leave(
        it,
        'it was there before, or .projen/base was lost: bring that back with git, make this file yours, or delete it',
      ),
  },
  {
    when: ({ file }) => file.ownership === 'managed',
    decide: (it) => leave(it, it.file.instead ?? 'undo the edit, or make the file yours'),
  },
  { when: ({ isNews }) => !isNews, decide: keep },
  {
    when: ({ yours }) => yours === undefined,
    decide: (it) => leave(it, 'it is not UTF-8, and never merged'),
  },
  {
    when: ({ before, now }) => before === undefined || now === undefined,
    decide: (it) =>
      leave(
        it,
        'the content generated before cannot be read: bring .projen/base back with git, or make this file yours',
      ),
  },
  { when: () => true, decide: merge },
];

/** Merges the owner's edits and the new version; all three states are texts. */
function merge(it: Texts): Decision {
  const { here, next, place, standing, explain } = it;
  const { text, conflicts } = mergeTexts(place.path, it.before!, it.yours!.text, it.now!, explain);
  const content = it.yours!.rewrite(text);
  return content.equals(standing)
    ? keep(it)
    : { change: { ...here, kind: conflicts > 0 ? 'conflict' : 'merge', content }, entry: next };
}

/** The owner's text below the line. */
function belowIn(content: Buffer | undefined): string | undefined {
  return content && readText(content)?.below;
}

function explainGone({ candidates }: FoundFile, news: boolean): { readonly reason?: string } {
  if (candidates.length > 0) {
    return { reason: `you deleted it, or moved it, and it is not clear where to: ${candidates.join(', ')}` };
  }
  return { reason: news ? 'you deleted it; its new version is skipped' : 'you deleted it' };
}

/** A file that is generated no longer goes, unless its owner made it their own. */
export function decideObsolete(name: string, { path, standing, before }: FoundFile): Decision | undefined {
  if (before === undefined || before.owned || standing.kind === 'absent') {
    return undefined;
  }
  const here = { path, ...(path === name ? {} : { movedFrom: name }) };
  const leave = (what: string): Decision => ({
    change: { ...here, kind: 'edited', reason: `it is no longer generated, and ${what}: delete it, or make it yours` },
    entry: before,
  });
  if (standing.kind === 'other') {
    return leave(standing.what);
  }
  if (isUnedited(standing.content, before) && belowIn(standing.content) === belowIn(before.content)) {
    return { change: { ...here, before: standing.content, kind: 'delete' } };
  }
  const instead = movedTo(name);
  if (instead === undefined) return leave('you edited it');
  const reason = `you edited it, so it is yours now, and nothing that is generated runs it any more. Instead: ${instead}`;
  return { change: { ...here, before: standing.content, kind: 'kept', reason } };
}
